#!/bin/sh
# Lookup tables: for check, eval and ir from files, for a tenant by the verb table.
. "$(dirname "$0")/lib.sh"
run() { "$formwright" "$@" --data "$data"; }
cat >"$work/survey.form" <<'FORM'
edition 2026

form survey "Survey" {
  state: text "State"
  ward: choice(wards where state = outer.state) "Ward"
  people: integer = ward.people
  table wards { key code: text  label name: text  state: text  people: integer }
}
FORM
printf 'code,name,state,people\na1,One,A,10\nb1,"Two, too",B,20\n' >"$work/wards.csv"
printf 'code,name,state,people\na1,One,A,many\n' >"$work/odd.csv"
printf 'code,name\na1\n' >"$work/broken.csv"
printf '{"state":"A","ward":"a1"}' >"$work/a.json"

expect 1 "without its table" "$formwright" check "$work/survey.form"
says err 'E0230'
says err '--table NAME=FILE.csv'
expect 0 "with it" "$formwright" check "$work/survey.form" --table "wards=$work/wards.csv"
expect 0 "and with =" "$formwright" check "--table=wards=$work/wards.csv" "$work/survey.form"
expect 1 "a cell of another type" "$formwright" check "$work/survey.form" --table "wards=$work/odd.csv"
says err 'in row 1 of table wards "many" is no integer'
expect 1 "a file that is no table" "$formwright" check "$work/survey.form" --table "wards=$work/broken.csv"
says err 'broken.csv:2: this row has not as many cells as the header'
expect 4 "a file that is not there" "$formwright" check "$work/survey.form" --table "wards=$work/none.csv"
expect 2 "no file at all" "$formwright" check "$work/survey.form" --table wards
expect 0 "eval" "$formwright" eval "$work/survey.form" "$work/a.json" --json --table "wards=$work/wards.csv"
says out '"people":10'
expect 0 "ir" "$formwright" ir "$work/survey.form" --table "wards=$work/wards.csv"
says out 'version 1, 2 rows'

set --
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do set -- "$@" --table "t$i=$work/wards.csv"; done
expect 0 "twenty tables" "$formwright" check "$work/survey.form" --table "wards=$work/wards.csv" "$@"
what="table t21" # one more than twenty
expect 2 "$what" "$formwright" check "$work/survey.form" --table "wards=$work/wards.csv" "$@" --table "t21=$work/wards.csv"

expect 0 "a tenant" run tenant create acme
expect 0 "put" run table put acme wards "$work/wards.csv"
says out 'acme/wards version 1, 2 rows, 4 columns'
expect 0 "put again" run table put acme wards "$work/wards.csv"
says out '(was there already)'
expect 1 "put what is no table" run table put acme wards "$work/broken.csv"
says err '422 table-invalid'
expect 0 "publish" run publish acme "$work/survey.form"
says out 'acme/survey version 1'
expect 0 "put another" run table put acme wards "$work/odd.csv" --json
says out '"version":2'
expect 1 "the newest does not fit" run publish acme "$work/survey.form"
expect 0 "list" run table list acme
says out 'acme/wards version 2, 1 rows'
expect 0 "get" run table get acme wards --version 1
cmp -s "$work/out" "$work/wards.csv" || fail "version 1 is not what was uploaded"
expect 0 "get the newest" run table get acme wards
cmp -s "$work/out" "$work/odd.csv" || fail "the newest is not what was uploaded"
expect 3 "get none" run table get acme none
expect 2 "no errand" run table drop acme
finish
