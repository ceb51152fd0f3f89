#!/bin/sh
# formwright backup and restore: what comes back is what was there; what is not whole is told and not used.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || { echo "SKIPPED: no sqlite3 shell"; exit 77; }
"$formwright" tenant create acme --data "$data" >/dev/null || exit 1
"$formwright" tenant create empty --data "$data" >/dev/null || exit 1
"$formwright" publish acme "$root/examples/phq9.form" --data "$data" >/dev/null || exit 1
b=$work/backup
backup() { "$formwright" backup "$b" --data "$data" "$@"; }
restore() { "$formwright" restore "$b" --data "$work/restored" "$@"; }

expect 0 "a directory at rest" backup
says out 'tenants/acme/data.db'
says out '3 files'
expect 3 "a backup in the same place" backup
says err 'is there already'
expect 0 "it is whole" "$formwright" restore "$b" --verify
expect 0 "restored" restore
expect 0 "what was restored is whole" "$formwright" doctor --data "$work/restored"
expect 3 "restored over what is there" restore
dump() { sqlite3 "$1/$2" .dump | LC_ALL=C sort; } # a copy may name its tables in another order
for file in system.db tenants/acme/data.db tenants/empty/data.db; do
    dump "$data" $file >"$work/a"; dump "$work/restored" $file >"$work/b"
    cmp "$work/a" "$work/b" || fail "$file came back changed"
done
rm -rf "$b" "$work/restored"

# Beside a server that writes all the time.
serve
writing() {
    i=0
    while [ ! -f "$work/enough" ]; do
        i=$((i + 1))
        curl -s -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' -H "Idempotency-Key: backup-test-key-$i" -d '{"answers":{}}' \
            "$url/v1/p/acme/phq9/submissions" >>"$work/codes"
    done
}
writing & writer=$!
while [ ! -s "$work/codes" ]; do sleep 0.05; done
expect 0 "beside a server" backup --json
says out '"tenants/acme/data.db"'
touch "$work/enough"; wait $writer
"$formwright" tenant create later --data "$data" >/dev/null || fail "the server is disturbed"
stop_server
expect 0 "what was copied beside a server is whole" "$formwright" restore "$b" --verify
expect 0 "and comes back" restore
expect 0 "and is whole then" "$formwright" doctor --data "$work/restored"

# Each on a copy of its own.
cp -r "$b" "$work/good"
ill() { # what, part of the complaint; the backup has been made ill already
    expect 1 "$1" "$formwright" restore "$b" --verify
    says err "$2"
    rm -rf "$work/restored"
    expect 1 "$1 is not restored" restore
    [ ! -e "$work/restored" ] && [ ! -e "$work/restored.partial" ] || fail "$1: something is left"
    rm -rf "$b"; cp -r "$work/good" "$b"
}
printf x | dd of="$b/tenants/acme/data.db" bs=1 seek=9000 conv=notrunc 2>/dev/null; ill "a changed byte" 'other bytes'
rm "$b/tenants/empty/data.db"; ill "a missing file" 'is not there'
truncate -s 4096 "$b/system.db"; ill "a file that is cut off" 'other bytes'
sed -i 's/"bytes":[0-9]*/"bytes":-1/' "$b/backup.json"; ill "a list with nonsense" "not a list of a backup's files"
sed -i 's|"tenant":"acme"|"tenant":"../acme"|' "$b/backup.json"; ill "a list that leads elsewhere" "not a list of a backup's files"
echo '[' >"$b/backup.json"; ill "a list that is no JSON" "not a list of a backup's files"
sqlite3 "$b/system.db" "DROP TRIGGER audit_keeps; UPDATE audit SET why = 'other' WHERE seq = 1"; ill "a changed row" 'other bytes'
most=33554432 # LIMIT_BACKUP_MANIFEST_BYTES
pad() { size=$(stat -c %s "$b/backup.json"); head -c $(($1 - size)) /dev/zero | tr '\0' ' ' >>"$b/backup.json"; }
pad $most
expect 0 "a list as long as can be" "$formwright" restore "$b" --verify
pad $((most + 1))
expect 3 "a list that is longer" "$formwright" restore "$b" --verify
rm -rf "$b"; cp -r "$work/good" "$b"
sed -i 's/"format":1/"format":2/' "$b/backup.json"
expect 3 "a backup of a newer program" "$formwright" restore "$b" --verify
says err 'newer program'
expect 4 "no backup at all" "$formwright" restore "$work/nowhere" --verify
expect 4 "no data directory" "$formwright" backup "$work/x" --data "$work/nowhere"

