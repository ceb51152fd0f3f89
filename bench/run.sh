#!/usr/bin/env bash
# ./dev bench [NAME…]: see run.cjs, which pairs ours and theirs in turn and prints ratios.
cd "$(dirname "$0")/.."
exec env NODE_PATH=build/npm/bench/node_modules node bench/run.cjs "$@"
