#!/usr/bin/env bash
# How long a tracciato takes from its upload to the elaborato, beside a bare COPY of the rows that
# come of it; peak memory; what a portal feels meanwhile. The last line is one JSON object.
# Settings: ROWS (100000), RUNS (3), SMALL (10000), BASE (100000: more rows are compared with it),
# TIMER_SECS (0.05), POLL_MS (20); servers as in the tests: TEST_DATABASE_URL, TEST_AMQP_URL, by default
# the standard ports of this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet -p govpay-core -p loader -p bench --bins
example=target/release/examples/misura-validazione
if cargo build --release --quiet -p loader --example misura-validazione; then
    export VALIDATION_EXAMPLE=$example
else
    unset VALIDATION_EXAMPLE
    echo "the validation alone will not be measured: $example does not build" >&2
fi
exec ./target/release/bench load "$@"
