#!/usr/bin/env bash
# systemd can read the unit, and by its own count the service is exposed by less than 2 of 10.
set -euo pipefail
formwright=$1 root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v systemd-analyze >/dev/null || { echo "SKIPPED: systemd-analyze is not here"; exit 77; }
sed "s|^ExecStart=/usr/bin/formwright|ExecStart=$formwright|" "$root/packaging/formwright.service" >"$work/formwright.service"
systemd-analyze verify "$work/formwright.service" >"$work/told" 2>&1 || true
if grep "formwright.service" "$work/told"; then exit 1; fi
exposure=$(systemd-analyze security --offline=yes "$root/packaging/formwright.service" 2>/dev/null | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p')
echo "exposure $exposure"
[ -n "$exposure" ] && [ "${exposure%%.*}" -lt 2 ]
