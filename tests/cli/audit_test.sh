#!/bin/sh
# The audit log as an operator meets it: printed, checked, and found broken after a hand with the sqlite3 shell has been in the file.
. "$(dirname "$0")/lib.sh"
if ! command -v sqlite3 >/dev/null; then
    echo "SKIPPED: there is no sqlite3 shell here (./dev test installs it): tampering with the audit log is NOT tested"
    exit 77
fi
audit() { verb=$1; shift; "$formwright" audit "$verb" --data "$data" "$@"; }
file=$data/tenants/acme/data.db
printf 'edition 2026\nform visit "Visit" {\n  name: text "Name" required\n}\n' >"$work/visit.form"
printf 'edition 2026\nform visit "Visit" {\n  name: text "Your name" required\n}\n' >"$work/visit2.form"
"$formwright" tenant create acme --data "$data" >/dev/null || exit 1
"$formwright" publish acme "$work/visit.form" --data "$data" --why "first one" >/dev/null || exit 1
"$formwright" publish acme "$work/visit2.form" --data "$data" --why 'a second
line' >/dev/null 2>&1 && fail "a reason of two lines is taken"
"$formwright" publish acme "$work/visit2.form" --data "$data" --why "better" >/dev/null || exit 1

# Whole, without a server and with one; both ways say the same, and looking leaves no trace.
cp -r "$data" "$work/before"
expect 0 "verify of a tenant" audit verify acme
says out 'acme: 6 rows, whole; keep 6:'
kept=$(sed 's/.*keep \([^ ]*\) .*/\1/' "$work/out")
expect 0 "verify of the server's log" audit verify --system
says out "the server's log: "
expect 0 "verify --json" audit verify acme --json
says out '{"whole":true,"rows":6,"hash":"'
cp "$work/out" "$work/verify.json"
expect 0 "list" audit list acme
says out 'version.publish visit: version 1  because: first one'
[ "$(wc -l <"$work/out")" = 6 ] || fail "not every row is listed"
cp "$work/out" "$work/list.txt"
expect 0 "list of the server's log" audit list --system
says out 'tenant.create acme: acme'
says out 'token.revoke'
says out 'because: formwright publish has ended'
expect 0 "list --after" audit list acme --after 4
[ "$(wc -l <"$work/out")" = 2 ] || fail "--after 4 of 6 rows does not leave 2"
expect 0 "list --after all" audit list acme --after 6
expect 0 "list --action" audit list acme --action form.create
says out 'form.create'
keeps_quiet out 'draft.put'
keeps_quiet out 'version.publish'
expect 0 "list --actor of nobody" audit list acme --actor 'no body'
[ ! -s "$work/out" ] || fail "the log of nobody has rows"
expect 2 "verify with a filter" audit verify acme --action form.create
expect 0 "list --json" audit list acme --json
says out '"seq":6'
cp "$work/out" "$work/list.json"
diff -r "$data" "$work/before" || fail "looking at the audit log has changed the data directory"
expect 0 "the row that was kept is there" audit verify acme --kept "$kept"
serve
for way in verify list; do
    expect 0 "$way beside a server" audit $way acme --json
    cmp -s "$work/out" "$work/$way.json" || fail "$way says another thing beside a server"
done
expect 0 "list beside a server" audit list acme
cmp -s "$work/out" "$work/list.txt" || fail "list prints another thing beside a server"
expect 0 "the kept row beside a server" audit verify acme --kept "$kept"
expect 0 "the server's log beside a server" audit verify --system
expect 3 "another tenant beside a server" audit verify nobody
stop_server

# What cannot be asked.
expect 2 "no tenant" audit verify
expect 2 "two of them" audit verify acme --system
expect 2 "another word" audit check acme
expect 2 "a bad name" audit verify '../acme'
expect 2 "--kept for list" audit list acme --kept "$kept"
expect 2 "--after for verify" audit verify acme --after 1
expect 2 "a bad --after" audit list acme --after x
expect 2 "a bad --kept" audit verify acme --kept 6
says err 'SEQ:HASH'
expect 3 "a tenant that is not there" audit verify nobody
says err 'has no tenant nobody'
expect 3 "no data directory" "$formwright" audit verify --system --data "$work/nowhere"
[ ! -e "$work/nowhere" ] || fail "looking has made a data directory"

