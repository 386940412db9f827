#!/usr/bin/env bash
# Creates a virtual environment from a lock file. Usage: tools/build/setup.sh VENV LOCK
# pip alone is enough; uv is used when it is there because it is faster.
set -euo pipefail
venv=$1 lock=$2

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

python=
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do # what is promised first
  if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
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

if ! { [ -x "$venv/bin/python" ] && is_new_enough "$venv/bin/python"; }; then
  echo "Creating $venv with $("$python" --version) …"
  if ! "$python" -m venv --clear "$venv"; then
    echo "Python's venv module did not work; on Debian and Ubuntu: apt install python3-venv" >&2
    exit 1
  fi
fi

echo "Installing $(grep -c '==' "$lock") pinned packages from $lock into $venv …"
if command -v uv >/dev/null 2>&1 &&
  uv pip sync --python "$venv/bin/python" --require-hashes --compile-bytecode "$lock"; then
  exit 0
fi
# The lock is the whole resolution, so pip has nothing to resolve; `pip check` confirms that nothing is missing.
"$venv/bin/python" -m pip install --disable-pip-version-check --no-deps --require-hashes -r "$lock"
"$venv/bin/python" -m pip check --disable-pip-version-check
