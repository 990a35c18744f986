#!/usr/bin/env bash
# The house brought up to date, with a backup before it: `make upgrade`, or, where systemd runs it,
# `sudo make upgrade`. Ends with how to go back.
#
# Programs, libraries and data are handled as the checkout's owner, services as whoever runs this.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

WAIT=${UPGRADE_WAIT:-120} # seconds that a worker may take to be ready

say() { printf '\n== %s\n' "$*"; }

owner=$(stat -c %U .)
as_owner() {
    if [ "$(id -un)" = "$owner" ]; then "$@"; else runuser -u "$owner" -- "$@"; fi
}

# The same settings as the services'. Read as systemd does, line by line; nothing is executed.
env_file=${PARLOUR_ENV:-/etc/parlour.env}
if [ -e "$env_file" ] && [ ! -r "$env_file" ]; then
    echo "$env_file is not yours to read, and without it other data would be taken for the house's:" \
        "sudo make upgrade" >&2
    exit 1
fi
if [ -e "$env_file" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
        if [[ $line =~ ^([A-Z_]+)=(.*)$ ]]; then
            name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
            [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]] && value=${BASH_REMATCH[1]}
            export "$name=$value"
        fi
    done <"$env_file"
fi

house() { as_owner .venv/bin/flask --app app "$@"; }

# parlour.service, or parlour@PORT.service for each worker; empty where systemd does not run it.
running() {
    command -v systemctl >/dev/null || return 0
    systemctl list-units --type=service --state=active --plain --no-legend \
        'parlour.service' 'parlour@*.service' | awk '{ print $1 }'
}
port_of() {
    case $1 in
    parlour@*) local port=${1#parlour@} && echo "${port%.service}" ;;
    *) echo "${PORT:-5000}" ;;
    esac
}
ready() {
    as_owner .venv/bin/python - "$(port_of "$1")" "${HOST:-127.0.0.1}" <<'PYTHON'
import sys, urllib.request
port, host = sys.argv[1:]
host = f"[{host}]" if ":" in host else host
urllib.request.urlopen(f"http://{host}:{port}/readyz", timeout=5)
PYTHON
}
wait_ready() {
    local tries=0
    until ready "$1" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt "$WAIT" ] || { echo "$1 is not ready after $WAIT seconds: journalctl -u $1" >&2; return 1; }
        sleep 1
    done
    echo "$1 is ready"
}

workers=$(running)
if [ -n "$workers" ] && [ "$(id -u)" != 0 ]; then
    echo "Only root may restart" $workers "(sudo make upgrade). Nothing was done." >&2
    exit 1
fi

former=$(as_owner git rev-parse HEAD)
backup=''

back() {
    say "To go back to what was there before"
    [ -z "$workers" ] || echo "  systemctl stop" $workers
    echo "  git checkout $former && make setup"
    [ -z "$backup" ] || echo "  .venv/bin/flask --app app restore $backup"
    [ -z "$workers" ] || echo "  systemctl start" $workers
    echo "(as $owner, but for systemctl; what has happened since the backup is set aside by the restore)"
}
trap 'status=$?; [ $status = 0 ] || echo "The upgrade failed: see above." >&2; back; exit $status' EXIT

# A function is read whole before it runs: what is pulled may change this very file.
main() {
    say "Backup"
    backup=$(house backup)
    echo "$backup"

    say "New version"
    if as_owner git symbolic-ref --quiet HEAD >/dev/null; then
        as_owner git pull --ff-only
    else
        echo "This checkout stands at no branch, and is taken as it is ($former)."
    fi
    as_owner make --no-print-directory setup

    if [ -z "$workers" ]; then
        say "No service to restart: the next start brings the database up to date"
        exit 0
    fi

    say "Database and services"
    at=$(house db current)
    if [[ $at == *"(head)"* ]]; then
        # One after another: the others go on serving.
        for worker in $workers; do
            systemctl restart "$worker"
            wait_ready "$worker"
        done
    else
        # Nobody works with the old program on the new database.
        systemctl stop $workers
        house db upgrade
        systemctl start $workers
        for worker in $workers; do wait_ready "$worker"; done
    fi
    say "Up to date: $(as_owner git log -1 --format='%h %s')"
}

main
exit
