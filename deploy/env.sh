#!/usr/bin/env bash
# Makes deploy/.env (or the file named) from .env.example, with random passwords. Never overwrites one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
file=${1:-$here/.env}
if [ -e "$file" ]; then
    echo "$file exists: left as it is (its passwords are those of the databases made with it)" >&2
    exit 0
fi
secret() { od -An -N 24 -tx1 /dev/urandom | tr -d ' \n'; }
umask 077
sed -E "s/^POSTGRES_PASSWORD=.*/POSTGRES_PASSWORD=$(secret)/; s/^RABBITMQ_PASSWORD=.*/RABBITMQ_PASSWORD=$(secret)/" \
    "$here/.env.example" >"$file"
echo "$file is ready" >&2
