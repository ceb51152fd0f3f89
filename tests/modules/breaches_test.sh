#!/bin/sh
# tools/check_modules.sh must see each kind of breach when one is planted in an otherwise clean tree.
set -u
root=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

clean() {
    rm -rf "${tree:?}"/*
    for module in base dsl runtime tenants engine server cli; do mkdir "$tree/$module"; done
    echo '#include "base/str.h"' >"$tree/dsl/lexer.c"
    echo '#include <string.h>' >"$tree/base/text.c"
}
expect_seen() { # what, file, line
    clean
    printf '%s\n' "$3" >"$tree/$2"
    if "$root/tools/check_modules.sh" "$tree" >/dev/null; then echo "not seen: $1"; failed=1; fi
}

clean
"$root/tools/check_modules.sh" "$tree" || { echo "a clean tree is refused"; failed=1; }
expect_seen "an include that goes backwards" base/up.c '#include "dsl/dsl.h"'
expect_seen "an include between neighbours" tenants/side.c '#include "runtime/runtime.h"'
expect_seen "an include past a front door" engine/inside.c '#include "dsl/parser.h"'
expect_seen "an outside header in the wrong module" engine/lua.c '#include <lua.h>'
expect_seen "the HTTP library outside the server" cli/http.c '#include <microhttpd.h>'
expect_seen "a test header in the product" runtime/test.c '#include "tests/test.h"'
expect_seen "an allocation behind our back" dsl/heap.c 'void *f(void) { return malloc(3); }'
expect_seen "the locale" dsl/locale.c 'void f(void) { setlocale(0, ""); }'
expect_seen "two files of one name" server/lexer.c ''
exit $failed
