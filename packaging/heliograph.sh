#!/bin/sh
# Heliograph's launcher in a package. All that it runs is beside it: it needs no JDK, no Maven and no Node, and builds
# nothing.
set -eu

say() { printf '%s\n' "$*" >&2; }
die() { say "heliograph: $*"; exit 1; }

self=$(readlink -f -- "$0")
home=$(CDPATH='' cd -- "$(dirname -- "$self")/.." && pwd)
# shellcheck source=packaging/launch.sh
. "$home/app/launch.sh"
started_at=$(now_millis)
java=$home/runtime/bin/java
app=$home/app
# The folder of heliograph.properties. In the Debian package it is a link to /etc/heliograph.
settings=-Dspring.config.additional-location=optional:file:$home/etc/

# The Debian package names its user there: what root does, that user does, so that the server can read what it wrote.
if [ -r "$app/user" ] && [ "$(id -u)" = 0 ]; then
  exec runuser -u "$(cat "$app/user")" -- "$self" "$@"
fi

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
  up | serve) run_server serve "$@" ;;
  help | -h | --help) cat "$app/usage.txt" ;;
  *) run_server "$command" "$@" ;;
esac
