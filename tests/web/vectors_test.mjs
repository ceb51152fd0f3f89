// Every vector of tests/vectors whose expression is one call of a function of the library, checked against web/formwright.
// What is left (operators, rows, what the compiler writes out) is for the tests of whole modules.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import * as library from './library.mjs'
import { TYPES, typeOf } from './fields.mjs'

const folder = new URL('../vectors/', import.meta.url)
const VECTORS_LEAST = 700
const FAULTS = ['', 'overflow', 'division by zero', 'not finite', 'date range']

/* "red "Red" (true) = 1": code and score of each option. */
function listsIn(declare) {
  const lists = {}
  for (const [, name, body] of declare.matchAll(/choices (\w+)[^{]*\{([^}]*)\}/g)) {
    const options = [...body.matchAll(/(?:(\w+)|"([^"]*)") +"[^"]*"(?: \([^)]*\))?(?: = (-?\d+))?/g)]
    const codes = options.map(([, word, text]) => word ?? text)
    lists[name] = { codes, scores: options.map(([, , , score]) => Number(score ?? 0)), options: new Map(codes.map((code, i) => [code, i + 1])) }
  }
  return lists
}

function fieldsIn(declare, zone) {
  const lists = listsIn(declare), fields = {}
  for (const [, name, type, inner, , rest] of declare.matchAll(/(\w+): (\w+)(?:\(([^)]*)\))?( (repeated second|skipped refuse|other))?/g))
    fields[name] = typeOf(type, inner, { lists, zone, wall: rest === 'repeated second' ? 2 : 0, open: /other/.test(rest ?? '') || type === 'choice' })
  return fields
}

const toScale = (x, scale) => (scale >= x.scale ? library.mul(x.value, 10 ** (scale - x.scale)) : library.round(x.value, x.scale - scale))

/* Each with its arguments as { type, scale, value, list }; `result` is the type of the vector. */
const plain = (f) => (...args) => f(...args.map((arg) => arg.value))
const functions = {
  score: (c) => (Array.isArray(c.value) ? library.scoreSet(c.list, c.value) : library.score(c.list, c.value)),
  code: (c) => library.code(c.list, c.value),
  year: (d) => (d.type === TYPES.date ? library.year(d.value) : library.partialYear(d.value)),
  month: (d) => (d.type === TYPES.date ? library.month(d.value) : library.partialMonth(d.value)),
  day: (d) => (d.type === TYPES.date ? library.day(d.value) : library.partialDay(d.value)),
  add_years: (d, n) => library.addMonths(d.value, n.value * 12),
  date: (y, m, d) => (m ? library.date(y.value, m.value, d.value) : library.parseDate(y.value)),
  round: (x, s) => (x.type === TYPES.number ? library.roundNumber(x.value, s.value) : toScale(x, s.value)),
  floor: (x) => (x.type === TYPES.number ? library.floorNumber(x.value) : library.floorScaled(x.value, x.scale)),
  ceil: (x) => (x.type === TYPES.number ? library.ceilNumber(x.value) : library.ceilScaled(x.value, x.scale)),
  divide: (a, b, s) => library.divide(a.value, b.value, Math.max(s.value - a.scale + b.scale, 0), Math.max(a.scale - b.scale - s.value, 0)),
  number: (x) => library.number(x.value, x.scale),
  integer: (t) => library.parseInteger(t.value),
  decimal: (t, s) => library.parseDecimal(t.value, s.value),
  text: (x) => (x.type === TYPES.text ? x.value : x.type === TYPES.choice ? library.code(x.list, x.value) : library.textOf(x.type, x.scale, x.value)),
  matches: (t, pattern) => library.matches(library.patternOf(pattern.value), t.value),
  mod10: (t, weights) => library.weighed(t.value, weights.value, 10),
  mod11: (t, weights) => library.weighed(t.value, weights.value, 11),
  date_of: (at) => library.dateOf(at.zone, at.value),
  time_of: (at) => library.timeOf(at.zone, at.value),
  join: (separator, ...texts) => library.join(separator.value, ...texts.map((text) => text.value)),
}
for (const name of ['luhn', 'mod97', 'iban', 'digits', 'checksum', 'starts_with', 'ends_with', 'contains', 'length', 'upper', 'lower', 'substring', 'replace', 'words',
  'weekday', 'end_of_month', 'add_months', 'add_days', 'months_between', 'years_between', 'sqrt', 'minutes_between', 'precision', 'earliest', 'latest', 'year_month', 'size'])
  functions[name] = plain(library[name.replace(/_(.)/g, (_, c) => c.toUpperCase())])
