#!/usr/bin/env bash
# How long from the start of the release program to the first page, and how much memory it takes idle.
# Prints the figures of the second start of a world, the settings, and the median of five.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet -p govpay-lab
world=$(mktemp -d /tmp/govpay-lab-bench.XXXXXX)
trap 'kill "${pid:-}" 2>/dev/null || true; rm -rf "$world"' EXIT

now_ms() { date +%s%3N; }

# start_once: starts the world, waits for the portal's first page, sets `elapsed` and `pid`.
start_once() {
    local begun url
    # The addresses of the last start must not be taken for those of this one.
    rm -f "$world/out"
    touch "$world/out"
    begun=$(now_ms)
    ./target/release/govpay-lab --base-port 0 --world "$world/mondo" >"$world/out" 2>"$world/log" &
    pid=$!
    until url=$(sed -nE 's/^ *portale-ente +(http[^ ]+).*/\1/p' "$world/out") && [ -n "$url" ]; do sleep 0.01; done
    until curl -sf "$url/" -o /dev/null; do sleep 0.01; done
    elapsed=$(($(now_ms) - begun))
}

start_once
echo "first start (makes the world): $elapsed ms"
kill "$pid"; wait "$pid" 2>/dev/null || true
times=()
for _ in 1 2 3 4 5; do
    start_once
    times+=("$elapsed")
    sleep 3
    rss=$(awk '/^VmRSS/ {print int($2/1024)}' "/proc/$pid/status")
    kill "$pid"; wait "$pid" 2>/dev/null || true
done
median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n 3p)
echo "machine: $(nproc) cores, $(awk '/MemTotal/ {print int($2/1048576)}' /proc/meminfo) GiB; release build, demo tenant"
echo "{\"first_page_ms\": $median, \"rss_idle_mib\": $rss, \"first_page_ms_all\": [$(IFS=,; echo "${times[*]}")]}"
