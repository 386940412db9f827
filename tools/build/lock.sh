#!/usr/bin/env bash
# Resolves pyproject.toml into the lock files. The locks hold for every platform and Python ≥ 3.11 and name no package
# index, so that whatever index a machine is configured with can serve them. Usage: tools/build/lock.sh [uv options, such as --upgrade]
set -euo pipefail
cd "$(dirname "$0")/../.."

lock() { # lock FILE ARGUMENTS…: keeps the pins of FILE unless told to upgrade
  local file=$1
  shift
  UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --output-file "$file" "$@"
}

lock requirements/dev.txt pyproject.toml --group dev "$@"
# The local stack runs functions on the development environment, so the layer ships exactly its versions (the emulator
# pins botocore; that pin therefore holds for the layer too).
lock layers/dependencies/requirements.txt pyproject.toml --constraint requirements/dev.txt "$@"
lock tools/measure/bench/floor/requirements.txt --group pyproject.toml:floor --constraint requirements/dev.txt "$@"
lock requirements/sam.txt --group pyproject.toml:sam "$@"
