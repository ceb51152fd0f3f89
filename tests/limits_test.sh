#!/bin/sh
# Every limit has a test at n and n + 1, or a reason why not: tests/limits.list says where. A new limit without a line fails here, and so
# does a line whose test is gone.
set -u
root=$1
list=$root/tests/limits.list
failed=0
fail() { echo "$1"; failed=1; }
names=$(sed -n 's/^LIMIT(\([A-Z0-9_]*\),.*/\1/p' "$root/base/limits.def")
[ "$(echo "$names" | wc -l)" -gt 90 ] || fail "limits.def is not read: nothing is proven here"
for name in $names; do
    [ "$(grep -c "^$name " "$list")" = 1 ] || fail "$name: tests/limits.list must say once where it is tested at n and n + 1"
done
tab=$(printf '\t')
untested=0
while IFS= read -r line; do
    case $line in '#'* | '') continue ;; esac
    name=${line%% *}
    text=${line#*"$tab"}
    file=${line%%"$tab"*}
    file=${file##* }
    echo "$names" | grep -qx "$name" || fail "$name: is in tests/limits.list and not in limits.def"
    [ -n "$text" ] && [ "$text" != "$line" ] || fail "$name: the line has no tab and text"
    if [ "$file" = - ]; then untested=$((untested + 1)); continue; fi
    grep -qF -- "$text" "$root/$file" || fail "$name: $file does not hold \"$text\""
done <"$list"
[ $untested -le 16 ] || fail "$untested limits have no test: at most 16 had"
exit $failed
