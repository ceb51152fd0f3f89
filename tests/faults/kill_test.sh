#!/bin/sh
# tests/faults/kill_test.sh FORMWRIGHT ROOT [ROUNDS]        77: skipped
for name in node sqlite3; do
    command -v $name >/dev/null || { echo "SKIPPED: $name is not here: nobody has killed the server under load"; exit 77; }
done
exec node "$2/tests/faults/kill.cjs" "$1" "${3:-10}" 16
