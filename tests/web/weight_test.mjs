// What a browser loads, packed by brotli: the module of the benchmark's form of sixty fields, and the library that runs it.
//
//     node weight_test.mjs FORMWRIGHT ROOT BUNDLE
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import assert from 'node:assert/strict'

const [formwright, root, bundle] = process.argv.slice(2)
const weigh = (bytes) => brotliCompressSync(bytes).length

const module = execFileSync(formwright, ['module', `${root}/bench/benefit.form`])
const texts = execFileSync(formwright, ['texts', `${root}/bench/benefit.form`])
const weights = { module: weigh(module), texts: weigh(texts), library: weigh(readFileSync(bundle)) }
console.error(JSON.stringify(weights))
assert.ok((await import('data:text/javascript,' + encodeURIComponent(module))).default.nodes.length > 60, 'it is that form')
assert.ok(weights.module <= 6 << 10, 'the form of sixty fields is at most 6 KB')
assert.ok(weights.library <= 26.5 * 1024, 'the library with what draws a form is no heavier than it was; 20 KB are aimed at')
