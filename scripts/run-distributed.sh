#!/usr/bin/env bash
# Starts the six services as processes of this machine, on the servers given by the environment.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${DATABASE_URL:?set DATABASE_URL, for example postgres://postgres@127.0.0.1:5432/govpay}"
: "${AMQP_URL:?set AMQP_URL, for example amqp://guest:guest@127.0.0.1:5672/%2f}"
export DATABASE_URL AMQP_URL
# As in the container image.
export MIMALLOC_PURGE_DELAY=${MIMALLOC_PURGE_DELAY:-0}

pids=()
stop() { trap - TERM INT EXIT; kill "${pids[@]}" 2>/dev/null || true; wait; }
trap stop TERM INT EXIT
for service in govpay-core loader portale-ente wisp psp-sim console; do
    ./target/release/"$service" &
    pids+=($!)
done
printf '%s\n' "govpay-core 8080, loader 8081, portale-ente 8082, wisp 8083, psp-sim 8084, console 8085. Ctrl-C to stop."
# The first service that ends stops the others.
wait -n
