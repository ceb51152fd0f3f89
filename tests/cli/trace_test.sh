#!/bin/sh
# eval --trace and graph: what is told of one form, to the letter.
. "$(dirname "$0")/lib.sh"
golden=$root/tests/golden/trace
shop=$golden/shop.form

# same GOLDEN: what was just printed is what stands there. UPDATE_GOLDEN=1 writes it anew.
same() {
    [ -z "${UPDATE_GOLDEN:-}" ] || cp "$work/out" "$golden/$1"
    diff "$golden/$1" "$work/out" || fail "$what: not as in $1"
}

expect 1 "a trace for people" "$formwright" eval "$shop" "$golden/shop.json" --now 2026-01-15T10:00:00Z --trace
same shop.trace.txt
expect 1 "a trace as JSON" "$formwright" eval "$shop" "$golden/shop.json" --now 2026-01-15T10:00:00Z --trace --json
same shop.trace.json
expect 1 "the verdict alone" "$formwright" eval "$shop" "$golden/shop.json" --now 2026-01-15T10:00:00Z --json
tail=$(cat "$work/out")
grep -qF -- "\"verdict\":$tail" "$golden/shop.trace.json" || fail "the trace's verdict is another one"
expect 1 "a trace from standard input" sh -c '"$0" eval - "$1" --now 2026-01-15T10:00:00Z --trace <"$2"' "$formwright" "$golden/shop.json" "$shop"
same shop.trace.txt

why() {
    expect "$1" "why $2" "$formwright" eval "$shop" "$golden/shop.json" --now 2026-01-15T10:00:00Z --explain "$2"
}
why 1 all
same shop.explain.txt
expect 1 "why, as JSON" "$formwright" eval "$shop" "$golden/shop.json" --now 2026-01-15T10:00:00Z --explain items.gift.kind --json
same shop.explain.json
why 1 nobody
says out 'hidden by nobody'
says out '22:16 when of nobody: `unless member` → false'
says out 'member = true'
why 1 /items/1/price
says out 'required yes'
says out '`required when n > 1` → true'
keeps_quiet out '/items/0/price'
why 2 nothing
says err '"nothing" is no path or place of this form'
keeps_quiet out 'not valid'
why 2 /items/9/price
expect 2 "a trace and why" "$formwright" eval "$shop" "$golden/shop.json" --trace --explain rate
says err "do not go together"

expect 0 "a graph for Graphviz" "$formwright" graph "$shop"
same shop.dot
expect 0 "a graph for Mermaid" "$formwright" graph "$shop" --format mermaid
same shop.mermaid
expect 0 "a graph for scripts" "$formwright" graph "$shop" --format json
same shop.graph.json
expect 2 "a format that there is not" "$formwright" graph "$shop" --format svg
says err "none of dot, mermaid, json"
expect 2 "graph of nothing" "$formwright" graph
printf 'edition 2026 form f "F" { a: integer = b }' >"$work/wrong.form"
expect 1 "a graph of what is no form" "$formwright" graph "$work/wrong.form"
says err "error[E0203]"

# Codes of options may hold anything; labels must not break.
printf 'edition 2026 form f "F" { a: boolean b: choice(c) choices c { "x\\"]<" "X" when a  y "Y" } }' >"$work/odd.form"
expect 0 "a graph with odd codes" "$formwright" graph "$work/odd.form"
keeps_quiet out 'x"'
says out 'c.x_]_'
finish
