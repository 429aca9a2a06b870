#!/usr/bin/env bash
# Builds the images, starts the compose stack beside any other, loads a tracciato through it, stops it.
# Used by `make compose-test`. Everything stays on the loopback interface.
#
#   PROFILE=debug|release   default debug: what the tests have built is used again
#   BASE=local|IMAGE        default local: no image registry is needed, see images.sh
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh
begun=$SECONDS
step() { say "$* ($((SECONDS - begun)) s)"; }

choose_engine
choose_compose
PROFILE=${PROFILE:-debug} BASE=${BASE:-local} ENGINE=$ENGINE bash deploy/images.sh
step "images ready"

project=govpay-lab-test-$$
folder=$(mktemp -d /tmp/govpay-lab-compose.XXXXXX)
services=(govpay-core loader portale-ente wisp psp-sim console)
stack() { "${COMPOSE[@]}" -f deploy/compose.yaml -p "$project" --env-file "$folder/env" "$@"; }

# container SERVICE: its id.
container() {
    "$ENGINE" ps -aq --filter "label=com.docker.compose.project=$project" \
        --filter "label=com.docker.compose.service=$1"
}

make_env() {
    local name key
    bash deploy/env.sh "$folder/env" 2>/dev/null
    if [ "${BASE:-local}" = local ]; then
        {
            echo "POSTGRES_IMAGE=localhost/govpay-lab-postgres:$(codename)"
            echo "RABBITMQ_IMAGE=localhost/govpay-lab-rabbitmq:$(codename)"
        } >>"$folder/env"
    fi
    for name in "${services[@]}"; do
        key=$(key_of "$name")
        port[$name]=$(unused_port)
        sed -i "s/^$key=.*/$key=${port[$name]}/" "$folder/env"
    done
}

key_of() {
    case $1 in
        govpay-core) echo CORE_PORT ;;
        portale-ente) echo PORTALE_PORT ;;
        psp-sim) echo PSP_PORT ;;
        *) echo "${1^^}_PORT" ;;
    esac
}

# A free port that none of the services here has been given.
unused_port() {
    local candidate
    while candidate=$(free_port); do
        case " ${port[*]} " in *" $candidate "*) ;; *) echo "$candidate"; return ;; esac
    done
}

# One look of the healthcheck, whose last words are left in $looked. Docker does them by itself; podman leaves them to systemd's timers, which
# a container or a small machine does not have.
healthy() {
    local id
    id=$(container "$1")
    [ -n "$id" ] || return 1
    if [ "$ENGINE" = docker ]; then
        [ "$(docker inspect -f '{{.State.Health.Status}}' "$id")" = healthy ]
    else
        podman healthcheck run "$id" >/dev/null 2>&1 && return
        looked=$(podman inspect -f '{{range .State.Health.Log}}{{println .Output}}{{end}}' "$id" | grep . | tail -1)
        return 1
    fi
}

# wait_for SECONDS WHAT COMMAND…
wait_for() {
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || fail "not in time: $what${looked:+ ($looked)}"
        sleep 0.5
    done
}

fail() {
    local name
    for name in postgres rabbitmq "${services[@]}"; do
        printf -- '--- %s\n' "$name" >&2
        "$ENGINE" logs --tail 15 "$(container "$name")" >&2 2>&1 || true
    done
    die "$*"
}

finish() {
    local status=$?
    # Podman without systemd complains of each healthcheck timer.
    stack down -v >"$folder/down" 2>&1 || { cat "$folder/down" >&2; status=1; }
    rm -rf "$folder"
    exit "$status"
}

up() { stack up -d "$@" >"$folder/up" 2>&1 || { cat "$folder/up" >&2; fail "the stack does not start"; }; }

api() { curl -sS -u "$LOGIN" "$@"; }

# Whether the tracciato at $1 has reached its last state; stops the test if it is the wrong one.
loaded() {
    local stato
    looked=
    stato=$(api "$1" | sed -E 's/.*"stato":"([^"]*)".*/\1/')
    case $stato in
        "$2") ;;
        *KO*) fail "the tracciato ended in $stato: $(api "$1/segnalazioni")" ;;
        *) looked=$stato; return 1 ;;
    esac
}

# The office loads a file; the citizen finds the first avviso of it on the portal.
smoke() {
    local loader=http://127.0.0.1:${port[loader]} portale=http://127.0.0.1:${port[portale-ente]}
    local status location rows avviso
    status=$(api -o "$folder/answer" -D "$folder/headers" -w '%{http_code}' -H 'content-type: text/csv' \
        --data-binary @"$SAMPLE" "$loader/api/v1/tracciati?nome=$(basename "$SAMPLE")")
    [ "$status" = 202 ] || fail "the loader answers $status to the file: $(cat "$folder/answer")"
    location=$(sed -nE 's/^location: *([^\r]+)\r?$/\1/Ip' "$folder/headers")
    wait_for 60 "$SAMPLE is $FINAL" loaded "$loader$location" "$FINAL"
    api -f -o "$folder/elaborato.csv" "$loader$location/elaborato"
    # The text of the QR code: PAGOPA|002|numero avviso|codice fiscale of the body|amount.
    rows=$(grep -cE 'PAGOPA\|002\|[0-9]{18}\|[0-9]{11}\|' "$folder/elaborato.csv" || true)
    [ "$rows" -gt 0 ] || fail "the elaborato has no QR text: $(head -2 "$folder/elaborato.csv")"
    avviso=$(grep -oE 'PAGOPA\|002\|[0-9]{18}\|[0-9]{11}' "$folder/elaborato.csv" | head -1 | awk -F'|' '{print $4 "/" $3}')
    curl -sSf -o "$folder/page.html" "$portale/avvisi/$avviso" || fail "the portal does not show the avviso $avviso"
    grep -q 'name="keyPA"' "$folder/page.html" || fail "the portal's page of $avviso has no way to pay"
    say "$rows avvisi loaded; the portal shows $avviso"
}

# A sample of the demo tenant and who may load it.
SAMPLE=${SAMPLE:-samples/cinque-righe.csv}
LOGIN=${LOGIN:-gpadmin:Gpadmin-Password1}
FINAL=CARICAMENTO_OK
looked=
declare -A port=()

trap finish EXIT
make_env
up postgres rabbitmq
wait_for 90 "PostgreSQL is ready" healthy postgres
wait_for 90 "RabbitMQ is ready" healthy rabbitmq
step "servers ready"
up "${services[@]}"
for name in "${services[@]}"; do wait_for 90 "$name is ready" healthy "$name"; done
step "six services ready"
smoke
step "compose-test passed"
