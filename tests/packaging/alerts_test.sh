#!/usr/bin/env bash
# Every metric that an alert asks for is in /metrics of a server that runs, every alert has its line in docs/operations.md and no other has one; promtool, where it is, finds nothing wrong.
set -euo pipefail
formwright=$1 root=$2
rules=$root/packaging/prometheus/formwright.rules.yml
work=$(mktemp -d); server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

"$formwright" serve --data "$work/data" --listen 127.0.0.1:0 --http.admin_listen 127.0.0.1:0 --quiet >"$work/out" & server=$!
for _ in $(seq 200); do grep -q '^listening' "$work/out" && break; sleep 0.05; done
admin=$(sed -n 's/^health and metrics on //p' "$work/out")
curl -sf "$admin/metrics" | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' | sort -u >"$work/told"

grep -o 'formwright_[a-z_]*' "$rules" | sed 's/_bucket$//' | sort -u >"$work/asked"
missing=$(comm -23 "$work/asked" "$work/told")
[ -z "$missing" ] || { echo "alerts ask for what /metrics does not have: $missing"; exit 1; }

sed -n 's/^ *- alert: //p' "$rules" | sort >"$work/alerts"
sed -n 's/^| `\(Formwright[A-Za-z]*\)` |.*/\1/p' "$root/docs/operations.md" | sort >"$work/runbook"
diff "$work/alerts" "$work/runbook" || { echo "alerts (<) and the runbook (>) differ"; exit 1; }
[ "$(wc -l <"$work/alerts")" -ge 10 ] || { echo "no alerts were found"; exit 1; }
if command -v promtool >/dev/null; then promtool check rules "$rules"; fi
