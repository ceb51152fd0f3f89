#!/bin/sh
# Settings of `serve`: built in < file < environment < flags, each told with its origin; what is not understood is refused.
. "$(dirname "$0")/lib.sh"
config=$work/formwright.toml
print() { "$formwright" serve --print-config "$@"; }

expect 0 "the built-in settings" print
says out 'http.listen = "127.0.0.1:8080"'
says out 'log.access = true'
[ "$(grep -c '# built in$' "$work/out")" = "$(wc -l <"$work/out")" ] || fail "not every setting is built in"
cp "$work/out" "$work/printed.toml"
expect 0 "what is printed is a file that can be read" print --config "$work/printed.toml"
[ "$(grep -c '# file ' "$work/out")" = "$(wc -l <"$work/out")" ] || fail "not every setting comes from the file"

printf '# a comment\n\nhttp.listen = "127.0.0.1:1" # where\n\thttp.idle_seconds=7\r\nlog.access = false\nstorage.data = "a \\"b\\" \\\\c"\n' >"$config"
expect 0 "a file" print --config "$config"
says out 'http.listen = "127.0.0.1:1"'
says out "# file $config:3"
says out 'http.idle_seconds = 7 '
says out 'log.access = false'
says out 'storage.data = "a \"b\" \\c"'
expect 0 "the environment is over the file" env FORMWRIGHT_HTTP_LISTEN=127.0.0.1:2 "$formwright" serve --print-config --config "$config"
says out 'http.listen = "127.0.0.1:2"'
says out '# environment FORMWRIGHT_HTTP_LISTEN'
expect 0 "a flag is over the environment" env FORMWRIGHT_HTTP_LISTEN=127.0.0.1:2 "$formwright" serve --http.listen 127.0.0.1:3 --print-config --config "$config"
says out 'http.listen = "127.0.0.1:3"'
says out '# flag --http.listen'
expect 0 "the file may be named by the environment" env FORMWRIGHT_CONFIG="$config" "$formwright" serve --print-config
says out "# file $config:3"
printf 'http.listen = "127.0.0.1:9"\n' >"$work/other.toml"
expect 0 "a flag names another" env FORMWRIGHT_CONFIG="$config" "$formwright" serve --print-config --config "$work/other.toml"
says out 'http.listen = "127.0.0.1:9"'

expect 0 "short flags" print --data d --listen 127.0.0.1:4 --threads 2 --quiet
says out 'storage.data = "d"'
says out '# flag --data'
says out 'http.listen = "127.0.0.1:4"'
says out 'http.threads = 2'
says out 'log.level = "warn"'
says out 'log.access = false'
says out '# flag --quiet'
expect 0 "a long flag is over --quiet" print --quiet --log.level debug
says out 'log.level = "debug"'
expect 0 "--print-config --json" print --json --http.header_ms=500
says out '{"name":"http.header_ms","value":500,"origin":"flag","from":"--http.header_ms"}'
says out '{"name":"log.access","value":true,"origin":"built in"}'
expect 2 "--json alone" "$formwright" serve --json
says err '--print-config'
expect 2 "both spellings of a flag" print --listen 127.0.0.1:1 --http.listen 127.0.0.1:2
says err '--listen and --http.listen are the same setting'

# Each kind of value at its ends, in each spelling.
expect 0 "the least and the most" print --http.threads 0 --http.idle_seconds 3600 --cache.bytes_max 1099511627776
expect 0 "as many tenants as METRICS_TENANTS" print --metrics.tenants 100
expect 2 "one tenant more" print --metrics.tenants 101
says err 'a whole number of tenants from 0 to 100, not "101"'
expect 2 "more than the most" print --http.threads 65
says err '--http.threads: http.threads is a whole number of threads from 0 to 64, not "65"'
expect 2 "less than the least" print --http.drain_ms 0
expect 2 "a negative number" print --http.drain_ms -1
expect 2 "no number" print --http.drain_ms 1s
expect 2 "an empty number" print --http.drain_ms=
expect 2 "a number past all numbers" print --http.drain_ms 99999999999999999999
expect 2 "another word" print --log.level loud
says err 'debug info warn error'
expect 2 "part of a word" print --log.level "info warn"
expect 2 "neither true nor false" print --log.access yes
says err 'is true or false, not "yes"'
expect 2 "an empty text" print --http.listen ""
expect 2 "an unknown flag" print --http.lisen 127.0.0.1:1
says err 'did you mean --http.listen?'
expect 2 "an unknown variable" env FORMWRIGHT_HTTP_LISTN=x "$formwright" serve --print-config
says err 'FORMWRIGHT_HTTP_LISTN"; did you mean "FORMWRIGHT_HTTP_LISTEN"?'
expect 2 "an unknown variable near the file's" env FORMWRIGHT_CONFG=x "$formwright" serve --print-config
says err 'did you mean "FORMWRIGHT_CONFIG"?'
expect 2 "a wrong variable" env FORMWRIGHT_LOG_ACCESS=maybe "$formwright" serve --print-config
says err 'FORMWRIGHT_LOG_ACCESS: log.access is true or false'
expect 4 "a file that is not there" print --config "$work/absent.toml"
expect 4 "nor by the environment" env FORMWRIGHT_CONFIG="$work/absent.toml" "$formwright" serve --print-config

