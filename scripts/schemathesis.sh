#!/usr/bin/env bash
# The core against its own description (B159): a core of its own with the demo tenant, and requests made from
# /openapi.json, right ones and wrong ones. Ends with 1 if an answer is a fault of the server or is not the
# one that the document declares.
#
# SECONDS_MAX (120): how long; SEED (1): the same requests each time; more arguments go to schemathesis.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

folder=$(mktemp -d)
core=
finish() {
    [ -z "$core" ] || { kill "$core" 2>/dev/null || true; wait "$core" 2>/dev/null || true; }
    rm -rf "$folder"
}
trap finish EXIT

# SCHEMATHESIS: the program, when it is installed already.
schemathesis=${SCHEMATHESIS:-$(command -v schemathesis || true)}
if [ -z "$schemathesis" ]; then
    say "installing schemathesis"
    python3 -m venv "$folder/venv" || { missing "python3 with venv (apt-get install python3-venv)"; exit 1; }
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'schemathesis>=4.32,<5'
    schemathesis=$folder/venv/bin/schemathesis
fi

say "building the core"
cargo build --quiet -p govpay-core --bin govpay-core

# One caller for all: software with every API, and every right in the Backoffice.
caller=prova:Prova-Password1
make_caller() {
    curl --silent --show-error --fail --user gpadmin:Gpadmin-Password1 --request PUT \
        "http://$address/govpay/backend/api/backoffice/rs/basic/v1/applicazioni/PROVA" --data '{
            "principal": "prova", "password": "Prova-Password1", "domini": ["*"], "tipiPendenza": ["*"],
            "apiPendenze": true, "apiPagamenti": true, "apiRagioneria": true, "ruoli": ["Amministratore"]
        }'
}

# start_core NAME: a fresh one. No broker and no Node: what needs them says so, as declared.
start_core() {
    local archive=$folder/$1
    env -u TENANT ./target/debug/govpay-core --port 0 --database-url "sqlite:$archive.db" \
        --amqp-url amqp://127.0.0.1:9/%2f --psp-sim-url http://127.0.0.1:9 --loader-url http://127.0.0.1:9 \
        --log-format json >"$archive.log" 2>&1 &
    core=$!
    address=
    for _ in $(seq 100); do
        address=$(sed -n '/service started/s/.*"address":"\([^"]*\)".*/\1/p' "$archive.log")
        [ -z "$address" ] || break
        kill -0 "$core" 2>/dev/null || break
        sleep 0.1
    done
    [ -z "$address" ] || { make_caller && return 0; }
    cat "$archive.log" >&2
    missing "the core has not started"
    return 1
}

stop_core() {
    kill "$core"
    wait "$core" || true
    core=
}

# ask SECONDS ARGUMENT…: all checks but those of the configuration.
ask() {
    local seconds=$1
    shift
    say "asking the core at $address for $seconds s"
    "$schemathesis" --config-file scripts/schemathesis.toml run "http://$address/openapi.json" \
        --auth "$caller" --max-time "$seconds" --seed "${SEED:-1}" "$@"
}

# Whoever may change the callers takes the rights of the one that asks away: that comes last, on a core of its
# own.
callers='/(applicazioni|operatori|ruoli)/'
total=${SECONDS_MAX:-120}
failed=0
start_core rest
ask $((total * 3 / 4)) --exclude-path-regex "$callers" "$@" || failed=1
stop_core
start_core callers
ask $((total / 4)) --include-path-regex "$callers" "$@" || failed=1
stop_core
exit $failed
