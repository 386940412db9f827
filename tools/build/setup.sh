#!/usr/bin/env bash
# Creates a virtual environment from a lock file. Usage: tools/build/setup.sh VENV LOCK
# pip alone is enough; uv is used when it is there because it is faster. What they say goes into a log file: a person
# sees one line, which moves on a terminal, and the end of the log when something fails.
set -euo pipefail
venv=$1 lock=$2
log=.cache/setup/$(basename "$venv").log

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

is_promised() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }

# What is asked for, else the first that is promised to work, else what is at least new enough.
python=
for is_fit in is_new_enough:"${PYTHON:-}" is_promised:python3 is_promised:python3.13 is_promised:python3.12 \
  is_promised:python3.11 is_new_enough:python3 is_new_enough:python3.14; do
  candidate=${is_fit#*:}
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 && "${is_fit%%:*}" "$candidate"; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "Tradewind needs Python 3.11 or later; found: $(python3 --version 2>&1 || echo none)." >&2
  echo "Install one (https://www.python.org/downloads, or your system's package manager)," >&2
  echo "or name one that is there: make setup PYTHON=/path/to/python3.12" >&2
  exit 1
fi

mkdir -p "$(dirname "$log")"
: >"$log"
count=$(grep -c '==' "$lock")
title="Installing $count packages from $lock into $venv"

# The line so far; on a terminal the next one takes its place.
show() { if [ -t 1 ]; then printf '\r\033[K%s … %s' "$title" "$1"; fi; }

stopped() {
  echo >&2
  echo "Stopped. The same command installs what is missing." >&2
  exit 130
}
trap stopped INT TERM

failed() {
  if [ -t 1 ]; then echo; fi
  echo "$1 The end of $log:" >&2
  tail -n 15 "$log" | sed 's/^/  /' >&2
  echo "$2 Then give the same command again." >&2
  exit 1
}

# Keeps what comes in the log and counts the packages in it.
follow() {
  local line seen=0
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    case $line in
      Collecting\ * | Processing\ * | "Requirement already satisfied"*)
        seen=$((seen + 1))
        show "$seen of $count"
        ;;
      "Installing collected packages"*) show "unpacking" ;;
    esac
  done
}

if ! { [ -x "$venv/bin/python" ] && is_new_enough "$venv/bin/python"; }; then
  if ! "$python" -m venv --clear "$venv" >>"$log" 2>&1; then
    failed "Python's venv module did not work." "On Debian and Ubuntu: apt install python3-venv."
  fi
fi

SECONDS=0
if [ -t 1 ]; then show "starting"; else echo "$title …"; fi
export PYTHONUNBUFFERED=1
with_uv() {
  command -v uv >/dev/null 2>&1 &&
    uv pip sync --python "$venv/bin/python" --require-hashes --compile-bytecode "$lock" 2>&1 | follow
}
# The lock is the whole resolution, so pip has nothing to resolve; `pip check` confirms that nothing is missing.
with_pip() {
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-deps --require-hashes -r "$lock" 2>&1 | follow
}
if ! with_uv && ! with_pip; then
  failed "The packages could not be installed." \
    "Is the network there? Behind a proxy set HTTPS_PROXY, for a mirror PIP_INDEX_URL."
fi
if ! "$venv/bin/python" -m pip check --disable-pip-version-check >>"$log" 2>&1; then
  failed "The installed packages do not fit together." "Make the environment anew: rm -rf $venv."
fi
if [ -t 1 ]; then printf '\r\033[K'; fi
echo "Installed $count packages into $venv in $SECONDS s (log: $log)."
