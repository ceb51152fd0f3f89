#!/bin/sh
# A form's whole life, played over HTTP and with the program beside it: friday.cjs.
#
#   tests/http/friday_test.sh FORMWRIGHT ROOT        77: skipped
set -u
formwright=$1 root=$2
if ! command -v node >/dev/null; then
    echo "SKIPPED: there is no node here: the story of a form's whole life is NOT told"
    exit 77
fi
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$work"' EXIT
"$formwright" serve --data "$work/data" --listen 127.0.0.1:0 --limits.submit_per_minute 0 --limits.address_per_second 0 \
    --limits.network_per_second 0 --quiet >"$work/out" 2>"$work/err" &
server=$!
i=0
while ! grep -q '^listening on ' "$work/out"; do
    i=$((i + 1))
    [ $i -lt 200 ] && kill -0 $server 2>/dev/null || { echo "the server does not start"; cat "$work/err"; exit 1; }
    sleep 0.05
done
"$formwright" tenant create acme --data "$work/data" >/dev/null || exit 1
# A thousand people at once are more than a tenant may send by default.
"$formwright" tenant quota acme submissions=100000 requests=100000 judgings=1000 --why "the story" --data "$work/data" >/dev/null || exit 1
for role in publisher reader; do
    "$formwright" token create acme --role $role --data "$work/data" >"$work/$role" || exit 1
done
node "$root/tests/http/friday.cjs" "$(sed -n 's/^listening on //p' "$work/out")" "$work" "$formwright" || { cat "$work/err"; exit 1; }
kill -TERM $server
wait $server || { echo "the server ended badly"; cat "$work/err"; exit 1; }
"$formwright" doctor --data "$work/data" >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
