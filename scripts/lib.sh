# Functions shared by the scripts. To be sourced by bash.

say() { printf '== %s\n' "$*" >&2; }
missing() { printf 'MISSING: %s\n' "$*" >&2; }

# Runs a command as root when that is possible without asking.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

# install PACKAGE… : from the distribution; says what it could not install.
install() {
    if ! can_install; then
        missing "packages $*: install them (apt-get install $*); the tests that need them will fail"
        return 0
    fi
    say "installing $*"
    as_root apt-get update -qq >&2 || true
    # A server must not start by itself on the standard port because a test wants its program.
    if ! as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
        missing "packages $*: the installation failed; the tests that need them will fail"
    fi
}

# The programs with which the tests read our pages and documents back.
ensure_tools() {
    local packages=()
    command -v pdftotext >/dev/null || packages+=(poppler-utils)
    command -v zbarimg >/dev/null || packages+=(zbar-tools)
    command -v xmllint >/dev/null || packages+=(libxml2-utils)
    command -v chromium >/dev/null || packages+=(chromium)
    command -v chromedriver >/dev/null || packages+=(chromium-driver)
    [ ${#packages[@]} = 0 ] || install "${packages[@]}"
}

# The official schemas are read where they are, never kept here.
ensure_contracts() {
    local beside
    beside=$(cd .. && pwd)/shared/contract
    if [ -d "$beside" ]; then
        : "${PAGOPA_CONTRACT_DIR:=$beside/pagopa}" "${GOVPAY_CONTRACT_DIR:=$beside/govpay}"
    fi
    [ -n "${PAGOPA_CONTRACT_DIR:-}" ] || missing "PAGOPA_CONTRACT_DIR: a copy of the schemas published as pagopa-api; the tests that validate messages will fail"
    [ -n "${GOVPAY_CONTRACT_DIR:-}" ] || missing "GOVPAY_CONTRACT_DIR: a copy of the OpenAPI documents of GovPay; the tests that validate answers will fail"
    export PAGOPA_CONTRACT_DIR=${PAGOPA_CONTRACT_DIR:-} GOVPAY_CONTRACT_DIR=${GOVPAY_CONTRACT_DIR:-}
}

# The user that runs throw-away servers: they refuse to run as root.
unprivileged() {
    if [ "$(id -u)" != 0 ]; then "$@"; else setpriv --reuid="$SERVER_USER" --regid="$SERVER_USER" --clear-groups "$@"; fi
}

OWN_SERVERS=
SERVER_USER=nobody

own_servers_folder() {
    [ -n "$OWN_SERVERS" ] && return
    OWN_SERVERS=$(mktemp -d /tmp/govpay-lab-servers.XXXXXX)
    if [ "$(id -u)" = 0 ]; then
        SERVER_USER=$(id -un postgres 2>/dev/null || echo nobody)
        chown "$SERVER_USER" "$OWN_SERVERS"
    fi
}

# A port that nobody listens on now.
free_port() {
    local port
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 20000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
    done
    return 1
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

ensure_postgres() {
    if [ -n "${TEST_DATABASE_URL:-}" ]; then return; fi
    if [ -z "${FORCE_OWN_SERVERS:-}" ] && listens 5432 \
        && psql -qAt "postgres://postgres@127.0.0.1:5432/postgres" -c 'select 1' >/dev/null 2>&1; then
        export TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres
        return
    fi
    local bin port
    find_pg() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
    bin=$(find_pg)
    [ -n "$bin" ] || { install postgresql; bin=$(find_pg); }
    [ -n "$bin" ] || { missing "PostgreSQL: set TEST_DATABASE_URL"; return; }
    own_servers_folder
    port=$(free_port)
    say "starting a throw-away PostgreSQL on port $port"
    unprivileged "$bin/initdb" -D "$OWN_SERVERS/pg" -U postgres -A trust --locale=C.UTF-8 -E UTF8 >/dev/null
    unprivileged "$bin/pg_ctl" -D "$OWN_SERVERS/pg" -w -l "$OWN_SERVERS/pg.log" \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$OWN_SERVERS -c max_connections=300" \
        start >/dev/null
    PG_BIN=$bin
    export TEST_DATABASE_URL=postgres://postgres@127.0.0.1:$port/postgres
}

ensure_rabbitmq() {
    if [ -n "${TEST_AMQP_URL:-}" ]; then return; fi
    if [ -z "${FORCE_OWN_SERVERS:-}" ] && listens 5672; then
        export TEST_AMQP_URL=amqp://guest:guest@127.0.0.1:5672/%2f
        return
    fi
    local server=/usr/lib/rabbitmq/bin/rabbitmq-server port
    [ -x "$server" ] || install rabbitmq-server
    [ -x "$server" ] || { missing "RabbitMQ: set TEST_AMQP_URL"; return; }
    own_servers_folder
    port=$(free_port)
    say "starting a throw-away RabbitMQ on port $port"
    local home=$OWN_SERVERS/rabbit
    EPMD_PORT=$(free_port)
    unprivileged mkdir -p "$home/mnesia" "$home/log"
    unprivileged bash -c "printf 'listeners.tcp.1 = 127.0.0.1:%s\n' $port > $home/rabbitmq.conf; printf '[].\n' > $home/enabled_plugins"
    (
        export HOME=$home RABBITMQ_NODENAME=lab$port@localhost RABBITMQ_MNESIA_BASE=$home/mnesia \
            RABBITMQ_LOG_BASE=$home/log RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf \
            RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins RABBITMQ_DIST_PORT=$(free_port) \
            RABBITMQ_PID_FILE=$home/pid ERL_EPMD_PORT=$EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1 \
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
        cd "$home"
        unprivileged "$server" >"$OWN_SERVERS/rabbit.log" 2>&1 &
        echo $! > "$OWN_SERVERS/rabbit.launcher"
    )
    for _ in $(seq 120); do
        if listens "$port"; then break; fi
        sleep 0.5
    done
    listens "$port" || { missing "RabbitMQ did not start; its log is $OWN_SERVERS/rabbit.log"; return; }
    export TEST_AMQP_URL=amqp://guest:guest@127.0.0.1:$port/%2f
}

stop_servers() {
    [ -n "$OWN_SERVERS" ] || return 0
    [ -z "${PG_BIN:-}" ] || unprivileged "$PG_BIN/pg_ctl" -D "$OWN_SERVERS/pg" -m immediate stop >/dev/null 2>&1 || true
    if [ -f "$OWN_SERVERS/rabbit/pid" ]; then kill "$(cat "$OWN_SERVERS/rabbit/pid")" 2>/dev/null || true; fi
    sleep 1
    # The Erlang port mapper that the broker started, and only that one.
    [ -z "${EPMD_PORT:-}" ] || ERL_EPMD_PORT=$EPMD_PORT epmd -kill >/dev/null 2>&1 || true
    rm -rf "$OWN_SERVERS"
}
