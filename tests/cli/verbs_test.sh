#!/bin/sh
# Exit codes, help and output of the verbs that need no server.
set -u
formwright=$1
root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

expect() { # exit code, what, command…
    want=$1 what=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ $got = "$want" ] && return
    echo "$what: exit $got, not $want"; cat "$work/out" "$work/err"
    failed=1
}
keeps_quiet() { ! grep -qF -- "$2" "$work/$1" || { echo "$what: std$1 says \"$2\":"; cat "$work/$1"; failed=1; }; }
says() { # file (out or err), text
    grep -qF -- "$2" "$work/$1" || { echo "std$1 does not say \"$2\":"; cat "$work/$1"; failed=1; }
}

example=$root/examples/benefit_application.form
printf '{"full_name":"Ada Lovelace","born":"1980-12-10","status":"single","salary":"2000.00","members":[]}' >"$work/good.json"
printf '{"full_name":"","born":"2020-12-10","status":"maried"}' >"$work/bad.json"
printf '{"full_name":' >"$work/cut.json"
printf 'edition 2026\nform f "F" {\n  a: integer when b = 1\n}\n' >"$work/wrong.form"
printf 'edition 2026\nform f "F" { a: integer = divide(1, b, 0) b: integer }\n' >"$work/fault.form"
printf '{"b":0}' >"$work/zero.json"

