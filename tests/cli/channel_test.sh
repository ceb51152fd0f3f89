#!/bin/sh
# Publishing to channels, rolling out and back, retiring, by the verbs publish, channel and retire.
. "$(dirname "$0")/lib.sh"
run() { "$formwright" "$@" --data "$data"; }
for n in 1 2 3; do printf 'edition 2026\nform visa "Visa %s" { name: text "Name %s" }\n' $n $n >"$work/$n.form"; done

expect 0 "a tenant" run tenant create acme
expect 0 "publish" run publish acme "$work/1.form"
says out 'acme/visa version 1'
expect 0 "publish to another channel" run publish acme "$work/2.form" --channel preview
expect 0 "publish to none" run publish acme "$work/3.form" --channel none
says out 'acme/visa version 3'
expect 3 "publish to what is no channel" run publish acme "$work/1.form" --channel No
says err '400 parameter-malformed'
expect 0 "list" run channel list acme visa
says out 'acme/visa live: version 1 (revision 1, '
says out 'acme/visa preview: version 2 (revision 1, '
[ "$(wc -l <"$work/out")" = 2 ] || fail "there are not two channels"
expect 0 "list as JSON" run channel list acme visa --json
says out '{"items":[{"channel":"live","version":1,'

expect 0 "to some" run channel set acme visa live 3 --percent 10 --why "a tenth first"
says out 'acme/visa live: version 1; version 3 for 10 of 100 (revision 2, '
expect 0 "to all" run channel set acme visa live 3
says out 'acme/visa live: version 3 (revision 3, '
expect 3 "when it has changed" run channel set acme visa live 1 --if-match '"channel-2"'
says err '412 channel-stale'
expect 0 "back" run channel set acme visa live 1 --if-match '"channel-3"' --why "back"
says out 'acme/visa live: version 1 (revision 4, '
expect 3 "to what is not there" run channel set acme visa live 9
expect 1 "a new one for some" run channel set acme visa beta 1 --percent 5
says err '422 bad-value'
expect 2 "more than all" run channel set acme visa live 3 --percent 101
expect 2 "no number" run channel set acme visa live three
expect 2 "half a command" run channel set acme visa live
expect 2 "no such word" run channel move acme visa live 1
expect 0 "the log" run audit list acme --action channel.set
says out 'live: version 1, version 3 for 10 of 100'
says out 'a tenth first'

expect 0 "a bucket" "$formwright" channel bucket ada@example.org
[ "$(cat "$work/out")" = 13 ] || fail "the bucket is $(cat "$work/out")"

expect 2 "retire without a reason" run retire acme visa 3
expect 2 "retire with a strange span" run retire acme visa 3 --why over --grace soon
expect 3 "retire what is live" run retire acme visa 1 --why over
says err '409 version-in-use'
expect 0 "retire" run retire acme visa 3 --why "never rolled out" --grace 24h
says out 'acme/visa version 3 is retired; submissions are taken until '
expect 3 "retire twice" run retire acme visa 3 --why again
says err '409 illegal-transition'
expect 3 "serve what is retired" run channel set acme visa live 3
says err '409 version-retired'
expect 0 "at once" run publish acme "$work/1.form"
says out '(was there already)'
expect 0 "the preview leaves it" run channel set acme visa preview 1
expect 0 "retire as JSON" run retire acme visa 2 --why over --grace 0 --json
says out '"state":"retired"'
finish
