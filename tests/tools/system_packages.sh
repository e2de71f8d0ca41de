#!/bin/sh
# The tests need a browser, npm for the pages' checks, a C compiler for one package that comes as source, and a
# certificate authority to order from.
# Root gets what is missing installed; anybody else is told the line that does it.
set -eu

python=${PYTHON:-python3}
missing=""
want() { command -v "$1" >/dev/null || missing="$missing $2"; }

want chromium "chromium fonts-liberation"
want npm "nodejs npm"
want cc build-essential
want pebble pebble
"$python" -c 'import os, sysconfig, sys; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
    missing="$missing python3-dev"

[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "The tests need packages of the operating system, and only root may install them:"
    echo "    sudo apt-get install -y$missing"
    exit 1
fi
echo "Installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  the list is meant to fall apart into words
apt-get install -y -qq $missing >/dev/null