# One tenant: a backup of it alone, a snapshot that the server makes, and either put back under another name.
rm -rf "$b" "$work/restored"
expect 0 "one tenant" backup --tenant acme
says out '1 file,'
expect 4 "a tenant that is not there" "$formwright" backup "$work/x" --tenant nobody --data "$data"
expect 0 "it is whole" "$formwright" restore "$b" --verify
expect 3 "it makes no data directory" restore
says err 'with --tenant and --as'
serve
api() { curl -sS -X "$1" -H "Authorization: Bearer $operator" -H 'Prefer: wait=20' -H 'Audit-Reason: before the change' "$url/v1/tenants/acme/$2" >"$work/answer"; }
api POST snapshots
grep -q '"kind":"snapshot","state":"done"' "$work/answer" || fail "a snapshot is answered $(cat "$work/answer")"
api GET snapshots
folder=$data/$(sed 's/.*"folder":"\([^"]*\)".*/\1/' "$work/answer")
hash=$(sed 's/.*"sha256":"\([^"]*\)".*/\1/' "$work/answer")
[ "$(sha256sum <"$folder/tenants/acme/data.db" | cut -d' ' -f1)" = "$hash" ] || fail "the snapshot's hash is another"
expect 3 "beside its server nothing is put back" "$formwright" restore "$folder" --tenant acme --as acme-then --data "$data"
says err 'stop its server first'
stop_server
expect 0 "put back under another name" "$formwright" restore "$folder" --tenant acme --as acme-then --data "$data"
says out 'tenants/acme/data.db'
expect 3 "not twice" "$formwright" restore "$folder" --tenant acme --as acme-then --data "$data"
expect 2 "a name is needed" "$formwright" restore "$folder" --tenant acme --data "$data"
expect 2 "a name that is none" "$formwright" restore "$folder" --tenant acme --as ../up --data "$data"
expect 3 "who is not in it" "$formwright" restore "$folder" --tenant empty --as empty-then --data "$data"
expect 0 "all is whole" "$formwright" doctor --data "$data"
says out 'tenants/acme-then/data.db'
expect 0 "the log tells of it" "$formwright" audit list --system --data "$data"
says out 'acme-then'
says out 'restored: acme as it was in'
expect 0 "what came back is judged as it was" "$formwright" replay --tenant acme-then --data "$data"
printf x | dd of="$folder/tenants/acme/data.db" bs=1 seek=9000 conv=notrunc 2>/dev/null
expect 1 "what is not whole is not put back" "$formwright" restore "$folder" --tenant acme --as third --data "$data"
expect 0 "and leaves nothing" "$formwright" tenant list --data "$data"
keeps_quiet out 'third'
[ ! -e "$data/tenants/third/data.db" ] || fail "a file of the third tenant is left"
rm -rf "$b"

# A file that is ill is not copied, and nothing is left.
rm -rf "$b"
sqlite3 "$data/tenants/acme/data.db" "DROP TRIGGER audit_keeps; UPDATE audit SET why = 'other' WHERE seq = 1"
expect 1 "a directory that is not whole" backup
says err 'the audit log is not whole'
[ ! -e "$b" ] && [ ! -e "$b.partial" ] || fail "something is left"
finish
