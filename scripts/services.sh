#!/usr/bin/env bash
# Makes sure that there are PostgreSQL, Redis and nginx for the tests of several workers: those that
# are here, else the distribution's own packages where we may install them. Nothing of them is
# started or set up: the tests run servers of their own. Fails, saying so, where one is missing.
set -euo pipefail

has_postgres() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null
}
has_redis() { command -v redis-server >/dev/null; }
has_nginx() { command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; }

missing() {
    has_postgres || echo postgresql
    has_redis || echo redis-server
    has_nginx || echo nginx-light
}

wanted=$(missing)
[ -z "$wanted" ] && exit 0

if command -v apt-get >/dev/null; then
    if [ "$(id -u)" -eq 0 ]; then
        as_root=(env)
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n env)
    fi
    if [ -n "${as_root:-}" ]; then
        # Packages start what they bring, on ports that may be somebody's: here they must not.
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
            "${as_root[@]}" chmod +x "$policy"
            trap '"${as_root[@]}" rm -f "$policy"' EXIT
        fi
        echo "Installing with apt-get: ${wanted//$'\n'/ }"
        "${as_root[@]}" apt-get update -q
        # shellcheck disable=SC2086
        "${as_root[@]}" DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends $wanted
    fi
fi

wanted=$(missing)
[ -z "$wanted" ] && exit 0
echo "The tests of several workers need ${wanted//$'\n'/, }: install them and run this again." >&2
exit 1
