#!/usr/bin/env bash
# ./dev bench [quick] [--keep] [NAME…]: see run.cjs, which lets ours and theirs take turns and prints ratios.
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -H -n)" 2>/dev/null || ulimit -n 65536 2>/dev/null || true # ten thousand connections
exec env NODE_PATH=build/npm/bench/node_modules node bench/run.cjs "$@"
