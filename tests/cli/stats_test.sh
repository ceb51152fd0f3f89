#!/bin/sh
# formwright stats: what the submissions of a form say when they are counted.
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || { echo "SKIPPED: there is no curl (./dev test installs it)"; exit 77; }
stats() { "$formwright" stats --data "$data" "$@"; }
submit() { # key, body: must be stored
    got=$(curl -s -o "$work/answer" -w '%{http_code}' -H "Idempotency-Key: $1" -H 'Content-Type: application/json' -d "$2" "$url/v1/p/acme/trip/submissions")
    [ "$got" = 201 ] || { fail "$1: $got"; cat "$work/answer"; }
}
cat >"$work/trip.form" <<'FORM'
edition 2027
form trip "Trip" {
  languages en, de
  choices colours { red "Red" blue "Blue" }
  colour: choice(colours) "Colour" other "Another"
  secret: text "Secret" sensitive
  repeat members "Members" 0..3 { fare: money(EUR) "Fare" }
  translate de { colours.red "Rot" }
}
FORM
"$formwright" tenant create acme --data "$data" >/dev/null || exit 1
serve
"$formwright" publish acme "$work/trip.form" --data "$data" >"$work/out" 2>&1 || { fail "not published"; cat "$work/out"; }
submit key-0000000000000001 '{"answers":{"colour":"red","secret":"x","members":[{"fare":"12.50"},{"fare":"-2.25"}]}}'
submit key-0000000000000002 '{"answers":{"colour":{"other":"pink"},"members":[{}]}}'

expect 0 "stats" stats acme trip
says out 'acme/trip: 2 submissions, 0 erased; 0 saved to go on with'
says out 'version 1: 2, from 2'
says out 'colour: 2 of 2'
says out '         1  red "Red"'
says out '         0  blue "Blue"'
says out '         1  (other)'
says out 'members: 3 rows'
says out 'members.fare: 2 of 3; sum 10.25 EUR, -2.25 to 12.50'
says out '1 sensitive fields are left out'
keeps_quiet out 'secret:'
expect 0 "in German" stats acme trip --locale de --version 1
says out '"Rot"'
expect 0 "as JSON" stats acme trip --json
says out '"submissions":2,"behind":0,'
expect 0 "a version without any" stats acme trip --version 7
says out 'acme/trip: 0 submissions'
expect 2 "no version" stats acme trip --version x
expect 2 "no language" stats acme trip --locale 'de&x=1'
expect 2 "half a command" stats acme
expect 3 "no such form" stats acme nothing
says err '404'
stop_server
expect 0 "without a server" stats acme trip
says out 'members: 3 rows'
finish