const takesMissing = new Set(['size', 'join'])

/* Numbers of more digits than a double tells apart: JSON.parse() would lose them, so exact fields are sent them as text. */
const withDigits = (json) => json.replace(/([ [{:,])(-?\d+\.?\d*)(?=[,\]}])/g, (all, before, digits) =>
  digits.replace(/\D/g, '').length > 15 ? `${before}{"digits":"${digits}"}` : all)
const asSent = (field, answer) => (answer?.digits ? (field.type === TYPES.number || field.type === TYPES.integer ? Number(answer.digits) : answer.digits) : answer)

function argumentOf(text, fields, answers, zone) {
  if (/^-?[\d.]+$/.test(text)) return { type: TYPES.decimal, scale: (text.split('.')[1] ?? '').length, value: Number(text.replace('.', '')) }
  if (text[0] === '"') return { type: TYPES.text, value: JSON.parse(text) }
  const field = fields[text]
  if (!field) return undefined
  return { ...field, zone, value: library.readAnswer(field, asSent(field, answers[text]))?.value }
}

/* The result of the call as a verdict writes it, "missing", "fault …"; undefined: it is no call that the table knows. */
function outcomeOf(vector, file, fields) {
  const [, name, inner] = /^(\w+)\(([^()]*)\)$/.exec(vector.expression) ?? []
  if (!functions[name] || / where /.test(inner)) return undefined
  const zone = file.timezone ?? 'UTC', texts = inner.match(/"(?:[^"\\]|\\.)*"|[^,]+/g).map((text) => text.trim())
  const args = texts.map((text) => argumentOf(text, fields, vector.answers ?? {}, zone))
  if (args.some((arg) => !arg)) return undefined
  if (!takesMissing.has(name) && args.some((arg) => arg.value === undefined)) return 'missing'
  const [, type, parameter] = /^(\w+)(?:\((.*)\))?$/.exec(vector.type), result = typeOf(type, parameter, { zone })
  try {
    let value = functions[name](...args)
    // What is rounded to fewer digits than the place has is brought to its scale.
    if (name === 'round' && result.scale > args[1].value) value *= 10 ** (result.scale - args[1].value)
    return value === undefined ? 'missing' : library.writeValue(result, { value })
  } catch (fault) {
    if (!(fault instanceof library.Fault)) throw fault
    return 'fault ' + FAULTS[fault.kind]
  }
}

let checked = 0
for (const name of readdirSync(folder).filter((each) => each.endsWith('.json')))
  test(`${name}: the library says what the vectors say`, () => {
    const file = JSON.parse(withDigits(readFileSync(new URL(name, folder), 'utf8'))), fields = fieldsIn(file.declare, file.timezone ?? 'UTC')
    for (const vector of file.vectors) {
      const outcome = outcomeOf(vector, file, fields)
      if (outcome === undefined) continue
      const expected = vector.fault ? 'fault ' + vector.fault : vector.value === null ? 'missing' : vector.value.digits ?? JSON.stringify(vector.value)
      assert.equal(outcome, expected, `${vector.expression} of ${JSON.stringify(vector.answers)}`)
      checked++
    }
  })
test('many vectors are calls of one function', () => {
  console.log(`${checked} vectors`)
  assert.ok(checked >= VECTORS_LEAST)
})
