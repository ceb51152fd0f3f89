// Schemas and types beside the engine. For every form with cases:
//   what the engine accepts, the schema of sent answers accepts; so what that refuses, the engine refuses;
//   what the engine stores, the schema of stored answers accepts;
//   and for tsc, accepted answers become assignments to the types, as sent and as stored.
const fs = require('fs')
const path = require('path')
const { execFileSync, spawnSync } = require('child_process')
const Ajv = require('ajv/dist/2020').default

const [formwright, judge, root, work] = process.argv.slice(2)
const TABLES_MISSING = 77
const ASSIGNED_MAX = 60

let failures = 0
const totals = { forms: 0, cases: 0, changed: 0, accepted: 0, refused: 0, refusedToo: 0, assigned: 0 }
const fail = text => { if (failures++ < 20) console.log(text) }

// ---- cases

// The raw text of each case's "answers": JSON.parse would lose how numbers are spelt.
function rawAnswers(text) {
  const found = []
  let depth = 0, key = null, start = -1, index = -1
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
  for (let match; (match = token.exec(text));) {
    const word = match[0]
    if (word === '{' || word === '[') {
      if (depth === 1) index++
      depth++
    } else if (word === '}' || word === ']') {
      depth--
    } else if (depth === 2 && word[0] === '"' && /^\s*:/.test(text.slice(token.lastIndex, token.lastIndex + 20))) {
      key = JSON.parse(word)
      start = text.indexOf(':', token.lastIndex) + 1
      continue
    }
    if (depth === 2 && key === 'answers' && word !== ':' && token.lastIndex > start) {
      found[index] = text.slice(start, token.lastIndex)
      key = null
    }
  }
  return found
}

const at = (value, pointer) => pointer.split('/').slice(1).reduce((v, step) => v?.[step.replace(/~1/g, '/').replace(/~0/g, '~')], value)

function casesOf(form) {
  const file = form.replace(/\.form$/, '.cases.json')
  const text = fs.readFileSync(file, 'utf8')
  const raw = rawAnswers(text)
  return JSON.parse(text).flatMap((one, i) => {
    const now = one.now ?? '2026-01-15T10:00:00Z'
    if ('answers' in one) return [{ now, text: raw[i] }]
    if (one.rows) return [{ now, text: JSON.stringify({ [one.rows.member]: Array(one.rows.times).fill(one.rows.row) }) }]
    const other = path.join(root, one.answers_file)
    if (!fs.existsSync(other)) return []
    return [{ now, text: JSON.stringify(at(JSON.parse(fs.readFileSync(other, 'utf8')), one.answers_pointer ?? '')) }]
  })
}

// ---- changed answers: each value in turn replaced by others, members gone and added

const OTHERS = [null, '', ' ', 0, -1, 1.5, 1e300, true, [], {}, 'x', ' x ', '2026-02-30', ' 2026-01-31 ', '12.50', '1e2', '١', ['x'], [null], 'a'.repeat(10001)]

function* changes(value) {
  yield* OTHERS
  if (typeof value === 'string') yield* [` ${value}\t`, '\u00a0' + value, value + value, Number(value) || 0]
  if (typeof value === 'number') yield* [String(value), ` ${value} `, -value, value + 0.001, value * 1e6]
  if (Array.isArray(value)) {
    yield* [[...value, ...value], value.slice(1), [...value, null]]
    for (let i = 0; i < Math.min(value.length, 2); i++)
      for (const one of changes(value[i])) yield value.with(i, one)
  } else if (value && typeof value === 'object') {
    yield { ...value, 'nobody asked': 1 }
    for (const name of Object.keys(value)) {
      const { [name]: gone, ...rest } = value
      yield rest
      for (const one of changes(gone)) yield { ...rest, [name]: one }
    }
  }
}

const CHANGED_MAX = 1500 // of one form; spread over what there is

function changedOf(cases) {
  const all = []
  for (const one of cases) {
    let answers
    if (one.text.length > 20000) continue
    try { answers = JSON.parse(one.text) } catch { continue }
    for (const changed of changes(answers)) all.push({ now: one.now, text: JSON.stringify(changed) })
  }
  const step = Math.max(1, all.length / CHANGED_MAX)
  return Array.from({ length: Math.min(all.length, CHANGED_MAX) }, (_, i) => all[Math.floor(i * step)])
}

// ---- the three judges

function engine(form, cases) {
  const input = cases.map(one => `${one.now}\t${one.text.replace(/[\n\r]/g, ' ')}\n`).join('')
  const run = spawnSync(judge, [form], { input, maxBuffer: 1 << 30 })
  if (run.status === TABLES_MISSING) return null
  if (run.status !== 0) throw new Error(`${form}: ${run.stderr}`)
  return run.stdout.toString().trimEnd().split('\n').map(line => JSON.parse(line))
}

