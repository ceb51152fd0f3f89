// Values as the people of every language write them, by web/formwright/locale.js and by base/locale.c: node locale_test.mjs LOCALE_LINES LOCALE_DEF
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as library from './library.mjs'

const [, , program, table] = process.argv
const definition = readFileSync(table, 'utf8')
const [, usual] = /^SIGNS\("(.*)"\)$/m.exec(definition)

/* The facts as texts documents hold them: by their names, the usual signs behind the language's own. */
function factsOf(body) {
  const facts = {}
  for (const [, name, text, number] of body.matchAll(/\.(\w+) = (?:T\("((?:[^"\\]|\\.)*)"\)|(\d+))/g)) facts[name] = number ? Number(number) : JSON.parse(`"${text}"`)
  facts.signs = (facts.signs ? facts.signs + '|' : '') + usual
  return facts
}
const locales = Object.fromEntries([...definition.matchAll(/^LOCALE\("([^"]+)",\n([^]*?)\)\n(?=LOCALE|$)/gm)].map(([, tag, body]) => [tag, factsOf(body)]))

function written(facts, kind, what) {
  const [first, second, code] = what.split(' '), style = kind.split(' ')[1]
  const scale = Number(second), value = Number(first.replace('.', ''))
  switch (kind.split(' ')[0]) {
    case 'number':
      return library.localExact(facts, value, scale)
    case 'percent':
      return library.localPercent(facts, library.formatExact(value, scale))
    case 'money':
      return library.localMoney(facts, value, scale, scale, code)
    case 'day':
      return library.localDate(facts, Number(what) / 864e5, style)
    case 'month':
      return library.localPartial(facts, library.yearMonth(Number(what) / 864e5), style)
    case 'time':
      return library.localTime(facts, Number(what), style)
    case 'both':
      return library.localInstant(facts, Number(first), Number(second) * 60, style)
    default:
      return [...what].map((item, i) => library.separatorAt(facts, kind, i, what.length) + item).join('')
  }
}

test('every line of every language is the same', () => {
  const lines = spawnSync(program, { encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout.split('\n').slice(0, -1)
  assert.ok(Object.keys(locales).length >= 50)
  assert.ok(lines.length > 50 * 1000)
  for (const line of lines) {
    const [tag, kind, what, expected] = line.split('\t')
    assert.equal(written(locales[tag], kind, what), expected, line)
  }
  console.log(`${lines.length} values in ${Object.keys(locales).length} languages`)
})

test('usual times have seconds if there are some, and parts of a second where there are', () => {
  assert.equal(library.localTime(locales.de, 36e6), '10:00')
  assert.equal(library.localTime(locales.de, 36e6 + 5000), '10:00:05')
  assert.equal(library.localTime(locales.de, 36e6 + 5020), '10:00:05,020')
})

test('doubles keep their exponents, and offsets their minutes', () => {
  assert.equal(library.localNumber(locales.de, String(-1.5e-7)), '-1,5e-7')
  assert.equal(library.localNumber(locales.en, String(1234567.25)), '1,234,567.25')
  assert.equal(library.localInstant(locales.en, 0, -210), 'December 31, 1969 at 8:30 PM GMT-3:30')
})

test('a partial date shows what is known of it', () => {
  assert.equal(library.localPartial(locales.en, 20260000), '2026')
  assert.equal(library.localPartial(locales.en, 20260100), 'January 2026')
  assert.equal(library.localPartial(locales.en, 20260131, 'full'), 'Saturday, January 31, 2026')
})

test('a language without facts writes canonical values', () => {
  const facts = { mark: '.', percent: '#%', money: '¤ #', comma: ', ', and: ', |, |, ', or: ', |, |, ', yes: 'true', no: 'false' }
  assert.equal(library.localExact(facts, -123450, 2), '-1234.50')
  assert.equal(library.localMoney(facts, 123450, 2, 2, 'EUR'), 'EUR 1234.50')
  assert.equal(library.localMoney(facts, -5, 0, 2, 'EUR'), '-EUR 5.00')
  assert.equal(library.localDate(facts, 0, 'full'), '1970-01-01')
  assert.equal(library.localInstant(facts, 0, 60), '1970-01-01T01:00:00+01:00')
})
