#!/usr/bin/env bash
# The whole test suite: tools, servers, programs, tests. Used by `make test`.
#
# Servers: TEST_DATABASE_URL and TEST_AMQP_URL when given; else those already running on the standard
# ports; else throw-away ones, started by an unprivileged user and stopped at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

ensure_tools
ensure_contracts
trap stop_servers EXIT
ensure_postgres
ensure_rabbitmq

say "building the programs"
cargo build --workspace --bins

say "checking the house rules"
cargo run --quiet -p xtask -- tidy

say "running the tests"
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --workspace --no-fail-fast "$@"
else
    cargo test --workspace --no-fail-fast "$@"
fi
