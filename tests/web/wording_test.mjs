// Whole verdicts with their messages, in every language: node wording_test.mjs OUTCOME_LINES FORMWRIGHT
//
// A form with fields of every type, our own words and its own, and checks whose messages show values in every way there is.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createForm } from '../../web/formwright/index.js'
import { kindsOf } from './kinds.mjs'
import { outcomesOf } from './oracle.mjs'
import { randomOf } from './random.mjs'

const [, , program, formwright] = process.argv
const random = randomOf(8), { fields, declared, answers } = kindsOf(random)
const LANGUAGES = ['en', 'en_IN', 'de', 'fr', 'es', 'nb', 'nl', 'pl', 'cy', 'ar', 'ar_EG', 'cs', 'fa', 'sv', 'ja', 'tlh']
const folder = mkdtempSync(join(tmpdir(), 'formwright-'))
after(() => rmSync(folder, { recursive: true }))

const numbers = ['integer', 'wide', 'decimal', 'fine', 'money', 'yen', 'number', 'double'], moments = ['date', 'time', 'datetime', 'zoned', 'second', 'month', 'partial']
const several = ['choices', 'others', 'ranking'], scalars = ['plain', 'email', 'boolean', 'choice', 'open', ...numbers, ...moments, ...several]
/* Every value as is usual, and in every format that is for it. */
const shown = [
  ...scalars.map((name) => `{${name}}`),
  ...[...numbers, ...moments, 'boolean'].map((name) => `{${name}:plain}`),
  ...moments.filter((name) => name !== 'month').flatMap((name) => [`{${name}:short}`, `{${name}:long}`]), ...['date', 'datetime', 'zoned', 'partial'].map((name) => `{${name}:full}`),
  ...['integer', 'decimal', 'fine', 'number', 'double'].map((name) => `{${name}:percent}`), ...['integer', 'decimal'].flatMap((name) => [`{${name}:EUR}`, `{${name}:KWD}`]), '{integer:JPY}',
  ...several.flatMap((name) => [`{${name}:list}`, `{${name}:and}`, `{${name}:or}`]),
]
const checks = shown.map((part, i) => `ensure false else "${i}: ${part}." as c${i}`).join('\n')
const LABELS = { integer: 'How many are there?', decimal: 'Amount:', text: 'Full name.', choice: 'What is it about?', choices: 'VAT numbers', phone: 'I agree' }
const labelled = Object.entries(LABELS).reduce((text, [name, label]) => text.replace(new RegExp(`^${name}: (\\w+(?:\\([^)]*\\))?)`, 'm'), `$& "${label}"`), declared)

const form = `edition 2027 form words "Words of {plain}" { languages ${LANGUAGES.join(', ')} timezone "Australia/Lord_Howe" ${labelled}
must_text: text required
must_day: date "Day of {plain}" required
must_choice: choice(l) required
must_set: choices(l) required
must_truth: boolean required else "Say it, {plain}."
photo: file "Your photo" required types "image/*"
place: geopoint "Place" required
group box "The box" { inner: integer min 1 }
capped: integer max integer else "At most {integer}."
late: date min date
long: text length integer..
repeat rows "Row" 1..4 required {
  name: text "Name of {plain}" unique
  amount: money(EUR) min 1
  repeat parts 2..3 rows integer { colour: choice(l)  on: date }
  ensure amount != 5 else "{name} has {amount} of {outer_name}, {parts.on:or}."
}
let outer_name = plain
choices colours with tone: choice(tones) { red "Red" (warm)  blue "Blue" (cold) }
choices tones { warm "Warm"  cold "Cold" }
paint: choice(colours)
let tone = paint.tone
ensure false else "Nobody chooses a tone, but sees it: {tone}."
ensure false else "{rows.name:and} {rows.amount:list} {rows.parts.on:or} {rows.parts.colour:list}." as rows
${checks}
translate de { rows "Zeile"  rows.name "Der Name von {plain}" must_day "Der Tag von {plain}"  check.c0 "Auf Deutsch: {date} {choice} {rows.name:or}." photo "Ihr Bild" choice "Worum geht es?" }
translate ar { rows "صف"  check.c1 "{email} {date}" }
}`

function made(verb, ...args) {
  const done = spawnSync(formwright, [verb, join(folder, 'words.form'), ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  assert.ok(done.stdout.length > 0, done.stderr)
  return done.stdout
}
writeFileSync(join(folder, 'words.form'), form)
writeFileSync(join(folder, 'words.mjs'), made('module'))
const { default: module } = await import(join(folder, 'words.mjs'))

const NOW = '2026-01-31T12:00:00Z', LINES = 60
const one = (make) => (random.below(3) ? make() : undefined)
const parts = () => Array.from({ length: random.below(5) }, () => ({ colour: one(fields.choice[1]), on: one(fields.date[1]) }))
const rows = () => Array.from({ length: random.below(6) }, () => random.one([7, { name: random.one(['a', 'b', undefined]), amount: random.one(['5', '5', '12.50', '0', undefined]), parts: one(parts) }, { name: 'x' }]))
/* Most values are right, or there would be nothing to show. */
function anyone() {
  const all = answers(), other = { must_text: one(() => random.text(3)), must_day: one(fields.date[1]), must_choice: one(fields.choice[1]), must_set: one(fields.choices[1]), must_truth: one(() => true),
    photo: random.one([undefined, {}, { id: '1', name: 'a', type: 'text/x', size: 3 }, 7]), place: random.one([undefined, { latitude: 1.5 }, { latitude: 91, longitude: 'x' }]), box: random.one([undefined, 7, { inner: 0 }]),
    capped: random.from(0, 200), late: one(fields.date[1]), long: one(() => random.text(9)), rows: random.one([rows, rows, () => 7, () => undefined])(), unknown: random.one([undefined, 1]), paint: random.one(['red', 'blue', undefined]) }
  return { ...all, ...other }
}

const told = new Set()
for (const language of LANGUAGES)
  test(`verdicts in ${language} are the server's to the byte`, () => {
    const texts = JSON.parse(made('texts', '--locale', language)), all = Array.from({ length: LINES }, anyone).map((each) => JSON.parse(JSON.stringify(each)))
    outcomesOf(program, form, all, { now: NOW, language }).forEach((line, at) => {
      const own = createForm(module, { answers: all[at], texts, now: Date.parse(NOW) }).verdictText(), server = line.replace(/,"steps":\d+\}$/, '}')
      for (const { code, message } of JSON.parse(server).errors) told.add(`${language} ${code} ${message}`)
      if (own === server) return
      const from = [...server].findIndex((c, i) => c !== own[i])
      const about = (text) => text.slice(Math.max(0, from - 200), from + 200)
      assert.equal(about(own), about(server), JSON.stringify(all[at]))
    })
  })

test('many different messages were told', () => {
  const shownEmpty = [...told].filter((each) => / check \d+: \.$/.test(each)).length
  console.log(`${told.size} messages, ${shownEmpty} of them showing a missing value`)
  assert.ok(told.size > 10000)
  for (const code of ['type', 'range', 'scale', 'format', 'skipped', 'repeated', 'option', 'duplicate', 'too_short', 'too_long', 'pattern', 'min', 'max', 'too_few', 'too_many', 'required', 'unknown'])
    assert.ok([...told].some((each) => each.split(' ')[1] === code), code)
})