# What a file may not hold: file:line of each, all in one go.
wrong() { # what, line, part of the message
    printf '# first\n%b\n' "$2" >"$config"
    expect 2 "$1" print --config "$config"
    says err "$config:2: "
    says err "$3"
}
wrong "an unknown key" 'http.lisen = "x"' 'there is no setting "http.lisen"; did you mean "http.listen"?'
wrong "a key that is nothing like any" 'colour = "x"' 'there is no setting "colour"'
wrong "a number in quotes" 'http.threads = "2"' 'http.threads is a number, not a text'
wrong "a text without quotes" 'http.listen = localhost' 'a value is a text in double quotes, a whole number, true or false'
wrong "a text for a switch" 'log.access = "true"' 'log.access is true or false, not a text'
wrong "a switch for a text" 'log.level = true' 'log.level is a text in double quotes, not true or false'
wrong "out of range" 'http.threads = 65' 'from 0 to 64'
wrong "a number past all numbers" 'http.threads = 99999999999999999999' 'from 0 to 64'
wrong "a fraction" 'http.threads = 1.5' 'a whole number'
wrong "no value" 'http.threads =' 'there is no value'
wrong "a comment for a value" 'http.threads = # none' 'there is no value'
wrong "no name" '= 3' 'there is no name'
wrong "no equals sign" 'http.threads 3' 'a line is: name = value'
wrong "a section" '[http]' 'there are no sections'
wrong "an open text" 'http.listen = "x' 'no closing quote'
wrong "an escape" 'http.listen = "\\n"' 'a backslash stands only before'
wrong "a backslash at the end" 'http.listen = "x\\' 'a backslash stands only before'
wrong "more behind a text" 'http.listen = "x" y' 'there is more behind the value'
wrong "more behind a number" 'http.threads = 2 3' 'there is more behind the value'
wrong "a list" 'http.listen = ["x"]' 'a value is a text'
wrong "an empty text" 'http.listen = ""' 'http.listen is not empty'
wrong "single quotes" "http.listen = 'x'" 'a value is a text in double quotes'
wrong "a control character" 'http.listen = "a\0001"' 'control characters'
printf 'http.threads = 1\nhttp.threads = 2\n' >"$config"
expect 2 "a repeated key" print --config "$config"
says err "$config:2: http.threads stands at $config:1 already"
printf 'a = 1\nb = 2\nhttp.threads = 65\n' >"$config"
expect 2 "three faults" env FORMWRIGHT_X=1 "$formwright" serve --print-config --config "$config"
[ "$(wc -l <"$work/err")" = 4 ] || fail "not every fault is told"
printf 'http.listen = "\377"\n' >"$config"
expect 2 "no UTF-8" print --config "$config"
printf 'http.listen = "a\000b"\n' >"$config"
expect 2 "a NUL" print --config "$config"
{ printf '# '; head -c 65534 /dev/zero | tr '\0' x; } >"$config"
expect 0 "a file of CONFIG_BYTES" print --config "$config"
printf 'x' >>"$config"
expect 2 "a byte more" print --config "$config"
says err "longer than 65536 bytes"
: >"$config"
expect 0 "an empty file" print --config "$config"

# Every setting can be given in its three spellings, and is in the table.
"$formwright" settings --json | tr '{' '\n' | sed -n 's/^"name":"\([^"]*\)","default":\([^,]*\),.*/\1 \2/p' >"$work/list"
[ "$(wc -l <"$work/list")" -ge 17 ] || fail "settings --json lists too few"
while read -r name value; do
    variable=FORMWRIGHT_$(echo "$name" | tr 'a-z.' 'A-Z_')
    bare=$(echo "$value" | tr -d '"')
    printf '%s = %s\n' "$name" "$value" >"$config"
    expect 0 "$name in a file" print --config "$config"
    says out "# file $config:1"
    expect 0 "$variable" env "$variable=$bare" "$formwright" serve --print-config
    says out "# environment $variable"
    expect 0 "--$name" print "--$name" "$bare"
    says out "# flag --$name"
    expect 0 "the table" "$formwright" settings
    says out "| \`$name\` | \`$value\` |"
done <"$work/list"

# They take effect.
printf 'http.connections_per_address_max = 50\nhttp.drain_ms = 100\nlog.level = "debug"\n' >"$config"
serve --config "$config" --cache.bytes_max 2000000
expect 0 "a server with a file" "$formwright" tenant create acme --data "$data"
stop_server
grep -q '"route":"tenants_post"' "$work/serve.out" || fail "requests are not logged"
serve --quiet
expect 0 "a quiet server" "$formwright" tenant list --data "$data"
stop_server
grep -q '"route"' "$work/serve.out" && fail "a quiet server logs requests"
grep -q '"level":"info"' "$work/serve.err" && fail "a quiet server logs information"
expect 2 "no origin" "$formwright" serve --data "$data" --listen 127.0.0.1:0 --http.cors_origins "https://a.org https://b.org/x"
says err 'http.cors_origins: "https://a.org https://b.org/x" is not none'
expect 2 "no admin address" "$formwright" serve --data "$data" --listen 127.0.0.1:0 --http.admin_listen nowhere
says err 'http.admin_listen: "nowhere" is not ADDRESS:PORT, unix:PATH or none'
expect 2 "no address" "$formwright" serve --data "$data" --listen nowhere
says err 'http.listen: "nowhere" is not ADDRESS:PORT'
expect 0 "the managing verbs know the variable" env FORMWRIGHT_STORAGE_DATA="$data" "$formwright" tenant list
says out acme
finish
