// Modules in browsers against the server: sequences of edits, and after each the same verdict to the byte, but for its steps.
//
//     node agreement_test.mjs DRIVER ROOT [CASES [FIRST]]        a case is an edit judged by both; 2000 from the form of seed 1, and then of the forms of files, too
//     node agreement_test.mjs DRIVER ROOT form FILE.form         one form with its cases
//
// The driver (tests/reference/module_driver.c) makes forms and answers of seeds and judges by Lua and by the reference. What was edited step by step
// must also be what it is when it is read at once.
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createForm } from '../../web/formwright/index.js'

const [driver, root, ...rest] = process.argv.slice(2)
const EDITS = 10, SLICE = 5000

/* ---- the driver */

const child = spawn(driver, { stdio: ['pipe', 'pipe', 'inherit'] })
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
async function ask(line) {
  child.stdin.write(line + '\n')
  const { value, done } = await lines.next()
  if (done) throw new Error(`the driver ended at: ${line.slice(0, 200)}`)
  return JSON.parse(value)
}

/* ---- chance: the same for the same seed */

function chances(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return { below: (n) => Math.floor(next() * n), of: (items) => items[Math.floor(next() * items.length)], percent: (p) => next() * 100 < p }
}

/* ---- edits */

const escaped = (name) => String(name).replaceAll('~', '~0').replaceAll('/', '~1')
function placesIn(json, pointer = '', found = []) {
  if (pointer) found.push([pointer, json])
  if (json && typeof json === 'object') for (const [key, value] of Object.entries(json)) placesIn(value, `${pointer}/${escaped(key)}`, found)
  return found
}
const rowsIn = (json) => placesIn(json).filter(([, value]) => Array.isArray(value) && value.every((each) => each && typeof each === 'object'))

function edit(form, documents, chance) {
  const raw = form.get('').answer, there = placesIn(raw), rows = rowsIn(raw)
  if (chance.percent(25) && rows.length) {
    const [pointer, array] = chance.of(rows)
    if (array.length && chance.percent(50)) return ['removeRow', `${pointer}/${chance.below(array.length)}`]
    return ['insertRow', pointer, chance.below(array.length + 1)]
  }
  if (chance.percent(15) && there.length) return ['set', chance.of(there)[0], undefined]
  const places = placesIn(chance.of(documents))
  if (!places.length || chance.percent(3)) return ['setAnswers', chance.of(documents)]
  return ['set', ...chance.of(places)]
}

/* ---- what both say */

const withoutSteps = (verdict) => verdict.replace(/,"steps":\d+\}$/, '}')
let failures = 0, cases = 0, judged = 0, faults = 0, forms = 0, unjudged = 0, other = 0

function tell(what, source, history, server, module) {
  if (++failures > 5) return
  let at = 0
  while (server[at] === module[at] && at < server.length) at++
  console.error(`==== ${what}\n---- form\n${source}\n---- edits`)
  for (const each of history) console.error(JSON.stringify(each))
  console.error(`---- server\n${server.slice(Math.max(0, at - 100), at + 400)}\n---- module\n${module.slice(Math.max(0, at - 100), at + 400)}`)
}

function sayOf(form) {
  const text = form.verdictText()
  return text.startsWith('{"fault":') ? text.replace(/"rule":\d+,/, '') : text
}

/* What a renderer asks for: the server's evaluate says it by pointer, the form place by place. */
const NOW = { readonly: 'readonly', length_min: 'lengthMin', length_max: 'lengthMax', rows_min: 'rowsMin', rows_max: 'rowsMax' }
function factsDiffer(form, said) {
  const suggestions = {}
  const walk = (item) => {
    if (!item.relevant) return
    if (item.suggestion !== undefined) suggestions[item.pointer] = item.suggestion
    for (const inside of item.items ?? []) walk(inside)
  }
  walk(form.items())
  if (JSON.stringify(suggestions) !== JSON.stringify(said.suggestions)) return ['suggestions', JSON.stringify(said.suggestions), JSON.stringify(suggestions)]
  for (const [pointer, facts] of Object.entries(said.now))
    for (const [name, value] of Object.entries(facts)) if (form.get(pointer)[NOW[name]] !== value) return [`${name} of ${pointer}`, String(value), String(form.get(pointer)[NOW[name]])]
  for (const [pointer, texts] of Object.entries(said.texts)) {
    const place = form.get(pointer)
    for (const [name, text] of Object.entries(place ? texts : {})) if (place[name] !== text) return [`${name} of ${pointer}`, text, String(place[name])]
  }
  return undefined
}

