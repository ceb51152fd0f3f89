#!/bin/sh
# The JSON Schema and the TypeScript types of every example and every form of tests/language beside the engine: with ajv and tsc, over their cases and thousands
# of changed ones.
#
#   tests/targets/answers_test.sh FORMWRIGHT JUDGE_LINES ROOT NODE_MODULES        77: skipped
set -u
formwright=$1 judge=$2 root=$3 modules=$4
if ! command -v node >/dev/null || [ ! -d "$modules/ajv" ] || [ ! -d "$modules/typescript" ]; then
    echo "SKIPPED: node with ajv and typescript is not here (./dev test installs it in build/npm/tests): schemas and types are NOT checked"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
NODE_PATH=$modules node "$root/tests/targets/answers.cjs" "$formwright" "$judge" "$root" "$work" || exit 1
# Every file that was written: the types, what must compile, and what must not (@ts-expect-error).
cat >"$work/tsconfig.json" <<'END'
{"compilerOptions": {"strict": true, "noEmit": true, "types": [], "target": "es2022", "module": "es2022", "moduleResolution": "bundler"}, "include": ["*.ts"]}
END
if ! node "$modules/typescript/lib/tsc.js" --project "$work" >"$work/log"; then
    sed "s|^.*$work/||" "$work/log" | head -40
    exit 1
fi
echo "$(ls "$work"/*.ts | wc -l) files compile"
