#!/bin/sh
# Translations in files of their own: found beside the form or named, told in their own lines, published as one text.
. "$(dirname "$0")/lib.sh"
run() { "$formwright" "$@" --data "$data"; }
cat >"$work/visit.form" <<'FORM'
edition 2026

form visit "Visit" {
  languages en, de, fr
  full_name: text "Full name" required else "Tell us."
  pay: money(EUR) "Pay" min 1_000
}
FORM
cat >"$work/whole.form" <<'FORM'
edition 2026

form visit "Visit" {
  languages en, de, fr
  full_name: text "Full name" required else "Tell us."
  pay: money(EUR) "Pay" min 1_000

  translate de {
    # by hand
    title "Besuch"
    full_name "Name"
    full_name.required "Bitte."
    pay "Lohn" of "Pay"
  }

  translate fr {
    title "Visite"
    full_name "Nom"
    full_name.required "S’il vous plaît."
    pay "Paie"
  }
}
FORM
printf '# by hand\ntitle "Besuch"\nfull_name "Name"\nfull_name.required "Bitte."\npay "Lohn" of "Pay"\n' >"$work/visit.de.lang"
printf 'title "Visite" full_name   "Nom"\nfull_name.required "S’il vous plaît."\npay "Paie"\n' >"$work/french.lang"
printf '{"full_name":"A","pay":1}' >"$work/a.json"

expect 0 "a language is not there yet" "$formwright" check "$work/visit.form"
says err '4 of 4 texts have no translation into "fr"'
keeps_quiet err '"de"'
expect 0 "both are there" "$formwright" check "$work/visit.form" --translation "fr=$work/french.lang"
keeps_quiet err 'W0202'
expect 1 "eval in German" "$formwright" eval "$work/visit.form" "$work/a.json" --locale de
says out '„Lohn“ muss mindestens 1.000,00'
expect 1 "eval in French" "$formwright" eval "$work/visit.form" "$work/a.json" --locale fr --translation="fr=$work/french.lang"
says out '« Paie »'
expect 0 "render" "$formwright" render "$work/visit.form"
says out '"de":"Besuch"'

expect 0 "a file that was named takes the place of the one beside the form" "$formwright" check "$work/visit.form" --json --translation "de=$work/french.lang"
says out '"translations":[{"file":"'"$work"'/french.lang","diagnostics":[]}]'
printf 'title "Besuch"\nfull_nam "Name"\npay "Lohn" of "Wage"\n' >"$work/visit.de.lang"
expect 1 "what is wrong is told in the file's own lines" "$formwright" check "$work/visit.form"
says err 'visit.de.lang:2:1: error[E0219]'
says err 'visit.de.lang:3:15: warning[W0204]'
expect 1 "for programs" "$formwright" check "$work/visit.form" --json
says out '"file":"'"$work"'/visit.de.lang","diagnostics":[{"code":"E0219"'
expect 1 "for SARIF" "$formwright" check "$work/visit.form" --format sarif
says out 'visit.de.lang"},"region":{"startLine":2,'
expect 1 "for GitHub" "$formwright" check "$work/visit.form" --format github
says out 'visit.de.lang,line=2,col=1,'
printf 'title "Besuch" } check false else "No." translate fr {' >"$work/visit.de.lang"
expect 1 "a file holds entries only" "$formwright" check "$work/visit.form"
says err 'visit.de.lang:1:16: a translation file holds entries only'
printf 'title "Bisita"\n' >"$work/visit.eu.lang"
printf 'title "Besuch"\n' >"$work/visit.de.lang"
expect 1 "a language that the form does not have" "$formwright" check "$work/visit.form"
says err 'visit.eu.lang:1:1: error[E0220]'
rm "$work/visit.eu.lang"
expect 4 "a file that is not there" "$formwright" check "$work/visit.form" --translation fr=none.lang
expect 2 "no language" "$formwright" check "$work/visit.form" --translation none.lang
says err '--translation: "none.lang" is not LANG=FILE.lang'

set --
for i in $(seq 1 100); do set -- "$@" --translation "de=$work/french.lang"; done
expect 1 "as many files as languages" "$formwright" check "$work/visit.form" "$@" # each text is translated a hundred times
says err 'E0221'
what="the hundred and first translation"
expect 2 "$what" "$formwright" check "$work/visit.form" "$@" --translation "de=$work/french.lang"
says err 'at most 100 languages'

expect 0 "fmt" "$formwright" fmt "$work/french.lang"
printf 'title "Visite"\nfull_name "Nom"\nfull_name.required "S’il vous plaît."\npay "Paie"\n' | cmp -s - "$work/french.lang" || fail "french.lang is not laid out"

printf '# by hand\ntitle "Besuch"\nfull_name "Name"\nfull_name.required "Bitte."\npay "Lohn" of "Pay"\n' >"$work/visit.de.lang"
expect 0 "the whole is laid out" "$formwright" fmt --check "$work/whole.form"
expect 0 "a tenant" run tenant create acme
expect 0 "publish" run publish acme "$work/visit.form" --translation "fr=$work/french.lang"
says out 'acme/visit version 1'
expect 0 "one text is stored, as if it had been written so" run publish acme "$work/whole.form"
says out '(was there already)'
finish