expect 2 "no verb" "$formwright"
expect 0 "help" "$formwright" help
says out "check"
expect 2 "an unknown verb" "$formwright" chekc
says err 'did you mean "check"?'
for verb in $("$formwright" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    expect 0 "$verb --help" "$formwright" $verb --help
    says out "usage: formwright $verb"
done
expect 2 "an unknown option" "$formwright" check --jsn "$example"
says err "did you mean --json?"
expect 2 "a missing argument" "$formwright" check
expect 4 "a missing file" "$formwright" check "$work/absent.form"

expect 0 "check of the example" "$formwright" check "$example"
says out "steps"
expect 0 "check --json" "$formwright" check "$example" --json
says out '"valid":true'
expect 1 "check of a wrong form" "$formwright" check "$work/wrong.form"
says err "wrong.form:3:19: error[E"
expect 1 "check --json of a wrong form" "$formwright" check --json "$work/wrong.form"
says out '"valid":false'

expect 0 "eval of good answers" "$formwright" eval "$example" "$work/good.json" --now 2026-01-15T10:00:00Z --json
says out '"valid":true'
says out '"total":"2000.00"'
says out '"now":"2026-01-15T10:00:00Z"'
expect 1 "eval of bad answers" "$formwright" eval "$example" "$work/bad.json" --now 2026-01-15T10:00:00Z
says out "/full_name"
says out "/status"
expect 1 "eval of malformed answers" "$formwright" eval "$example" "$work/cut.json"
says err "malformed at byte"
expect 3 "eval that faults" "$formwright" eval "$work/fault.form" "$work/zero.json"
says err "division by zero"
expect 2 "a bad --now" "$formwright" eval "$example" "$work/good.json" --now yesterday

cp "$example" "$work/example.form"
expect 0 "fmt" "$formwright" fmt "$work/example.form"
expect 0 "fmt --check afterwards" "$formwright" fmt --check "$work/example.form"
printf 'edition 2026 form f "F" {a:text}' >"$work/dense.form"
expect 1 "fmt --check of a dense form" "$formwright" fmt --check "$work/dense.form"
expect 0 "fmt of a dense form" "$formwright" fmt "$work/dense.form"
expect 0 "and then no more" "$formwright" fmt --check "$work/dense.form"
printf 'edition 2027\n\nform f "F" {\n  email: email\n  unique on (email)\n}\n' >"$work/once.form"
expect 0 "fmt --check of a form that nobody fills in twice" "$formwright" fmt --check "$work/once.form"
expect 0 "every example is laid out" "$formwright" fmt --check "$(dirname "$example")"/*.form
expect 1 "fmt of what does not parse" "$formwright" fmt "$work/good.json"

printf 'edition 2026\nform f "F" {\n  a: text "A"\n  b: text "A" when a != "x"\n  c: text "A"\n}\n' >"$work/odd.form"
expect 0 "check with lints" "$formwright" check "$work/odd.form"
says err "warning[W0206]"
says err "warning[W0304]"
expect 1 "check --deny warnings" "$formwright" check "$work/odd.form" --deny warnings
expect 0 "check --no-lint" "$formwright" check "$work/odd.form" --deny warnings --no-lint
expect 2 "check --deny of something else" "$formwright" check "$work/odd.form" --deny all
expect 0 "check --json with lints" "$formwright" check "$work/odd.form" --json
says out '"code":"W0206","severity":"warning"'
for form in "$root"/examples/*.form; do
    grep -q "^  table " "$form" && continue # its tables are elsewhere
    expect 0 "lints of $form" "$formwright" check "$form"
    for lint in W0206 W0207 W0304 W0305 W0306 W0307 W0401; do keeps_quiet err $lint; done
done
expect 0 "explain" "$formwright" explain E0123
says out "error[E0123]: an expression is missing"
says out "example.form:3:"
says out "This is right:"
expect 0 "explain in small letters" "$formwright" explain w0201
says out "warning[W0201]"
expect 0 "explain with copies" "$formwright" explain E0132
says out "is the text 65 times"
expect 0 "the list of codes" "$formwright" explain
says out "E0123  an expression is missing"
expect 0 "explain --json" "$formwright" explain E0123 --json
says out '[{"code":"E0123","severity":"error","title":"an expression is missing"'
says out '"wrong":"age: integer min\n","right":"age: integer min 18\n"}]'
expect 2 "a code that there is not" "$formwright" explain E0199
says err "did you mean E0109?"
expect 2 "two codes" "$formwright" explain E0123 E0124

expect 0 "ir" "$formwright" ir "$example"
expect 0 "ir --lua" "$formwright" ir --lua "$example"
says out "return function"
for verb in render schema types lua module texts; do
    expect 0 "$verb" "$formwright" $verb "$example"
    expect 1 "$verb of a wrong form" "$formwright" $verb "$work/wrong.form"
    expect 2 "$verb without a file" "$formwright" $verb
    says err "usage: formwright $verb"
    expect 4 "$verb of a missing file" "$formwright" $verb "$work/absent.form"
done
# Each target tells its version where docs/targets.md says.
expect 0 "schema --stored" "$formwright" schema --stored "$example"
says out '"$id":"urn:formwright:schema:1:benefit_application:stored:'
expect 0 "types" "$formwright" types "$example"
says out '// formwright types 1: form benefit_application, '
expect 0 "ir" "$formwright" ir "$example"
says out '# formwright ir 1'
expect 0 "lua" "$formwright" lua "$example"
says out '-- formwright lua 2: form benefit_application, '
expect 0 "module" "$formwright" module "$example"
says out 'export default {format:1,form:"benefit_application",'
expect 0 "texts" "$formwright" texts "$example" --locale de
says out '{"format":1,"form":"benefit_application","language":"de","title":"Leistungsantrag"'
expect 0 "limits" "$formwright" limits
says out "SOURCE_BYTES"
expect 0 "limits --json" "$formwright" limits --json
expect 0 "settings" "$formwright" settings
says out '| `http.listen` |'
expect 0 "settings --json" "$formwright" settings --json
expect 0 "version" "$formwright" version
says out 'formwright 0.'
expect 0 "--version" "$formwright" --version
expect 0 "version --json" "$formwright" version --json
says out '"storage":{"name":"SQLite"'
for verb in check eval fmt ir tenant token publish audit; do
    expect 2 "$verb without arguments" "$formwright" $verb
    says err "usage: formwright $verb"
done
for verb in limits settings version doctor; do
    expect 2 "$verb with an argument" "$formwright" $verb now
done
expect 2 "--json=yes" "$formwright" limits --json=yes
says err 'takes no value'
expect 2 "an option without its value" "$formwright" eval "$example" "$work/good.json" --now
says err '--now needs a value'
expect 1 "eval with - for the answers" sh -c '"$0" eval "$1" - <"$2"' "$formwright" "$example" "$work/bad.json"
expect 4 "a directory for a file" "$formwright" check "$work"
exit $failed
