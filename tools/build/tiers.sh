#!/usr/bin/env bash
# Installs, where they are missing, the programs that optional tests look for (tools/check/tiers.py). On Debian and its
# kin, as root; elsewhere it says what to install and fails.
set -euo pipefail

missing=()
need() { # need PACKAGE COMMAND…: any one of the commands is enough
  local package=$1 command
  shift
  for command in "$@"; do
    if command -v "$command" >/dev/null 2>&1; then return; fi
  done
  missing+=("$package")
}
need redis-server redis-server valkey-server
need default-jdk-headless java
need npm npm
need chromium chromium
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

if ! command -v apt-get >/dev/null 2>&1; then
  echo "Some tests need programs that are not here; Debian calls them: ${missing[*]}." >&2
  echo "Install them with your package manager (macOS: brew install redis openjdk node, and brew install --cask chromium)," >&2
  echo "or go without: make test skips those tests and says so." >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "Some tests need programs that are not here; install them with: sudo apt-get install ${missing[*]}" >&2
  echo "or go without: make test skips those tests and says so." >&2
  exit 1
fi

echo "Installing ${missing[*]} …"
log=$(mktemp)
install() { # without questions, and without starting what is a service
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install --yes --no-install-recommends "${missing[@]}"
}
if ! { { install || { apt-get update && install; }; } >"$log" 2>&1 </dev/null; }; then
  tail -n 20 "$log" >&2
  echo "apt-get could not install ${missing[*]}; all it said is in $log." >&2
  exit 1
fi
rm -f "$log"
