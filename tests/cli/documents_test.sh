#!/bin/sh
# What the documents say is what the program does: the tables of limits and settings, the verbs, and the README's example with its
# verdict; and what they link to is there.
set -u
formwright=$1
root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

{ sed '/^| limit/,$d' "$root/docs/limits.md"; "$formwright" limits; } >"$work/limits.md"
diff "$root/docs/limits.md" "$work/limits.md" || { echo "docs/limits.md is not what \`formwright limits\` prints"; failed=1; }

{ sed '/^| setting/,$d' "$root/docs/operations.md"; "$formwright" settings; } >"$work/operations.md"
diff "$root/docs/operations.md" "$work/operations.md" || { echo "docs/operations.md does not end with what \`formwright settings\` prints"; failed=1; }
{ sed '/^## /,$d' "$root/docs/diagnostics.md"; "$formwright" explain --markdown; } >"$work/diagnostics.md"
diff "$root/docs/diagnostics.md" "$work/diagnostics.md" || { echo "docs/diagnostics.md does not end with what \`formwright explain --markdown\` prints"; failed=1; }
awk '/^```toml$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/docs/operations.md" >"$work/example.toml"
"$formwright" serve --config "$work/example.toml" --print-config >"$work/printed" || { echo "the example of a file is refused"; failed=1; }
[ "$(grep -c '# file ' "$work/printed")" = "$(grep -c '^[a-z._]* = ' "$work/example.toml")" ] || { echo "the example of a file sets too little"; failed=1; }

# Every `formwright VERB` of the documents is one, and every link to a file leads to it.
for file in "$root"/README.md "$root"/CONTRIBUTING.md "$root"/docs/*.md "$root"/docs/decisions/*.md; do
    for verb in $(sed -n 's/.*formwright \([a-z][a-z]*\).*/\1/p' "$file" | sort -u); do
        "$formwright" "$verb" --help >/dev/null 2>&1 || [ "$verb" = help ] || { echo "$file: there is no verb $verb"; failed=1; }
    done
    for link in $(grep -o '](\([^)#]*\)' "$file" | sed 's/](//'); do
        case $link in http*) continue ;; esac
        [ -e "$(dirname "$file")/$link" ] || { echo "$file: $link is not there"; failed=1; }
    done
done

awk '/^```form$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/README.md" >"$work/leave.form"
sed -n 's/^`\({.*}\)` is judged:$/\1/p' "$root/README.md" >"$work/answers.json"
"$formwright" eval "$work/leave.form" "$work/answers.json" --now 2026-01-15T10:00:00Z --json >"$work/verdict.json"
[ $? = 1 ] || { echo "the README's answers are not judged invalid"; failed=1; }
# Every line of the verdict that the README shows, but for what it leaves out with "…".
awk '/^```json$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/README.md" | sed 's/^ *//; s/, …}$//' | tr -d '\n' >"$work/shown"
shown=$(cat "$work/shown")
grep -qF -- "$shown" "$work/verdict.json" || { echo "the README's verdict is not what is printed:"; echo "$shown"; cat "$work/verdict.json"; failed=1; }
exit $failed
