#!/bin/sh
# Stored answers carried to a later version by the verb migrate: tried, done, gone on with.
. "$(dirname "$0")/lib.sh"
run() { "$formwright" "$@" --data "$data"; }
cat >"$work/1.form" <<'FORM'
edition 2027
form trip "Trip" { name: text "Name"  size: decimal(2) "m"  fax: text "Fax" }
FORM
cat >"$work/2.form" <<'FORM'
edition 2027
form trip "Trip" {
  full_name: text "Name" length ..6
  size: integer "cm"
  migrate from 1 {
    rename name to full_name
    drop fax
    set size = round(size * 100, 0)
  }
}
FORM
sed 's/drop fax//' "$work/2.form" >"$work/lost.form"

submit() { # key answers
    curl -sS -o "$work/answer" -w '%{http_code}' -H 'Content-Type: application/json' -H "Idempotency-Key: migrate-test-key-$1" \
        -d "{\"version\":1,\"answers\":$2}" "$url/v1/p/acme/trip/submissions" >"$work/code"
    [ "$(cat "$work/code")" = 201 ] || fail "a submission is answered $(cat "$work/code" "$work/answer")"
}

expect 0 "a tenant" run tenant create acme
expect 0 "the first version" run publish acme "$work/1.form"
serve --limits.submit_per_minute 0
for n in $(seq 1 150); do submit "$n" '{"name":"Ada","size":1.83,"fax":"1"}'; done
submit long '{"name":"Bartholomew"}'
expect 1 "a clause that forgets a field" run publish acme "$work/lost.form"
says err 'E0244'
expect 0 "the second version" run publish acme "$work/2.form"
expect 1 "tried" run migrate acme trip 1 2 --dry-run
says out 'acme/trip version 1 to 2: 150 can be carried, 1 cannot be'
says out '/full_name: too_long'
expect 1 "done" run migrate acme trip 1 2 --why "cm everywhere"
says out 'acme/trip version 1 to 2: 150 carried, 1 cannot be'
says out '/full_name: too_long'
says err '151 of 151'
expect 0 "done already" run migrate acme trip 1 2
says out 'acme/trip version 1 to 2: 0 carried, 0 cannot be'
submit late '{"name":"Cy","size":0.5}'
expect 0 "what came late, as JSON" run migrate acme trip 1 2 --json
says out '"state":"done"'
says out '"done":1,"total":1,"refused":0'
submit later '{"name":"Di","size":0.5}'
expect 0 "begun and left" run migrate acme trip 1 2 --detach
says out '/v1/tenants/acme/operations/op_'
expect 3 "from what is not there" run migrate acme trip 7 2
expect 2 "to itself" run migrate acme trip 2 2
expect 2 "half a command" run migrate acme trip 2
expect 0 "the log" run audit list acme --action submissions.carry
says out 'version 1 → 2, 100 submissions'
says out 'cm everywhere'
expect 0 "the long work" run operation list acme
says out 'done      migrate trip 1 to 2: 151 of 151, 1 refused'
done=$(sed -n 's/^\(op_[^ ]*\) done .*/\1/p' "$work/out" | tail -1)
expect 3 "what is over cannot be ended" run operation cancel acme "$done"
says err 'illegal-transition'
expect 2 "half a command" run operation cancel acme
expect 3 "no such work" run operation cancel acme op_none
stop_server
expect 0 "everything is still what it was" run replay --tenant acme
finish
