#!/bin/sh
# Find (or on Debian as root: install) a Python new enough, then let tools/setup.py do the rest.
set -eu
cd "$(dirname "$0")/.."

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

if ! python=$(find_python); then
    line="apt-get update && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get -qq update || true
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
            python3 python3-venv ca-certificates >/dev/null
        python=$(find_python) || { echo "CRM Desktop needs Python 3.11 or newer." >&2; exit 1; }
    else
        echo "CRM Desktop needs Python 3.11 or newer. On Debian or Ubuntu please run:" >&2
        echo "sudo sh -c '$line'" >&2
        exit 1
    fi
fi
exec "$python" tools/setup.py
