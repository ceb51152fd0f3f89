#!/bin/sh
# formwright replay: what is stored is judged again, from its own version, moment, zone and locale, and compared byte for byte.
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || { echo "SKIPPED: there is no curl (./dev test installs it)"; exit 77; }
replay() { "$formwright" replay --data "$data" "$@"; }
submit() { # form, key, body: must be stored
    got=$(curl -s -o "$work/answer" -w '%{http_code}' -H "Idempotency-Key: $2" -H 'Content-Type: application/json' -d "$3" "$url/v1/p/acme/$1/submissions")
    [ "$got" = 201 ] || { fail "$1 $2: $got"; cat "$work/answer"; }
}
cat >"$work/fee.form" <<'FORM'
edition 2026

form fee "Fee" {
  timezone "Pacific/Auckland"
  languages en, de
  name: text "Name" required
  minor: boolean "Are you under age?"
  guardian: text "Guardian" when minor
  amount: decimal(2) "Amount" min 0.00
  fee: decimal(2) = round(amount * 0.1, 2)
  day: date = today()
  wards_known: choice(wards) "Ward"
  table wards { key code: text  label name: text }
  repeat items "Items" 0..5 { what: text "What" required  price: decimal(2) "Price" }
  total: decimal(2) = sum(items.price)
}
FORM
sed 's/amount \* 0.1/amount * 0.2/' "$work/fee.form" >"$work/fee2.form"
printf 'code,name\na,One\nb,Two\n' >"$work/wards.csv"
"$formwright" tenant create acme --data "$data" >/dev/null || exit 1
"$formwright" tenant create empty --data "$data" >/dev/null || exit 1
serve
"$formwright" table put acme wards "$work/wards.csv" --data "$data" >/dev/null || fail "no table"
"$formwright" publish acme "$work/fee.form" --data "$data" >"$work/out" 2>&1 || { fail "not published"; cat "$work/out"; }
# Members that do not count, numbers in another spelling, what is not relevant: stored is what counted.
submit fee key-0000000000000001 '{"answers":{"name":"Ada","amount":"1e2","guardian":"nobody","fee":5,"items":[{"what":"x","price":1.50},{"what":"y"}]}}'
submit fee key-0000000000000002 '{"answers":{"name":"Björn","minor":true,"guardian":"Eve","wards_known":"b"},"meta":{"locale":"de"}}'
printf 'code,name\na,Other\n' >"$work/wards.csv" # the version keeps the table that it was published with
"$formwright" table put acme wards "$work/wards.csv" --data "$data" >/dev/null || fail "no second table"
submit fee key-0000000000000003 '{"answers":{"name":"Cem","wards_known":"b"}}'
"$formwright" publish acme "$work/fee2.form" --data "$data" >"$work/out" 2>&1 || { fail "not published again"; cat "$work/out"; }
submit fee key-0000000000000004 '{"answers":{"name":"Dan","amount":"10.00"}}'
submit fee key-0000000000000005 '{"version":1,"answers":{"name":"Eve","amount":"10.00"}}'

expect 0 "beside its server" replay
says out '5 submissions judged again, 5 same'
reader=$("$formwright" token create acme --role reader --data "$data" | grep -o 'fmd_[A-Za-z0-9_-]*')
curl -s -H "Authorization: Bearer $reader" "$url/v1/tenants/acme/forms/fee/submissions?limit=1" >"$work/out"
says out '"definition_hash":"'
says out '"edition":"2026"'
says out '"verdict_hash":"'
stop_server
expect 0 "without a server" replay --all
says out 'acme/fee version 2 sub_'
says out ': same: '
expect 0 "as JSON" replay --tenant acme --form fee --all --json
says out '"result":"same"'
says out '"compiler_version":"'
says out '{"submissions":5,"same":5,"answers-differ":0,'
expect 0 "a tenant without forms" replay --tenant empty
says out '0 submissions judged again, 0 same'
expect 3 "no such form" replay --tenant acme --form none
expect 3 "no such tenant" replay --tenant none
expect 3 "no such directory" "$formwright" replay --data "$work/nowhere"
[ ! -e "$work/nowhere" ] || fail "replay has made a directory"
expect 2 "no such option" replay --none

if ! command -v sqlite3 >/dev/null; then
    echo "SKIPPED in part: there is no sqlite3 shell here (./dev test installs it)"
    finish
fi
file=$data/tenants/acme/data.db
sound=$work/sound.db
sqlite3 "$file" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp "$file" "$sound"
altered() { # what, SQL, the result
    sqlite3 "$file" "DROP TRIGGER submission_keeps; DROP TRIGGER version_keeps; $2" || fail "$1: no change"
    expect 1 "$1" replay
    says out ": $3: "
    expect 1 "$1 as JSON" replay --json
    says out "\"result\":\"$3\""
    rm -f "$file-wal" "$file-shm"
    cp "$sound" "$file"
}
altered "an altered answer" "UPDATE submission SET answers = replace(answers, 'Ada', 'Bob')" verdict-differs
altered "an answer in another spelling" "UPDATE submission SET answers = replace(answers, '\"100.00\"', '100.0')" answers-differ
altered "an altered moment" "UPDATE submission SET judged_now = '2020-01-01T00:00:00Z'" answers-differ
altered "an altered locale" "UPDATE submission SET locale = 'de' WHERE locale <> 'de'" verdict-differs
altered "an altered verdict" "UPDATE submission SET verdict_hash = zeroblob(32)" verdict-differs
altered "an altered count of steps" "UPDATE submission SET steps = steps + 1" verdict-differs
altered "a moment that is none" "UPDATE submission SET judged_now = 'noon'" unreadable
altered "answers that are none" "UPDATE submission SET answers = '{}'" invalid
altered "answers that are no JSON" "UPDATE submission SET answers = '{'" unjudged
altered "another rule in its version" "UPDATE version SET source = replace(source, '* 0.1', '* 0.3')" answers-differ
altered "a version that is no form" "UPDATE version SET source = 'form' WHERE number = 1" uncompiled
sqlite3 "$file" 'PRAGMA user_version = 1'
expect 3 "a file of an older program" replay
says err 'was written by an older formwright'
finish
