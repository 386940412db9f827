#!/usr/bin/env bash
# Resolves pyproject.toml and layers/*/requirements.in into the lock files. The locks hold for every platform and
# Python ≥ 3.11 and name no package index, so that whatever index a machine is configured with can serve them.
# Usage: tools/build/lock.sh [uv options, such as --upgrade]
set -euo pipefail
cd "$(dirname "$0")/../.."

lock() { # lock FILE ARGUMENTS…: keeps the pins of FILE unless told to upgrade
  local file=$1
  shift
  UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --output-file "$file" "$@"
}

lock requirements/dev.txt layers/*/requirements.in --group pyproject.toml:dev "$@"
# The local stack runs functions on the development environment, so the layers ship exactly its versions (the emulator
# pins botocore; that pin therefore holds for the layers too).
lock layers/core/requirements.txt layers/core/requirements.in --constraint requirements/dev.txt "$@"
# The other layers lie on top of core: what is in there is not in them again.
in_core=$(sed -nE 's/^([a-z0-9][a-z0-9-]*)==.*/--no-emit-package=\1/p' layers/core/requirements.txt)
for folder in layers/*/; do
  [ "$folder" = layers/core/ ] && continue
  # shellcheck disable=SC2086  # one option a package
  lock "${folder}requirements.txt" "${folder}requirements.in" $in_core --constraint requirements/dev.txt "$@"
done
lock tools/measure/bench/floor/requirements.txt --group pyproject.toml:floor --constraint requirements/dev.txt "$@"
lock requirements/sam.txt --group pyproject.toml:sam "$@"
