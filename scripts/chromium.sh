#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests: the one on PATH, else the
# distribution's own package where we may install one. Fails, saying so, where there is none.
set -euo pipefail

have() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

have && exit 0

if command -v apt-get >/dev/null; then
    if [ "$(id -u)" -eq 0 ]; then
        as_root=(env)
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n env)
    fi
    if [ -n "${as_root:-}" ]; then
        echo "No Chromium here: installing it with apt-get"
        "${as_root[@]}" apt-get update -q
        "${as_root[@]}" DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends chromium
    fi
fi

have && exit 0
echo "The browser tests need Chromium or Chrome on PATH: install one and run this again." >&2
exit 1
