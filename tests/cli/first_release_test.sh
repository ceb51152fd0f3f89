#!/bin/sh
# The data of the first release is served, read, added to and backed up by this one; what it was is kept beside it.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || { echo "SKIPPED: no sqlite3 shell"; exit 77; }
old=$root/tests/cli/first_release
mkdir -p "$data/tenants/acme" && chmod 700 "$data" || exit 1
sqlite3 "$data/system.db" <"$old/system.sql" || fail "system.db cannot be made"
sqlite3 "$data/tenants/acme/data.db" <"$old/acme.sql" || fail "data.db cannot be made"
version() { sqlite3 "$1" 'PRAGMA user_version'; }
before=$(version "$data/tenants/acme/data.db")
[ "$before" = 2 ] || fail "the first release wrote schema $before, not 2"

expect 0 "a look at the old files" "$formwright" doctor --data "$data"
says out "schema 2 of"
serve
reader=$("$formwright" token create acme --role reader --data "$data")
list() { curl -sf -H "Authorization: Bearer $reader" "$url/v1/tenants/acme/forms/contact/submissions"; }
expect 0 "the submissions" list
[ "$(grep -o '"id":"sub_' "$work/out" | wc -l)" = 5 ] || fail "not 5 submissions"
says out '"other":"Käse 4"'
expect 0 "the first version" curl -sf "$url/v1/p/acme/contact/versions/1"
says out '"Amount"'
expect 0 "the second version" curl -sf "$url/v1/p/acme/contact"
says out '"How much?"'
send() { # key, version
    curl -s -o "$work/answer" -w '%{http_code}' -H 'Content-Type: application/json' -H "Idempotency-Key: $1" \
        -d "{\"version\":$2,\"answers\":{\"full_name\":\"Person $2\",\"topic\":\"other\",\"other\":\"Käse $2\",\"amount\":\"$2.50\"}}" \
        "$url/v1/p/acme/contact/submissions"
}
[ "$(send another-key-of-today 1)" = 201 ] || fail "a new submission is not taken: $(cat "$work/answer")"
case $(send first-release-key-1 1) in 409 | 422) ;; *) fail "an old key takes another body: $(cat "$work/answer")" ;; esac
stop_server

after=$(version "$data/tenants/acme/data.db")
[ "$after" -gt "$before" ] || fail "the schema is still $after"
for file in "$data/system.db" "$data/tenants/acme/data.db"; do
    [ -f "$file.schema-2" ] || { fail "nothing is kept of $file"; continue; }
    [ "$(version "$file.schema-2")" = 2 ] || fail "$file.schema-2 is of schema $(version "$file.schema-2")"
    [ "$(sqlite3 "$file.schema-2" 'PRAGMA integrity_check')" = ok ] || fail "$file.schema-2 is not whole"
done
[ "$(sqlite3 "$data/tenants/acme/data.db.schema-2" 'SELECT count(*) FROM submission')" = 5 ] || fail "the copy has other rows"
expect 0 "the new files are whole" "$formwright" doctor --data "$data"
expect 0 "the audit log goes on from the old one" "$formwright" audit verify acme --data "$data"
expect 0 "every submission is judged as it was" "$formwright" replay --data "$data"
expect 0 "a backup of them" "$formwright" backup "$work/backup" --data "$data"
expect 0 "and the backup is whole" "$formwright" restore "$work/backup" --verify
finish
