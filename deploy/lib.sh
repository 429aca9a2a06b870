# Functions shared by the scripts of this folder: which container engine, which compose. To be sourced by bash.

. scripts/lib.sh

# die SENTENCE: why the script cannot go on, in one line.
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

docker_answers() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

# Sets ENGINE to docker when its daemon answers, else to podman, installed if need be.
choose_engine() {
    if [ -z "${ENGINE:-}" ]; then
        if docker_answers; then ENGINE=docker; else ENGINE=podman; fi
    fi
    case $ENGINE in
        docker) docker_answers || die "docker does not answer: start its daemon, or use ENGINE=podman" ;;
        podman)
            # netavark makes its rules with iptables, and says only «No such file» where there is none.
            { command -v podman && PATH=$PATH:/usr/sbin command -v iptables; } >/dev/null \
                || install podman buildah runc netavark aardvark-dns iptables >&2
            command -v podman >/dev/null || die "neither a docker daemon nor podman is here, and podman cannot be installed"
            fit_podman_to_limits
            ;;
        *) die "ENGINE is docker or podman, not «$ENGINE»" ;;
    esac
}

# Podman asks for higher limits of files and processes than a confined root may give: ask for less.
fit_podman_to_limits() {
    [ -z "${CONTAINERS_CONF:-}" ] || return 0
    local files processes
    files=$(smaller "$(ulimit -Hn)" 16384)
    processes=$(smaller "$(ulimit -Hu)" 16384)
    mkdir -p target/deploy
    CONTAINERS_CONF=$PWD/target/deploy/containers.conf
    export CONTAINERS_CONF
    printf '[containers]\ndefault_ulimits = ["nofile=%s:%s", "nproc=%s:%s"]\n' \
        "$files" "$files" "$processes" "$processes" >"$CONTAINERS_CONF"
}

smaller() {
    if [ "$1" = unlimited ] || [ "$1" -gt "$2" ]; then echo "$2"; else echo "$1"; fi
}

# Codename of this machine's distribution: the base image must not have an older glibc than the programs.
codename() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }

has_image() { "$ENGINE" image inspect "$1" >/dev/null 2>&1; }

# Sets the array COMPOSE. podman-compose comes from PyPI into target/, or from the distribution.
choose_compose() {
    if [ "$ENGINE" = docker ]; then
        COMPOSE=(docker compose)
        docker compose version >/dev/null 2>&1 || die "docker has no compose plugin: install docker-compose-plugin, or use ENGINE=podman"
        return
    fi
    local tools=$PWD/target/deploy/python
    if command -v podman-compose >/dev/null; then
        COMPOSE=(podman-compose)
    elif [ -x "$tools/bin/podman-compose" ] || pip_install "$tools" podman-compose==1.6.0; then
        COMPOSE=("$tools/bin/podman-compose")
    else
        install podman-compose >&2
        command -v podman-compose >/dev/null || die "podman-compose is not here and cannot be installed"
        COMPOSE=(podman-compose)
    fi
}

# pip_install FOLDER PACKAGE… : Python programs in an environment of their own.
pip_install() {
    local folder=$1
    shift
    say "installing $*"
    python3 -m venv "$folder" >/dev/null 2>&1 && "$folder/bin/pip" install -q --disable-pip-version-check "$@" >&2
}