function tablesOf(form) {
  const stem = path.basename(form, '.form')
  const csv = fs.readdirSync(path.dirname(form)).filter(file => file.startsWith(`${stem}.`) && file.endsWith('.csv'))
  return csv.flatMap(file => ['--table', `${file.slice(stem.length + 1, -4)}=${path.join(path.dirname(form), file)}`])
}

const target = (form, ...words) => execFileSync(formwright, [...words, form, ...tablesOf(form)], { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] }).toString()

function schemas(form) {
  const ajv = new Ajv({ strict: true, ownProperties: true, logger: { log() {}, warn: fail, error: fail } })
  const sent = JSON.parse(target(form, 'schema')), stored = JSON.parse(target(form, 'schema', '--stored'))
  if (!/^urn:formwright:schema:1:\w+:sent:[0-9a-f]{64}$/.test(sent.$id)) fail(`${form}: $id ${sent.$id}`)
  if (sent.$id.replace(':sent:', ':stored:') !== stored.$id) fail(`${form}: the two ids differ in more than the side`)
  return { sent: ajv.compile(sent), stored: ajv.compile(stored) }
}

// ---- for tsc

const name = form => path.basename(form, '.form').replace(/\W/g, '_')

// As a client in TypeScript would send it: without white space at the ends and without what is hidden.
function tidy(value, pointer, hidden) {
  if (typeof value === 'string') return value.replace(/^[\s\x85]+|[\s\x85]+$/g, '')
  if (Array.isArray(value)) return value.map((one, i) => tidy(one, `${pointer}/${i}`, hidden))
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value)
    .map(([key, one]) => [key, one, `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`])
    .filter(([, , here]) => !hidden.has(here))
    .map(([key, one, here]) => [key, tidy(one, here, hidden)]))
}

function assignments(form, accepted) {
  const types = target(form, 'types')
  const [, stem] = /export interface (\w+)Sent/.exec(types)
  fs.writeFileSync(path.join(work, `${name(form)}.ts`), types)
  const lines = [`import type { ${stem}Sent, ${stem}Stored } from "./${name(form)}"`]
  const few = accepted.filter(one => one.text.length < 20000).slice(0, ASSIGNED_MAX)
  few.forEach(({ text, verdict }, i) => {
    lines.push(`export const sent${i}: ${stem}Sent = ${JSON.stringify(tidy(JSON.parse(text), '', new Set(verdict.hidden)))}`)
    lines.push(`export const stored${i}: ${stem}Stored = ${JSON.stringify(verdict.answers)}`)
  })
  totals.assigned += 2 * few.length
  lines.push('// @ts-expect-error', `export const number_: ${stem}Sent = 1`)
  lines.push(`declare const stored: ${stem}Stored`, '// @ts-expect-error', 'export const asked: unknown = stored["nobody asked"]')
  fs.writeFileSync(path.join(work, `${name(form)}.check.ts`), lines.join('\n') + '\n')
}

// ---- one form

function check(form) {
  const cases = casesOf(form), changed = changedOf(cases), all = [...cases, ...changed]
  const verdicts = engine(form, all)
  if (!verdicts) return console.log(`SKIPPED: ${form}: a table of it is not here`)
  const { sent, stored } = schemas(form)
  const accepted = []
  all.forEach((one, i) => {
    const verdict = verdicts[i]
    let answers
    try { answers = JSON.parse(one.text) } catch { return }
    const passes = sent(answers)
    if (!passes) totals.refused++
    if (verdict && !verdict.valid && !passes) totals.refusedToo++
    if (!verdict?.valid) return
    totals.accepted++
    if (i < cases.length) accepted.push({ text: one.text, verdict })
    if (!passes) fail(`${form}: the engine accepts what the schema refuses: ${one.text.slice(0, 400)}\n  ${JSON.stringify(sent.errors.slice(0, 4))}`)
    if (!stored(verdict.answers)) fail(`${form}: not as stored: ${JSON.stringify(verdict.answers).slice(0, 400)}\n  ${JSON.stringify(stored.errors)}`)
  })
  assignments(form, accepted)
  totals.forms++
  totals.cases += cases.length
  totals.changed += changed.length
}

for (const folder of ['examples', 'tests/language', 'tests/targets/forms'])
  for (const file of fs.readdirSync(path.join(root, folder)).filter(file => file.endsWith('.form')).sort())
    if (fs.existsSync(path.join(root, folder, file.replace(/\.form$/, '.cases.json')))) check(path.join(root, folder, file))

// A test of nothing would pass as well.
for (const [what, count] of Object.entries(totals)) if (count < 15) fail(`only ${count} ${what}`)
console.log(JSON.stringify(totals))
process.exitCode = failures ? 1 : 0
