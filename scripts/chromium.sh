#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests: the one on PATH, else the
# distribution's own package where we may install one. Fails, saying so, where there is none.
# Its headless shell costs most tests half as much, so where there is a package it is taken, too.
set -euo pipefail

SHELL_PACKAGE=chromium-headless-shell

have() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

have && command -v "$SHELL_PACKAGE" >/dev/null && exit 0

as_root=()
if command -v apt-get >/dev/null; then
    if [ "$(id -u)" -eq 0 ]; then
        as_root=(env)
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n env)
    fi
fi

install() {
    echo "Installing $1 for the browser tests with apt-get"
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "$1"
}

if [ "${#as_root[@]}" -gt 0 ]; then
    if ! have; then
        "${as_root[@]}" apt-get update -q
        install chromium
    fi
    if apt-cache show "$SHELL_PACKAGE" >/dev/null 2>&1; then
        install "$SHELL_PACKAGE" || echo "The tests go on without it." >&2
    fi
fi

have && exit 0
echo "The browser tests need Chromium or Chrome on PATH: install one and run this again." >&2
exit 1
