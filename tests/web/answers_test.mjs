// One JSON value by the type of its field, as the library reads it and as the server's strict pass does: node answers_test.mjs OUTCOME_LINES
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as library from './library.mjs'
import { typeOf } from './fields.mjs'
import { kindsOf } from './kinds.mjs'
import { outcomesOf } from './oracle.mjs'
import { randomOf } from './random.mjs'

const program = process.argv[2]
const random = randomOf(7)
const { fields, nodes, declared, answers } = kindsOf(random)
const form = `edition 2027 form oracle "O" { timezone "Australia/Lord_Howe" ${declared}\n}`

test('random values of every type are read as the server reads them', () => {
  const LINES = 3000
  let compared = 0, wrong = 0
  const all = Array.from({ length: LINES }, answers)
  outcomesOf(program, form, all).forEach((line, at) => {
    const verdict = JSON.parse(line), errors = Object.fromEntries(verdict.errors.map((error) => [error.pointer.slice(1), error]))
    for (const name in fields) {
      const sent = JSON.parse(JSON.stringify(all[at][name])), cell = library.readAnswer(nodes[name], sent), what = `${name} of ${JSON.stringify(sent)}`
      assert.equal(cell?.code, errors[name]?.code, what)
      const written = cell?.value === undefined ? undefined : library.writeValue(nodes[name], cell)
      assert.equal(written, verdict.answers[name] === undefined ? undefined : JSON.stringify(verdict.answers[name]), what)
      if (cell?.code === 'too_long' && nodes[name].open) assert.equal(errors[name].params.length_max, cell.own ? nodes[name].part.lengthMax : nodes[name].lengthMax, what)
      compared++
      wrong += Boolean(cell?.code)
    }
  })
  console.log(`${compared} values, ${wrong} of them wrong`)
  assert.ok(wrong > compared / 10 && wrong < compared * 0.8)
})

test('numbers are read from the shortest digits that give their double', () => {
  const cell = (value) => library.readAnswer(nodes.fine, value)
  assert.deepEqual(cell(0.1 + 0.2), { code: 'scale' })
  assert.deepEqual(cell(0.3), { value: 300000000 })
  assert.deepEqual(cell(1e-9), { value: 1 })
  assert.deepEqual(cell(1e-10), { code: 'scale' })
  assert.deepEqual(library.readAnswer(nodes.wide, -0), { value: 0 })
  assert.ok(Object.is(library.readAnswer(nodes.double, -0).value, 0))
})

test('what no JSON holds is of the wrong type, or beyond the range', () => {
  for (const name of ['wide', 'decimal', 'double']) {
    assert.deepEqual(library.readAnswer(nodes[name], NaN), { code: 'type' })
    assert.deepEqual(library.readAnswer(nodes[name], Infinity), { code: 'range' })
  }
  assert.deepEqual(library.readAnswer(nodes.plain, 'a\ud83c'), { code: 'type' })
  assert.equal(library.readAnswer(nodes.plain, undefined), undefined)
})

test('sets are in the order of the list, frozen, and rankings in their own', () => {
  const set = library.readAnswer(nodes.choices, ['x1', 'red']), ranking = library.readAnswer(nodes.ranking, ['x1', 'red'])
  assert.deepEqual(set.value, [1, 4])
  assert.deepEqual(ranking.value, [4, 1])
  assert.ok(Object.isFrozen(set.value) && Object.isFrozen(ranking.value))
  assert.ok(library.same(set.value, [1, 4]) && !library.same(set.value, ranking.value) && !library.same(set.value, [1]))
})

/* The instants at which a zone's clocks change from 1970 to 2100, to the day. */
function changesOf(zone) {
  const { offset } = library.zoneOf(zone), days = []
  for (let day = 0, last = offset(0); day < 47500; day++) {
    const next = offset((day + 1) * 864e5)
    if (next !== last) days.push(day)
    last = next
  }
  return days
}

test('wall times around every change of the clocks from 1970 to 2100 are read as the server reads them', () => {
  const kinds = { lenient: ['', 0], second: ['repeated second', 2], strict: ['skipped refuse repeated refuse', 5] }, zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/Sao_Paulo', 'Pacific/Apia']
  let compared = 0
  for (const zone of zones) {
    const form = `edition 2027 form oracle "O" {\n${Object.entries(kinds).map(([name, [rest]]) => `${name}: zoned("${zone}") ${rest}`).join('\n')}\nlater: zoned("${zone}") = lenient + 1 month\ntimezone "${zone}" }`
    const days = changesOf(zone).flatMap((day) => [day - 1, day, day + 1]).map(library.formatDay)
    const walls = days.flatMap((day) => [0, 1, 2, 3, 23].flatMap((hour) => [':15', ':45'].map((minute) => `${day}T${String(hour).padStart(2, '0')}${minute}`)))
    outcomesOf(program, form, walls.map((wall) => ({ lenient: wall, second: wall, strict: wall }))).forEach((line, at) => {
      const { answers, errors } = JSON.parse(line)
      for (const name in kinds) {
        const node = typeOf('zoned', zone, { wall: kinds[name][1] }), cell = library.readAnswer(node, walls[at])
        const said = errors.find(({ pointer }) => pointer === '/' + name)?.code ?? answers[name]
        assert.equal(cell.code ?? JSON.parse(library.writeValue(node, cell)), said, `${name} ${walls[at]} in ${zone}`)
        compared++
      }
      const node = typeOf('zoned', zone), value = library.addMonthsInstant(zone, library.readAnswer(node, walls[at]).value, 1)
      assert.equal(JSON.parse(library.writeValue(node, { value })), answers.later, `a month after ${walls[at]} in ${zone}`)
    })
  }
  console.log(`${compared} wall times`)
  assert.ok(compared > 20000)
})
