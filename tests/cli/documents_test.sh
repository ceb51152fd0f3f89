#!/bin/sh
# What the documents say is what the program does: the table of limits, and the README's example with its verdict.
set -u
formwright=$1
root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

{ sed '/^| limit/,$d' "$root/docs/limits.md"; "$formwright" limits; } >"$work/limits.md"
diff "$root/docs/limits.md" "$work/limits.md" || { echo "docs/limits.md is not what \`formwright limits\` prints"; failed=1; }

awk '/^```form$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/README.md" >"$work/leave.form"
sed -n 's/^`\({.*}\)` is judged:$/\1/p' "$root/README.md" >"$work/answers.json"
"$formwright" eval "$work/leave.form" "$work/answers.json" --now 2026-01-15T10:00:00Z --json >"$work/verdict.json"
[ $? = 1 ] || { echo "the README's answers are not judged invalid"; failed=1; }
# Every line of the verdict that the README shows, but for what it leaves out with "…".
awk '/^```json$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/README.md" | sed 's/^ *//; s/, …}$//' | tr -d '\n' >"$work/shown"
shown=$(cat "$work/shown")
grep -qF -- "$shown" "$work/verdict.json" || { echo "the README's verdict is not what is printed:"; echo "$shown"; cat "$work/verdict.json"; failed=1; }
exit $failed
