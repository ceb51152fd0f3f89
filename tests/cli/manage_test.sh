#!/bin/sh
# The managing verbs: serve, tenant, token, publish; their exit codes and what they say, with and without a running server.
. "$(dirname "$0")/lib.sh"
run() { "$formwright" "$@" --data "$data"; }
printf 'edition 2026\nform visit "Visit" {\n  name: text "Name" required\n}\n' >"$work/visit.form"
printf 'edition 2026\nform visit "Visit" {\n  name: txt "Name"\n}\n' >"$work/wrong.form"

story() { # how it is run; a prefix for names
    expect 0 "tenant create $1" run tenant create "$2" --title 'Ä "tenant"'
    says out "tenant $2"
    expect 3 "the same again $1" run tenant create "$2"
    says err '409 tenant-exists'
    expect 0 "tenant list $1" run tenant list
    says out "$2"
    says out 'Ä "tenant"'
    expect 0 "tenant list --json $1" run tenant list --json
    says out "\"id\":\"$2\""
    expect 1 "a bad name $1" run tenant create "No Name"
    says err '422 bad-name'

    expect 0 "token create $1" run token create "$2" --role reader --expires 30
    token=$(cat "$work/out")
    says out 'fmd_reader_'
    expect 0 "token create --json $1" run token create "$2" --role publisher --json
    says out '"token":"fmd_publisher_'
    id=$(sed 's/.*"id":"\([^"]*\)".*/\1/' "$work/out")
    expect 0 "token list $1" run token list "$2"
    says out "$id"
    keeps_quiet out 'fmd_'
    expect 0 "token create with bounds $1" run token create "$2" --role publisher --scope forms.read,tokens.manage --allow '127.0.0.0/8, ::1' --expires 12h --note 'nightly "build"' --json
    narrow=$(sed 's/.*"id":"\([^"]*\)".*/\1/' "$work/out")
    expect 0 "token list tells the bounds $1" run token list "$2"
    says out 'may tokens.manage forms.read from 127.0.0.0/8 ::1/128 (nightly "build")'
    says out 'may tenant.read audit.read forms.read submissions.create submissions.read sensitive.read submissions.export'
    expect 0 "token rotate $1" run token rotate "$2" "$narrow" --grace 30m --why 'end of quarter'
    says out "fmd_publisher_${narrow}_"
    expect 0 "token list tells of the rotation $1" run token list "$2"
    says out 'old secret until '
    expect 0 "token rotate at once $1" run token rotate "$2" "$narrow" --grace 0 --json
    says out '"old_secret_until":'
    expect 2 "token rotate with odd grace $1" run token rotate "$2" "$narrow" --grace soon
    expect 3 "token rotate with too much grace $1" run token rotate "$2" "$narrow" --grace 31d
    expect 3 "token rotate of none $1" run token rotate "$2" none
    expect 3 "a scope that is none $1" run token create "$2" --role reader --scope dream
    says err 'must be a list of scopes'
    expect 3 "a scope of another role $1" run token create "$2" --role reader --scope forms.write
    says err 'that role does not have those scopes'
    expect 3 "a network that is none $1" run token create "$2" --role reader --allow 10.0.0.0/33
    expect 2 "days that are none $1" run token create "$2" --role reader --expires 5w

    expect 2 "token revoke without a reason $1" run token revoke "$2" "$id"
    says err '--why is needed'
    expect 2 "token revoke with an empty reason $1" run token revoke "$2" "$id" --why ' '
    expect 0 "token revoke $1" run token revoke "$2" "$id" --why 'lost laptop'
    says out "token $id is revoked"
    expect 0 "token list afterwards $1" run token list "$2"
    says out ' revoked '
    expect 3 "token revoke of none $1" run token revoke "$2" tok_none --why 'lost'
    says err '404 not-found'
    expect 2 "no role $1" run token create "$2"
    says err '--role is needed'
    expect 3 "another role $1" run token create "$2" --role king
    says err 'must be publisher, reader or submitter'
    expect 3 "an operator $1" run token create "$2" --role operator
    expect 2 "no days $1" run token create "$2" --role reader --expires soon
    expect 3 "a token of nobody $1" run token create nobody --role reader

    expect 0 "publish $1" run publish "$2" "$work/visit.form" --why 'it is time'
    says out "$2/visit version 1"
    expect 0 "publish of the same $1" run publish "$2" "$work/visit.form"
    says out 'was there already'
    expect 0 "publish --json $1" run publish "$2" "$work/visit.form" --json
    says out '"version":1'
    expect 1 "publish of a wrong form $1" run publish "$2" "$work/wrong.form"
    says err 'wrong.form:3:9: error['
    expect 4 "publish of no file $1" run publish "$2" "$work/absent.form"
    expect 3 "publish for nobody $1" run publish nobody "$work/visit.form"
    expect 2 "publish with half of it $1" run publish "$2"
    expect 2 "publish into elsewhere $1" run publish "../$2" "$work/visit.form"
    says err 'cannot be a name'

    expect 0 "rename $1" run tenant rename "$2" --title 'Renamed'
    expect 0 "tenant list after rename $1" run tenant list
    says out 'Renamed'
    expect 2 "rename to nothing $1" run tenant rename "$2"
    expect 0 "quota $1" run tenant quota "$2"
    says out 'forms                    1000'
    expect 2 "quota without a reason $1" run tenant quota "$2" forms=1
    says err '--why is needed'
    expect 0 "quota set $1" run tenant quota "$2" forms=1 versions=7 --why 'small plan'
    says out 'forms                    1'
    says out 'versions                 7'
    sed 's/visit/other/' "$work/visit.form" >"$work/other.form"
    expect 3 "publish past the quota $1" run publish "$2" "$work/other.form"
    says err '403 forms-quota-reached'
    expect 0 "quota reset $1" run tenant quota "$2" forms=default --why 'large plan' --json
    says out '"forms":1000'
    says out '"versions":7'
    expect 0 "publish within the quota $1" run publish "$2" "$work/other.form"
    expect 2 "a quota of nothing $1" run tenant quota "$2" forms=0 --why x
    expect 2 "a quota in words $1" run tenant quota "$2" forms=many --why x
    expect 3 "a quota that is none $1" run tenant quota "$2" dreams=5 --why x
    says err 'there is no member "dreams" here'
    expect 3 "a quota of nobody $1" run tenant quota nobody
    expect 2 "recover without a reason $1" run tenant recover "$2"
    expect 0 "recover $1" run tenant recover "$2" --why 'to be sure'
    says out "tenant $2 is sound"
    expect 0 "the tenant's log tells of the recovery $1" run audit list "$2"
    says out "file.recover $2: was sound  because: to be sure"

    expect 2 "suspend without a reason $1" run tenant suspend "$2"
    says err '--why is needed'
    expect 2 "suspend with a reason of two lines $1" run tenant suspend "$2" --why 'a
b'
    expect 0 "suspend $1" run tenant suspend "$2" --why 'unpaid'
    says out "tenant $2 is suspended"
    expect 3 "publish for a suspended one $1" run publish "$2" "$work/visit.form"
    says err '403 tenant-suspended'
    expect 0 "resume $1" run tenant resume "$2" --why 'paid' --json
    says out '"state":"active"'
    expect 0 "publish for a resumed one $1" run publish "$2" "$work/visit.form"
    expect 0 "close $1" run tenant close "$2" --why 'moved away'
    says out "tenant $2 is closed"
    expect 3 "resume a closed one $1" run tenant resume "$2" --why 'came back'
    says err '409 illegal-transition'
    expect 3 "suspend nobody $1" run tenant suspend nobody --why 'x'
    expect 2 "another word $1" run tenant destroy "$2" --why 'x'
    expect 0 "the audit log tells all of it $1" run audit list --system
    says out "tenant.quota $2: forms 1000 to 1, versions 10000 to 7  because: small plan"
    says out "tenant.quota $2: forms 1 to default  because: large plan"
    says out "tenant.name $2: Renamed"
    says out "tenant.state $2: active to suspended  because: unpaid"
    says out "tenant.state $2: suspended to active  because: paid"
    says out "tenant.state $2: active to closed  because: moved away"
    says out 'because: lost laptop'
    says out "token.rotate $narrow: $2, the old secret for 1800 seconds more  because: end of quarter"
    says out "token.create $narrow: publisher $2, only tokens.manage forms.read, from 127.0.0.0/8 ::1/128"
}

