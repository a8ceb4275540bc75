#!/usr/bin/env bash
# install_packages.sh SECTION...: names what is missing of these sections of packages.txt, and installs it.
set -euo pipefail
list="$(dirname "$(readlink -f "$0")")/packages.txt"

entries() {  # of the sections named
    local section="" line wanted
    while IFS= read -r line; do
        line="${line%%#*}"
        line="${line//[[:space:]]/}"
        case "$line" in
            "") ;;
            \[*\]) section="${line:1:-1}" ;;
            *) for wanted in "$@"; do [ "$section" != "$wanted" ] || echo "$line"; done ;;
        esac
    done <"$list"
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

chosen() {  # the first of "a|b" that this release has
    local name
    for name in ${1//|/ }; do
        if apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [^(]'; then
            echo "$name"
            return
        fi
    done
    echo "${1%%|*}"  # Unknown so far: after apt-get update, or apt-get install says so.
}

missing() {
    local entry name
    entries "$@" | while IFS= read -r entry; do
        name="$(chosen "$entry")"
        installed "$name" || echo "$name"
    done | sort -u
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        echo "Installing needs root, and there is no sudo; run as root: bash app/install_packages.sh $sections" >&2
        return 1
    fi
}

sections="$*"
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is no Debian or Ubuntu; install what these packages hold: $(entries "$@" | tr '\n' ' ')" >&2
    exit 0
fi
names="$(missing "$@")"
[ -n "$names" ] || exit 0
echo "Packages to install: $(echo "$names" | tr '\n' ' ')"
as_root apt-get update -qq
names="$(missing "$@")"
# shellcheck disable=SC2086  # one word a package
[ -z "$names" ] || as_root apt-get install -y -qq --no-install-recommends $names
