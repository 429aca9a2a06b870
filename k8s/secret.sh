#!/usr/bin/env bash
# Makes secret.env of the demo overlay from its example, with random passwords. Never overwrites one.
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)/overlays/demo
[ ! -e "$folder/secret.env" ] || { echo "$folder/secret.env exists: left as it is" >&2; exit 0; }
secret() { od -An -N 24 -tx1 /dev/urandom | tr -d ' \n'; }
umask 077
postgres=$(secret) rabbitmq=$(secret)
sed -E "/POSTGRES|DATABASE/s/PASSWORD($|@)/$postgres\1/; /RABBITMQ|AMQP/s/PASSWORD($|@)/$rabbitmq\1/" \
    "$folder/secret.env.example" >"$folder/secret.env"
echo "$folder/secret.env is ready" >&2
