#!/bin/sh
# formwright doctor: what is well, what is not, and that looking touches nothing.
. "$(dirname "$0")/lib.sh"
doctor() { "$formwright" doctor --data "$data" "$@"; }
"$formwright" tenant create acme --data "$data" >/dev/null || exit 1
"$formwright" tenant create beta --data "$data" >/dev/null || exit 1
file=$data/tenants/acme/data.db

cp -r "$data" "$work/before"
expect 0 "a sound directory" doctor
says out 'formwright 0.'
says out 'mode 0700, no server has it'
says out 'MiB free'
says out 'system.db                                good  schema 4 of 4'
says out 'tenants/acme/data.db                     good'
says out 'tenants/beta/data.db                     good'
keeps_quiet out 'WRONG'
expect 0 "the same as JSON" doctor --json
says out '"owned":false,"mode":"0700"'
says out '"file":"tenants/acme/data.db","good":true'
says out '"findings":[]'
diff -r "$data" "$work/before" || fail "doctor has changed the data directory"
expect 0 "the directory from the environment" env FORMWRIGHT_STORAGE_DATA="$data" "$formwright" doctor

serve
expect 0 "beside a server" doctor
says out 'a server has it'
"$formwright" tenant create gamma --data "$data" >/dev/null || fail "the server is disturbed"
expect 0 "beside a server that writes" doctor --json
says out '"file":"tenants/gamma/data.db","good":true'
stop_server

# Each on a copy of its own.
ill() { # what, part of the finding; the directory has been made ill already
    expect 1 "$1" doctor
    says out 'WRONG: '
    says out "$2"
    expect 1 "$1, as JSON" doctor --json
    says out '"findings":["'
    rm -rf "$data"
    cp -r "$work/before" "$data"
}
rm "$file"
ill "a file that is gone" 'tenants/acme/data.db is not there'
printf 'no database' | dd of="$file" conv=notrunc 2>/dev/null
ill "a file that is something else" 'tenants/acme/data.db cannot be read: file is not a database'
printf 'garbage in the middle' | dd of="$file" bs=4096 seek=5 conv=notrunc 2>/dev/null
ill "a damaged page" 'tenants/acme/data.db is damaged: '
truncate -s 20480 "$file"
ill "a file cut short" 'tenants/acme/data.db'
: >"$data/tenants/acme/degraded"
ill "a mark" 'a server met a failing disk and marked it'
chmod 0755 "$data"
ill "an open directory" 'others than its owner may enter it (mode 0755, not 0700)'
rm "$data/system.db"
ill "no system.db" 'system.db is not there'
if command -v sqlite3 >/dev/null; then
    sqlite3 "$file" 'PRAGMA user_version = 99'
    ill "a newer file" 'a newer program wrote it (schema 99, ours is 9)'
    sqlite3 "$file" "DROP TRIGGER draft_begins; INSERT INTO draft VALUES (77, '', zeroblob(32), 1, 1, 'x')"
    ill "a stray row" '1 rows refer to what is not there'
    sqlite3 "$file" "INSERT INTO audit VALUES (1, 1, 'me', 'form.create', '', '', '', '', '', zeroblob(32), zeroblob(32))"
    ill "an audit row of somebody's making" 'tenants/acme/data.db: audit row 1 was altered'
else
    echo "SKIPPED in part: there is no sqlite3 shell here (./dev test installs it)"
fi
expect 1 "no directory" "$formwright" doctor --data "$work/nowhere"
says out 'there is no such directory'
[ ! -e "$work/nowhere" ] || fail "doctor has made a directory"
expect 1 "a file for a directory" "$formwright" doctor --data "$work/out"
expect 2 "an argument" doctor now
expect 2 "an unknown option" doctor --jsn
says err 'did you mean --json?'
finish