# Without a shell trick the file itself refuses.
sqlite3 "$file" "UPDATE audit SET who = 'me' WHERE seq = 2" 2>"$work/refusal" && fail "the file takes an update of its audit log"
grep -q 'only added to' "$work/refusal" || fail "the file does not say why it refuses"
sqlite3 "$file" 'DELETE FROM audit' 2>/dev/null && fail "the file lets go of its audit log"

# With the rules dropped: each deed on a copy of its own; verify names the first row that is not as it was.
rules='DROP TRIGGER audit_chains; DROP TRIGGER audit_keeps; DROP TRIGGER audit_stays;'
deed() { # row, what verify says of it, SQL
    rm -rf "$data"
    cp -r "$work/before" "$data"
    sqlite3 "$file" "$rules $3" || fail "the deed could not be done: $3"
    expect 1 "verify after: $3" audit verify acme
    says out "acme: row $1 $2"
    expect 1 "verify --json after: $3" audit verify acme --json
    says out "\"whole\":false,\"rows\":$(($1 - 1))"
    says out "\"broken_at\":$1"
    serve
    expect 1 "verify beside a server after: $3" audit verify acme
    says out "acme: row $1 $2"
    expect 0 "list after: $3" audit list acme
    stop_server
}
deed 3 'was altered' "UPDATE audit SET why = 'another reason' WHERE seq = 3"
deed 1 'was altered' "UPDATE audit SET at_ms = at_ms - 1 WHERE seq = 1"
deed 6 'was altered' "UPDATE audit SET who = '' || char(27) || '[2Jnobody' WHERE seq = 6"
deed 2 'was altered' "UPDATE audit SET hash = randomblob(32) WHERE seq = 2"
deed 4 'was removed' "DELETE FROM audit WHERE seq = 4"
deed 1 'was removed' "DELETE FROM audit WHERE seq = 1"
deed 6 'was removed' "DELETE FROM audit WHERE seq = 6"
deed 1 'was removed' "DELETE FROM audit"
deed 2 'was moved: its hash is of row 3' "DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = seq - 1 WHERE seq > 2"
deed 3 'was moved: its hash is of row 5' \
    "UPDATE audit SET seq = 0 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 0"
deed 7 'was altered' "INSERT INTO audit SELECT 7, at_ms, who, action, object, place, why, request_id, detail, hash, hash FROM audit WHERE seq = 6"
deed 5 'was added after the end' "DROP TRIGGER audit_end_moves; UPDATE audit_end SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)"
deed 1 'was altered' "UPDATE audit SET at_ms = 9000000000000000000"

# A row that would make a terminal do things is printed harmlessly.
rm -rf "$data"
cp -r "$work/before" "$data"
sqlite3 "$file" "$rules UPDATE audit SET who = 'x' || char(27) || '[2J' || char(10) || 'y' WHERE seq = 1"
expect 0 "list of a row with escapes" audit list acme
says out 'x?[2J?y'

# The server's own log likewise.
sqlite3 "$data/system.db" "$rules DELETE FROM audit WHERE seq = 2"
expect 1 "verify of the server's log" audit verify --system
says out "the server's log: row 2 was removed; 1 rows before it are sound"

# A log made anew from its first row on is whole in itself. Who kept a hash is not deceived.
rm -rf "$data"
"$formwright" tenant create acme --data "$data" >/dev/null
"$formwright" publish acme "$work/visit.form" --data "$data" --why "first one" >/dev/null
"$formwright" publish acme "$work/visit2.form" --data "$data" --why "better" >/dev/null
expect 0 "verify of another log" audit verify acme
expect 1 "verify with what was kept of the first" audit verify acme --kept "$kept"
says err 'row 6 is not the one whose hash was kept'
finish
