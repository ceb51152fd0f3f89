#!/bin/sh
# What GET …/stats tells is what one gets who counts the export: tests/http/stats.cjs, over random submissions of several versions.
#
#   tests/http/stats_test.sh FORMWRIGHT ROOT        77: skipped
set -u
formwright=$1 root=$2
if ! command -v node >/dev/null; then
    echo "SKIPPED: node is not here: what the statistics tell is NOT checked"
    exit 77
fi
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$work"' EXIT
start() {
    : >"$work/out"
    "$formwright" serve --data "$work/data" --listen 127.0.0.1:0 --http.admin_listen none --quiet --limits.address_per_second 0 \
        --limits.submit_per_minute 0 --limits.token_per_minute 0 >"$work/out" 2>"$work/err" &
    server=$!
    i=0
    while ! grep -q '^listening on ' "$work/out"; do
        i=$((i + 1))
        [ $i -lt 200 ] && kill -0 $server 2>/dev/null || { echo "the server does not start"; cat "$work/err"; exit 1; }
        sleep 0.05
    done
    url=$(sed -n 's/^listening on //p' "$work/out")
}
start
"$formwright" tenant create acme --data "$work/data" >/dev/null || exit 1
"$formwright" token create acme --role publisher --data "$work/data" >"$work/publisher" || exit 1
"$formwright" token create acme --role reader --data "$work/data" >"$work/reader" || exit 1
node "$root/tests/http/stats.cjs" "$url" "$work" fill || exit 1
# Nothing of it is kept on disk: it is counted anew.
kill $server
wait $server 2>/dev/null
start
node "$root/tests/http/stats.cjs" "$url" "$work" again || exit 1
