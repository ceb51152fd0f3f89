// The npm package: packed, installed into an empty folder, imported; its types: node package_test.mjs ROOT NODE_MODULES
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const [, , root, modules] = process.argv
const source = join(root, 'web/formwright')
const LIBRARY = ['exact', 'types', 'civil', 'partial', 'text', 'zone', 'choice', 'checksum', 'pattern', 'answers', 'verdict', 'locale', 'wording', 'core', 'headless', 'needs', 'helpers', 'moments']
const folder = mkdtempSync(join(tmpdir(), 'formwright-'))
after(() => rmSync(folder, { recursive: true }))

function run(command, args, cwd = folder) {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_update_notifier: 'false' } })
  assert.equal(done.status, 0, `${command} ${args.join(' ')}: ${done.error ?? done.stdout + done.stderr}`)
  return done.stdout
}
const hasNpm = spawnSync('npm', ['--version']).status === 0
const tsc = join(modules ?? '', 'typescript/lib/tsc.js'), hasTypes = existsSync(tsc)
process.on('exit', (code) => {
  if (hasNpm && hasTypes) return
  console.log('SKIPPED: npm or typescript (./dev test installs it in build/npm/tests) is not here: the package is NOT installed, or its types are NOT checked')
  process.exitCode = code || 77
})

const MODULE = `export default { format: 1, form: 'vote', hash: '', edition: 2027, zone: 'UTC', languages: ['en'],
  nodes: [{ k: 0, n: 'vote', e: 1 }, { n: 'age', t: 3, a: 0, b: 120, r: 1 }], scopes: [], lists: [], patterns: [], checks: [], rules: () => [] }
`
const PROGRAM = `import { createForm } from 'formwright'
import module from './module.mjs'
const form = createForm(module, { now: 0 })
const heard = []
form.subscribe(({ changed }) => heard.push(...changed))
const before = form.verdict()
form.set('/age', 42)
console.log(JSON.stringify({ before: before.errors[0].code, heard, valid: form.verdict().valid, answers: form.answers() }))
`

test('the package is installed into an empty folder from what npm packs, and works', { skip: !hasNpm }, () => {
  const [packed] = JSON.parse(run('npm', ['pack', source, '--json', '--pack-destination', folder]))
  const names = packed.files.map(({ path }) => path)
  for (const name of ['package.json', 'README.md', 'index.js', 'index.d.ts', ...LIBRARY.map((each) => each + '.js')]) assert.ok(names.includes(name), name)
  assert.ok(names.every((name) => /\.(js|css|d\.ts|json|md)$/.test(name)), names.join())
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', join(folder, packed.filename)])
  assert.deepEqual(readdirSync(join(folder, 'node_modules')).filter((name) => name[0] !== '.'), ['formwright'])
  writeFileSync(join(folder, 'module.mjs'), MODULE)
  writeFileSync(join(folder, 'program.mjs'), PROGRAM)
  assert.deepEqual(JSON.parse(run(process.execPath, ['program.mjs'])), { before: 'required', heard: ['/age'], valid: true, answers: { age: 42 } })
})

const TYPED = `import { createForm, type Form, type FormModule, type FormTexts, type Verdict } from 'formwright'
declare const module: FormModule
declare const texts: FormTexts
const form: Form = createForm(module, { answers: { age: 42, tags: ['a'] }, texts, now: Date.now() })
const changed: string[] = form.set('/age', 43)
const end: () => void = form.subscribe(({ changed }) => console.log(changed.length))
const state = form.get('/age')
const label: string | undefined = state?.label
const codes = state?.errors.map(({ code }) => code) ?? []
const verdict = form.verdict()
if ('fault' in verdict) console.log(verdict.fault.kind)
else { const judged: Verdict = verdict; console.log(judged.errors[0]?.message, judged.hidden.length) }
for (const item of form.items().items ?? []) console.log(item.pointer, item.options?.[0]?.offered)
form.insertRow('/members', 0); form.removeRow('/members/0'); form.setAnswers(null); end()
console.log(changed, label, codes.includes('too_long'))
// @ts-expect-error a function is no answer
form.set('/age', () => 1)
// @ts-expect-error a form is made of a module
createForm({})
// @ts-expect-error there is no such code
codes.includes('tooLong')
`
test('tsc --strict takes a program that uses the types, and refuses what is wrong', { skip: !hasTypes }, () => {
  const at = mkdtempSync(join(folder, 'types-'))
  writeFileSync(join(at, 'program.ts'), TYPED)
  writeFileSync(join(at, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, types: [], lib: ['es2022', 'dom'], target: 'es2022', module: 'es2022',
    moduleResolution: 'bundler', paths: { formwright: [join(source, 'index.d.ts')] } }, files: ['program.ts'] }))
  run(process.execPath, [tsc, '--project', at])
})

test('what index.js gives has types, and what has types is given', async () => {
  const types = [...readFileSync(join(source, 'index.d.ts'), 'utf8').matchAll(/^export (?:declare )?(?:function|const|class) (\w+)/gm)].map(([, name]) => name)
  assert.deepEqual(Object.keys(await import(join(source, 'index.js'))).sort(), types.sort())
})

/* The names of an interface's members. */
function membersOf(text, name) {
  const [, body] = new RegExp(`^export interface ${name} [^{]*\\{\\n([^]*?)^\\}`, 'm').exec(text)
  return [...body.matchAll(/^  (?:readonly )?(\w+)\??[:(]/gm)].map(([, member]) => member).sort()
}

test('forms and places have the members that their types say', async () => {
  const types = readFileSync(join(source, 'index.d.ts'), 'utf8'), { createForm } = await import(join(source, 'index.js'))
  const { default: module } = await import('data:text/javascript,' + encodeURIComponent(MODULE)), form = createForm(module)
  assert.deepEqual(Object.keys(form).sort(), membersOf(types, 'Form'))
  assert.deepEqual(Object.keys(form.get('/age')).sort(), membersOf(types, 'FieldState'))
  assert.deepEqual(Object.keys(form.verdict()).sort(), membersOf(types, 'Verdict').filter((name) => name !== 'errors_total'))
})