async function judge(form, options, name, source, history) {
  const raw = form.get('').answer, said = await ask('judge ' + JSON.stringify(raw)), mine = sayOf(form)
  const again = sayOf(createForm(form.module.source, { ...options, answers: raw }))
  cases++
  const sent = sayOf(createForm(form.module.source, { ...options, answers: form.answers() }))
  if (mine !== sent) tell(`${name}: what would be sent is judged otherwise`, source, history, sent, mine)
  if (mine !== again) tell(`${name}: edited and read at once differ`, source, history, again, mine)
  if (said.state === 'judged') {
    judged++
    const server = withoutSteps(said.verdict)
    if (server !== mine) tell(`${name}: verdicts differ`, source, history, server, mine)
    if (said.accord !== form.claimText()) tell(`${name}: what may be claimed differs`, source, history, said.accord, form.claimText() ?? '')
    const facts = factsDiffer(form, said)
    if (facts) tell(`${name}: ${facts[0]} differs`, source, history, facts[1], facts[2])
  } else if (said.state === 'fault') {
    faults++
    const { fault } = JSON.parse(mine)
    if (!fault || !said.faults.some(({ kind, pointer }) => kind === fault.kind && pointer === fault.pointer)) tell(`${name}: faults differ`, source, history, JSON.stringify(said.faults), mine)
  } else {
    unjudged++ // all that a form may cost has been reckoned
    tell(`${name}: is not judged`, source, history, said.state, mine)
  }
}

async function tryForm(made, name, chance, edits) {
  if (made.state !== 'ready') {
    other++
    if (made.state === 'refused') console.error(`${name} is refused`), failures++
    return
  }
  forms++
  const module = (await import('data:text/javascript,' + encodeURIComponent(made.module))).default
  const documents = made.documents.map((text) => { try { return JSON.parse(text, (_, value) => (value === Infinity || value === -Infinity ? null : value)) } catch { return undefined } }).filter((json) => json && typeof json === 'object' && !Array.isArray(json))
  const options = { texts: made.texts, now: made.now, zone: made.zone, lenient: made.lenient }
  const history = [['createForm', documents[0] ?? {}]], form = createForm(module, { ...options, answers: documents[0] })
  await judge(form, options, name, made.source, history)
  for (let i = 0; i < edits; i++) {
    const [act, ...args] = edit(form, documents.length ? documents : [{}], chance)
    history.push([act, ...args])
    form[act](...args)
    const before = failures
    await judge(form, options, name, made.source, history)
    if (failures > before) return
  }
}

/* ---- all of them */

async function tryFile(path) {
  const made = await ask(`file ${path}`)
  if (made.state === 'no table') console.error(`SKIPPED: ${path}: a table of it is not here`)
  await tryForm(made, path, chances(7), Math.max(2 * (made.documents?.length ?? 0), 10))
}
const formsIn = (folder) => readdirSync(`${root}/${folder}`).filter((name) => name.endsWith('.form')).map((name) => `${root}/${folder}/${name}`)

/* What has been imported is never given back: many cases are tried by processes of their own, one after the other. */
function slices(wanted, first) {
  let failed = false
  for (let left = wanted, seed = first; left > 0; left -= SLICE) {
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), driver, root, `${Math.min(left, SLICE)}`, `${seed}`], { encoding: 'utf8', stdio: ['ignore', 'inherit', 'pipe'], maxBuffer: Infinity })
    process.stderr.write(stderr)
    failed ||= status !== 0
    const next = /the next seed is (\d+)\n$/.exec(stderr)
    if (!next) process.exit(1)
    seed = Number(next[1])
  }
  process.exit(failed ? 1 : 0)
}

let seed = Number(rest[1] ?? 1)
if (rest[0] === 'form') await tryFile(rest[1])
else {
  const wanted = Number(rest[0] ?? 2000)
  if (wanted > SLICE) slices(wanted, seed)
  const files = seed === 1 ? [...formsIn('examples'), ...formsIn('tests/language'), ...formsIn('tests/targets/forms')] : []
  for (const path of files) await tryFile(path)
  const before = cases
  for (; cases - before < wanted; seed++) await tryForm(await ask(`seed ${seed}`), `seed ${seed}`, chances(seed), EDITS)
}
child.stdin.end()
console.error(`${forms} forms, ${other} of another kind, ${cases} cases, ${judged} judged, ${faults} faults, ${unjudged} not judged, ${failures} differences; the next seed is ${seed}`)
process.exit(failures ? 1 : 0)