story "without a server" acme
[ ! -e "$data/control" ] || fail "an errand leaves its token behind"
serve
story "beside a server" beta
[ "$(stat -c %a "$data/control")" = 600 ] || fail "others may read the token of the command line"
expect 3 "a second server" "$formwright" serve --data "$data" --listen 127.0.0.1:0 --http.admin_listen none
says err 'another server owns this data directory'
expect 4 "a second server on the same port" "$formwright" serve --data "$work/other" --listen "${url#http://}" --http.admin_listen none
expect 4 "a second server on the same admin port" "$formwright" serve --data "$work/other" --listen 127.0.0.1:0 --http.admin_listen "${admin#http://}"
says err 'cannot be opened'
[ "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $operator" "$url/v1/me")" = 200 ] || fail "the token of the command line is not good"
stop_server
[ ! -e "$data/control" ] || fail "a stopped server leaves its token behind"
grep -q '"msg":"draining"' "$work/serve.err" && grep -q '"msg":"stopped"' "$work/serve.err" || fail "a shutdown is not logged"
serve
[ "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $operator" "$url/v1/me")" = 200 ] || fail "the new token is not good"
old=$operator
kill -KILL $server
wait $server 2>/dev/null
[ -e "$data/control" ] || fail "a killed server cannot have tidied up"
expect 0 "a verb after a crash" run tenant list
serve
[ "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $old" "$url/v1/me")" = 401 ] || fail "the token of a crashed server is still good"

# A signal drains; a second one does not wait for who is slow.
curl -s -o /dev/null --limit-rate 1 -X POST -H 'Content-Type: application/json' --data-binary "{\"id\":\"$(head -c 60 /dev/zero | tr '\0' x)\"}" \
    -H "Authorization: Bearer $operator" -H 'Expect:' "$url/v1/tenants" &
slow=$!
sleep 0.5
begun=$(date +%s)
kill -TERM $server
sleep 0.5
kill -TERM $server
wait $server || fail "a hurried server ends badly"
server=
[ $(($(date +%s) - begun)) -lt 10 ] || fail "a second signal does not hurry"
kill $slow 2>/dev/null
wait $slow 2>/dev/null

expect 4 "a data directory that cannot be" "$formwright" tenant list --data /proc/none
printf 'x' >"$work/file"
expect 4 "a file for a data directory" "$formwright" tenant list --data "$work/file"
expect 2 "serve with an argument" "$formwright" serve now
finish
