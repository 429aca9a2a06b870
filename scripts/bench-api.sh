#!/usr/bin/env bash
# What one request of API Pendenze costs beside a bare server and a bare transaction on the same pool, and
# whether look-ups and lists of a large archive take as long as those of a small one. PostgreSQL. The last
# line is one JSON object.
# Settings: ROWS (1000000), SMALL (10000), RUNS (5), SECONDS_EACH (3), CONNECTIONS (16), PAIRS (30); the
# servers are those of the tests: TEST_DATABASE_URL, TEST_AMQP_URL.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet -p govpay-core -p bench --bins
exec ./target/release/bench api "$@"
