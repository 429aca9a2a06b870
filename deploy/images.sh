#!/usr/bin/env bash
# Builds the programs and the image localhost/govpay-lab. Used by `make images`.
#
#   ENGINE=docker|podman    default: docker if its daemon answers, else podman
#   BASE=IMAGE|local        default: the slim image of this machine's distribution. `local` needs no registry: it
#                           makes the base, and PostgreSQL and RabbitMQ to try with, from the distribution's packages
#   PROFILE=release|debug   which build of the programs, default release
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh
choose_engine
PROFILE=${PROFILE:-release}
programs=(govpay-core loader portale-ente wisp psp-sim console govpay-lab)

build_programs() {
    local flags=() program
    case $PROFILE in
        release) flags=(--release) ;;
        debug) ;;
        *) die "PROFILE is release or debug, not «$PROFILE»" ;;
    esac
    for program in "${programs[@]}"; do flags+=(-p "$program"); done
    cargo build --bins "${flags[@]}"
    # Without symbols: those of a debug build weigh more than the programs.
    context=target/deploy/$PROFILE
    mkdir -p "$context"
    for program in "${programs[@]}"; do
        [ "$context/$program" -nt "target/$PROFILE/$program" ] ||
            strip -o "$context/$program" "target/$PROFILE/$program"
    done
}

# Images from the distribution's packages: the base is made once for each of its releases.
local_images() {
    local release what
    release=$(codename)
    BASE=localhost/govpay-lab-base:$release
    has_image "$BASE" || bash deploy/base-image.sh "$BASE"
    for what in postgres rabbitmq; do
        test_image "$what" "$release"
    done
}

test_image() {
    say "making the $1 image"
    "$ENGINE" build --network host --build-arg BASE="$BASE" -t "localhost/govpay-lab-$1:$2" \
        -f "deploy/test-images/$1.Containerfile" deploy/test-images >target/deploy/image.log 2>&1 ||
        { tail -20 target/deploy/image.log >&2; die "the $1 image cannot be built"; }
}

default_base() {
    . /etc/os-release
    if [ "$ID" = debian ]; then
        echo "docker.io/library/debian:$VERSION_CODENAME-slim"
    else
        echo "docker.io/library/$ID:${VERSION_CODENAME:-latest}"
    fi
}

mkdir -p target/deploy
build_programs
BASE=${BASE:-$(default_base)}
[ "$BASE" != local ] || local_images
say "building localhost/govpay-lab on $BASE"
before=$("$ENGINE" images -q localhost/govpay-lab:latest)
"$ENGINE" build --build-arg BASE="$BASE" --build-arg BIN=. -t localhost/govpay-lab:latest \
    -f deploy/Containerfile "$context" >target/deploy/image.log 2>&1 ||
    { tail -20 target/deploy/image.log >&2; die "the image cannot be built"; }
# The one it replaces, unless it has another name or a container that uses it.
if [ -n "$before" ] && [ "$before" != "$("$ENGINE" images -q localhost/govpay-lab:latest)" ]; then
    "$ENGINE" rmi "$before" >/dev/null 2>&1 || true
fi
