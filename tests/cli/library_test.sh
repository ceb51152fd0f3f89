#!/bin/sh
# libcurl is loaded by the verbs that speak HTTP and by nothing else; where it is absent, they say so and the server serves.
. "$(dirname "$0")/lib.sh"
printf 'edition 2026\nform visit "Visit" {\n  name: text "Name" required\n}\n' >"$work/visit.form"
mkdir "$work/broken"
: >"$work/broken/libcurl.so.4" # found before the system's, and no library
: >"$work/broken/libcurl-gnutls.so.4"
absent() { LD_LIBRARY_PATH=$work/broken "$@"; }

what="what is linked"
! ldd "$formwright" | grep -q libcurl || fail "the program is linked with libcurl"

serve
what="the server's libraries"
grep -q libmicrohttpd "/proc/$server/maps" || fail "the libraries of a process cannot be seen"
! grep -q libcurl "/proc/$server/maps" || fail "the server has loaded libcurl"
expect 0 "a tenant, by libcurl" "$formwright" tenant create acme --data "$data"
stop_server

expect 4 "a tenant without libcurl" absent "$formwright" tenant create other --data "$data"
says err 'libcurl'
says err 'apt install libcurl4'
says err 'libcurl.so.4: file too short'
expect 0 "afterwards nothing has been made" "$formwright" tenant list --data "$data"
says out 'acme'
keeps_quiet out 'other'
expect 0 "checking a form needs no libcurl" absent "$formwright" check "$work/visit.form"
expect 0 "neither does looking at the files" absent "$formwright" doctor --data "$data"
serving=$formwright
formwright=$work/alone
printf '#!/bin/sh\nexec env LD_LIBRARY_PATH=%s %s "$@"\n' "$work/broken" "$serving" >"$formwright"
chmod +x "$formwright"
serve
[ "$(curl -s -o /dev/null -w '%{http_code}' "$admin/readyz")" = 200 ] || fail "without libcurl the server does not serve"
stop_server
finish
