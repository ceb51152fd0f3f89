#!/usr/bin/env bash
# The verdicts of an edition's sources never change.
#
#   verdicts_test.sh JUDGES FOLDER            judges all cases in FOLDER and compares with FOLDER/verdicts.txt
#   verdicts_test.sh JUDGES FOLDER --record   writes that file; for cases that are new, never for one that has changed
#
# A line holds the form, the number of the case in it, how the judging ended, and the SHA-256 of the verdict's bytes, messages included. Steps
# are not in it: what a rule is charged may become less.
set -euo pipefail
judges=$1 folder=$2 record=${3:-}
now=$(mktemp); trap 'rm -f "$now"' EXIT
"$judges" --judge plain "$folder" | sed -E 's|^[^ ]*/||; s/ steps [0-9]+//' |
  awk '{ if ($1 != form) { form = $1; number = 0 } $2 = sprintf("%04d", ++number); print }' | LC_ALL=C sort >"$now"
if [ "$record" = --record ]; then
  changed=$(LC_ALL=C join -j 1 <(sed -E 's/^([^ ]+) ([^ ]+) /\1:\2 /' "$folder/verdicts.txt" 2>/dev/null | LC_ALL=C sort) \
    <(sed -E 's/^([^ ]+) ([^ ]+) /\1:\2 /' "$now" | LC_ALL=C sort) | awk '$NF != $(NF-7)' || true)
  if [ -n "$changed" ]; then echo "verdicts that have changed:"; echo "$changed"; exit 1; fi
  cp "$now" "$folder/verdicts.txt"
fi
diff -u "$folder/verdicts.txt" "$now"
echo "$(wc -l <"$now") verdicts of $(basename "$folder")"
