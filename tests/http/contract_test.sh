#!/bin/sh
# Holds the server to its own description: /v1/openapi.json is linted, and every answer to a walk through all operations is
# validated against it with ajv.
#
#   tests/http/contract_test.sh FORMWRIGHT ROOT NODE_MODULES        77: skipped
set -u
formwright=$1 root=$2 modules=$3
if ! command -v node >/dev/null || [ ! -d "$modules/ajv" ] || [ ! -d "$modules/@redocly/cli" ]; then
    echo "SKIPPED: node with ajv and @redocly/cli is not here (./dev test installs it in build/npm/tests): the API description is NOT checked"
    exit 77
fi
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$work"' EXIT
"$formwright" serve --data "$work/data" --listen 127.0.0.1:0 --http.admin_listen 127.0.0.1:0 --quiet >"$work/out" 2>"$work/err" &
server=$!
i=0
while ! grep -q '^listening on ' "$work/out"; do
    i=$((i + 1))
    [ $i -lt 200 ] && kill -0 $server 2>/dev/null || { echo "the server does not start"; cat "$work/err"; exit 1; }
    sleep 0.05
done
url=$(sed -n 's/^listening on //p' "$work/out")
"$formwright" tenant create acme --data "$work/data" >/dev/null || exit 1
for role in publisher reader submitter; do
    "$formwright" token create acme --role $role --data "$work/data" >"$work/$role" || exit 1
done
failed=0
NODE_PATH=$modules node "$root/tests/http/contract.cjs" "$url" "$(sed -n 's/^health and metrics on //p' "$work/out")" "$work" "$root" || failed=1
# info-license: whether and how the program is licensed is not the description's business.
NO_COLOR=1 REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true "$modules/.bin/redocly" lint --extends=recommended-strict \
    --skip-rule=info-license "$work/openapi.json" >"$work/lint" 2>&1 || { cat "$work/lint"; failed=1; }
exit $failed
