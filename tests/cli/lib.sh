# What the tests of the command line share. Sourced: . "$(dirname "$0")/lib.sh" with the arguments FORMWRIGHT ROOT.
#
#   expect CODE WHAT command…     the command must end with that code; its output is in $work/out and $work/err
#   says out|err TEXT             … and hold that text
#   keeps_quiet out|err TEXT      … or not
#   serve [arguments]             a server over $data; $url, $admin and $operator are its addresses and token
#   stop_server                   ends it and waits
#   finish                        the last line of each test
set -u
formwright=$1
root=$2
work=$(mktemp -d)
data=$work/data
failed=0
server=
for name in $(env | sed -n 's/^\(FORMWRIGHT_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$work"' EXIT

fail() {
    echo "$1"
    failed=1
}

expect() {
    want=$1 what=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ $got = "$want" ] && return
    echo "$what: exit $got, not $want"; cat "$work/out" "$work/err"
    failed=1
}

says() {
    grep -qF -- "$2" "$work/$1" || { echo "$what: std$1 does not say \"$2\":"; cat "$work/$1"; failed=1; }
}

keeps_quiet() {
    ! grep -qF -- "$2" "$work/$1" || { echo "$what: std$1 says \"$2\":"; cat "$work/$1"; failed=1; }
}

serve() {
    : >"$work/serve.out" # what an earlier server said there is not this one's word
    "$formwright" serve --data "$data" --listen 127.0.0.1:0 --http.admin_listen 127.0.0.1:0 "$@" >"$work/serve.out" 2>"$work/serve.err" &
    server=$!
    tries=0
    while ! grep -q '^listening on ' "$work/serve.out"; do
        tries=$((tries + 1))
        [ $tries -lt 400 ] && kill -0 $server 2>/dev/null || { echo "the server does not start"; cat "$work/serve.out" "$work/serve.err"; exit 1; }
        sleep 0.05
    done
    url=$(sed -n 's/^listening on //p' "$work/serve.out")
    admin=$(sed -n 's/^health and metrics on //p' "$work/serve.out")
    operator=$(sed 's/.*"token":"\([^"]*\)".*/\1/' "$data/control")
}

stop_server() {
    kill -TERM $server
    wait $server
    stopped=$?
    server=
    [ $stopped = 0 ] || fail "the server ended with $stopped"
}

finish() {
    exit $failed
}
