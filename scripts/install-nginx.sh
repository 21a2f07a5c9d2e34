#!/usr/bin/env bash
# Installs nginx for the test of reverse proxies, when it is missing. Ends with 1 when it cannot; that test is skipped then.
set -uo pipefail

if [ -n "${NGINX_PATH:-}" ] && [ -x "$NGINX_PATH" ]; then exit 0; fi
if PATH="$PATH:/usr/sbin" command -v nginx >/dev/null; then exit 0; fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo 'nginx is missing and cannot be installed here (not root, or no apt-get).'
  exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# The run level keeps the package from starting a server of its own, which would listen on every address.
if ! { apt-get update -qq && RUNLEVEL=1 apt-get install -y -qq --no-install-recommends nginx; } >"$log" 2>&1; then
  tail -n 20 "$log"
  exit 1
fi
