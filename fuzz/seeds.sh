#!/usr/bin/env bash
# fuzz/seeds.sh FOLDER: what fuzzing begins with besides fuzz/corpus/: the project's own forms, cases and patterns, and the zones of the
# machine, in FOLDER/<target>/. Made anew each time, so nothing is kept twice.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"; out=$(cd "$1" && pwd)
cd "$root"
rm -rf "$out"/*
mkdir -p "$out"/{lexer,parser,check,compile,json,pattern,zone,config}

git ls-files 'examples/*.form' 'tests/*.form' 'bench/*.form' | while read -r form; do
  for target in lexer parser check compile; do cp "$form" "$out/$target/${form//\//_}"; done
done
git ls-files '*.cases.json' | while read -r cases; do cp "$cases" "$out/json/${cases//\//_}"; done
# A pattern, a 0 and bytes that choose subjects. In a form its backslashes and quotes are written \\ and \".
git ls-files 'examples/*.form' 'tests/*.form' 'docs/language.md' | xargs sed -nE 's/.*pattern "(([^"\\]|\\.)*)".*/\1/p' | sed 's/\\\\/\\/g; s/\\"/"/g' | sort -u |
  { number=0; while IFS= read -r pattern; do number=$((number + 1)); printf '%s\0subjects by these bytes, 0123456789' "$pattern" >"$out/pattern/$number"; done; }
for zone in Europe/Berlin America/New_York Australia/Lord_Howe Africa/Casablanca America/Nuuk Asia/Kathmandu Pacific/Apia Antarctica/Troll; do
  [ -f "/usr/share/zoneinfo/$zone" ] && cp "/usr/share/zoneinfo/$zone" "$out/zone/${zone//\//_}"
done
sed -n 's/^| `\([a-z]*\.[a-z_]*\)` | \([^|]*\) |.*/\1 = \2/p' docs/operations.md | tr -d '\140' >"$out/config/operations"
