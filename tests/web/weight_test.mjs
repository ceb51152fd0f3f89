// What a browser loads, packed by brotli as it is served: the module of the benchmark's form of sixty fields, and all scripts that show and run it.
//
//     node weight_test.mjs FORMWRIGHT ROOT WEB          WEB: the folder of what the build makes of web/formwright
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'

const [, , formwright, root, web] = process.argv
const KB = 1024, MODULE_MOST = 6 * KB, RUNTIME_MOST = 20 * KB, ELEMENT_MOST = 24 * KB
const weigh = (bytes) => brotliCompressSync(bytes).length
const weightOf = (name) => weigh(readFileSync(join(web, name)))
const run = (verb, form) => execFileSync(formwright, [verb, join(root, form)])
const moduleOf = async (form) => (await import('data:text/javascript,' + encodeURIComponent(run('module', form)))).default

/* formwright.js itself and what a form asks for besides. */
const runtimeOf = ({ needs = [] }) => ['formwright', ...needs].map((name) => weightOf(name + '.js')).reduce((a, b) => a + b)

test('the form of sixty fields is at most 6 KB, and all that shows and runs it at most 20 KB', async () => {
  const module = await moduleOf('bench/benefit.form'), weights = { module: weigh(run('module', 'bench/benefit.form')), texts: weigh(run('texts', 'bench/benefit.form')), runtime: runtimeOf(module) }
  console.log(JSON.stringify(weights))
  assert.ok(module.nodes.length > 60, 'it is that form')
  assert.ok(weights.module <= MODULE_MOST, `${weights.module} bytes`)
  assert.ok(weights.runtime <= RUNTIME_MOST, `${weights.runtime} bytes`)
})

test('outside of hosted pages whole pages, drafts and the queue come with it, 24 KB in all', async () => {
  const weights = { alone: weightOf('alone.js'), all: runtimeOf(await moduleOf('bench/benefit.form')) + weightOf('alone.js') }
  console.log(JSON.stringify(weights))
  assert.ok(weights.all <= ELEMENT_MOST, `${weights.all} bytes`)
})

test('each file finds what it imports in the others', async () => {
  const names = readdirSync(web).filter((name) => name.endsWith('.js'))
  assert.ok(names.length > 5)
  for (const name of names) assert.ok(Object.keys(await import(pathToFileURL(join(web, name)))).length > 0, name)
})

test('a form names the files it needs, and those alone', async () => {
  const asked = { 'bench/benefit.form': undefined, 'bench/rows.form': ['helpers'], 'tests/browser/clinic.form': ['moments', 'looks'] }
  for (const [form, needs] of Object.entries(asked)) assert.deepEqual((await moduleOf(form)).needs, needs, form)
})

test('with the files that its modules name, and no others, every form of the examples finds all its functions', async () => {
  const served = async (name) => import(pathToFileURL(join(web, name + '.js')))
  const common = new Set(['mul', 'has', 'length', 'weekday', 'yearsBetween', 'eq', 'ne', 'lt', 'gt', 'le', 'ge', 'size', 'join', 'least', 'greatest', 'E', 'D', 'rowsCount', 'rowsSum', 'F', 'L', 'P', 'Z', 'now', 'today', 'prior', 'seen'])
  const ofRows = Object.keys((await served('helpers')).aggregates(() => []))
  const forms = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.form') && name !== 'nigeria_wards.form')
  for (const form of forms) {
    const module = await moduleOf(`examples/${form}`), known = new Set(common)
    for (const need of module.needs ?? []) Object.keys(await served(need)).concat(need === 'helpers' ? ofRows : []).forEach((name) => known.add(name))
    module.rules(new Proxy({}, { get: (_, name) => assert.ok(known.has(name), `${form}: ${name}`) }))
  }
})
