#!/bin/sh
# formwright invitation: what it issues lets somebody in once, what it revokes does not, and a code is printed once.
. "$(dirname "$0")/lib.sh"
matches() { grep -q -- "$1" "$work/out" || fail "$what: $1 is not there"; }
run() { "$formwright" "$@" --data "$data"; }
printf 'edition 2027 form party "Party" {\n  guests: integer "Guests"\n  unique per invitation\n}\n' >"$work/party.form"
printf 'Ada\n\nZoë "the second"\r\nlast without an end' >"$work/guests.txt"
: >"$work/empty.txt"

expect 0 "a tenant" run tenant create acme
expect 0 "a form" run publish acme "$work/party.form"

expect 0 "one" run invitation issue acme party
matches '^/f/acme/party?invitation=[0-9a-f]\{32\}$'
code=$(sed 's/.*=//' "$work/out")
expect 0 "for each line one" run invitation issue acme party --references "$work/guests.txt" --site https://forms.example.org --expires 12h
[ "$(wc -l <"$work/out")" = 3 ] || fail "three lines make three invitations"
matches "https://forms.example.org/f/acme/party?invitation=.*$(printf '\t')Ada\$"
matches 'Zoë "the second"$'
expect 0 "more than one request may ask for" run invitation issue acme party --count 120
[ "$(wc -l <"$work/out")" = 120 ] || fail "120 are issued"
expect 0 "as JSON" run invitation issue acme party --json
matches '"code":"[0-9a-f]\{32\}"'
id=$(sed 's/.*"id":"\(inv_[^"]*\)".*/\1/' "$work/out")

expect 0 "the list" run invitation list acme party
[ "$(wc -l <"$work/out")" = 125 ] || fail "the list has all 125"
matches "^inv_[^ ]* issued  since .* expires .* (Ada)\$"
keeps_quiet out "$code"
expect 0 "revoked" run invitation revoke acme party "$id" --why 'sent to the wrong one'
says out "invitation $id is revoked"
expect 0 "revoked twice" run invitation revoke acme party "$id" --why 'sent to the wrong one'
expect 0 "the list of those" run invitation list acme party --state revoked
[ "$(wc -l <"$work/out")" = 1 ] || fail "one is revoked"
expect 0 "the log has the reason" run audit list acme --action invitation.revoke
says out 'sent to the wrong one'

expect 2 "no reason" run invitation revoke acme party "$id"
expect 3 "none such" run invitation revoke acme party inv_none --why 'gone'
says err '404 not-found'
expect 3 "no such form" run invitation issue acme nothing
expect 3 "too long a life" run invitation issue acme party --expires 3000d
says err 'within five years'
expect 2 "no span" run invitation issue acme party --expires soon
expect 2 "no number" run invitation issue acme party --count 0
expect 2 "two ways at once" run invitation issue acme party --count 1 --references "$work/guests.txt"
expect 2 "nobody" run invitation issue acme party --references "$work/empty.txt"
expect 2 "no state" run invitation list acme party --state lost
expect 2 "no errand" run invitation acme party
finish
