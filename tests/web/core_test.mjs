// A form that is being filled in: what edits change, what is told of places, what would be sent.
//
//     node core_test.mjs FORMWRIGHT
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { createForm } from '../../web/formwright/index.js'

const [formwright] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'core-'))
process.on('exit', () => rmSync(folder, { recursive: true }))

async function compiled(items) {
  const path = join(folder, 'f.form')
  writeFileSync(path, `edition 2026\nform f "F" {\n${items}\n}\n`)
  const run = (...args) => execFileSync(formwright, [...args, path], { encoding: 'utf8' })
  return { module: (await import('data:text/javascript,' + encodeURIComponent(run('module')))).default, texts: JSON.parse(run('texts')) }
}
async function opened(items, options = {}) {
  const { module, texts } = await compiled(items)
  return createForm(module, { texts, now: 0, ...options })
}
const answersOf = (form) => form.verdict().answers

const MEMBERS = `
  count: integer "How many"
  doubled: integer = count * 2
  note: text "Note" when count > 3 required
  secret: text when count > 3 keep
  repeat members "Member" 0..5 {
    name: text "Name" required
    age: integer "Age" min 0
    adult: boolean = age >= 18
    prev: integer = prior.age
  }
  adults: integer = count(members where adult)
  first: text "For {members.name:list}"`

test('an edit tells the places that it changed, and no others', async () => {
  const form = await opened(MEMBERS)
  assert.deepEqual(form.set('/count', 2).sort(), ['/count', '/doubled'])
  assert.deepEqual(form.set('/count', 2), [], 'it is 2 already')
  assert.ok(form.set('/count', 4).includes('/note'))
  assert.equal(form.get('/doubled').value, 8)
})

test('null and undefined take an answer away, and what cannot be answered changes nothing', async () => {
  const form = await opened(MEMBERS, { answers: { count: 4 } })
  form.set('/count', null)
  assert.equal(form.get('/count').value, undefined)
  form.set('/doubled', 99)
  assert.equal(form.get('/doubled').value, undefined)
  assert.deepEqual(form.set('/members/x/name', 'A'), [])
  assert.deepEqual(form.set('/members/1/name', 'A'), [])
  assert.equal(form.get('/members/7'), undefined)
})

test('rows come and go where they are told to', async () => {
  const form = await opened(MEMBERS, { answers: { members: [{ name: 'Ada', age: 36 }, { name: 'Bob', age: 5 }] } })
  form.insertRow('/members', 1)
  form.set('/members/1', { name: 'Cy', age: 20 })
  assert.deepEqual(answersOf(form).members.map(({ name, prev }) => [name, prev]), [['Ada', undefined], ['Cy', 36], ['Bob', 20]])
  assert.equal(form.get('/adults').value, 2)
  form.removeRow('/members/0')
  assert.deepEqual(answersOf(form).members.map(({ name, prev }) => [name, prev]), [['Cy', undefined], ['Bob', 20]])
  assert.equal(form.get('/adults').value, 1)
  form.set('/members/0/name', 'Di')
  assert.equal(form.get('/members/0/name').value, 'Di')
})

test('a row that is set where there is none yet is put in', async () => {
  const form = await opened(MEMBERS)
  form.set('/members/0/age', 40)
  assert.deepEqual(answersOf(form).members, [{ age: 40, adult: true }])
  assert.deepEqual(form.verdict().errors.map(({ pointer, code }) => [pointer, code]), [['/members/0/name', 'required']])
})

test('what would be sent leaves out what is not relevant, but for what is kept', async () => {
  const form = await opened(MEMBERS, { answers: { count: 4, note: 'x', secret: 'y', members: [] } })
  assert.deepEqual(form.answers(), { count: 4, note: 'x', secret: 'y', members: [] })
  form.set('/count', 1)
  assert.deepEqual(form.answers(), { count: 1, secret: 'y', members: [] })
  form.set('/count', 4)
  assert.equal(form.get('/note').value, 'x', 'what was answered comes back')
})

test('what was written in where no option fits is not sent either while it is not relevant', async () => {
  const answers = { n: 1, c: { other: 'x' }, s: [{ other: 'y' }], g: { t: 'z' } }
  const form = await opened('n: integer\nc: choice(l) when n > 1 other "O"\ns: choices(l) when n > 1 other "O"\ngroup g when n > 1 { t: text }\nchoices l { a "A" }', { answers })
  assert.deepEqual(form.answers(), { n: 1 })
  form.set('/n', 2)
  assert.deepEqual(form.answers(), { ...answers, n: 2 })
})

test('what is given belongs to who gave it', async () => {
  const answers = { members: [{ name: 'Ada' }] }
  const form = await opened(MEMBERS, { answers })
  form.set('/members/0/name', 'Bob')
  assert.equal(answers.members[0].name, 'Ada')
  form.answers().members.length = 0
  assert.equal(form.get('/members').rows, 1)
})

test('listeners hear of each edit until they have had enough', async () => {
  const form = await opened(MEMBERS), heard = []
  const stop = form.subscribe(({ changed }) => heard.push(changed))
  form.set('/first', 'x')
  stop()
  form.set('/first', 'y')
  assert.deepEqual(heard, [['/first']])
})

test('listeners hear what the edit was, and an answer that is there already is none', async () => {
  const form = await opened(MEMBERS, { answers: { first: 'x' } }), heard = []
  form.subscribe(({ changed, ...edit }) => heard.push([edit, changed.includes('')]))
  form.set('/first', 'x')
  form.set('/first', 'y')
  form.insertRow('/members')
  form.insertRow('/members', 0)
  form.removeRow('/members/1')
  form.setNow(0)
  form.setAnswers({})
  assert.deepEqual(heard.map(([edit]) => edit), [{ set: '/first' }, { inserted: '/members/0' }, { inserted: '/members/0' }, { removed: '/members/1' }, {}, { set: '' }])
  assert.deepEqual(heard.slice(-2).map(([, all]) => all), [true, true])
})

test('a place tells what holds of it now', async () => {
  const form = await opened(`
    n: integer "N"
    c: choice(l where not small or n > 1) "C"
    s: choices(l) "S" length 1..n
    t: text "T {n}" hint "H" suggest "as {n}" readonly when n = 9
    choices l with small: boolean { a "Aye" (true)  b "Bee" (false) }
    repeat rows "R" 0..5 rows n { x: integer }`, { answers: { n: 1 } })
  assert.deepEqual(form.get('/c').options.map(({ code, label, offered }) => [code, label, offered]), [['a', 'Aye', false], ['b', 'Bee', true]])
  assert.equal(form.get('/s').lengthMax, 1)
  assert.equal(form.get('/rows').rowsMin, 1)
  assert.equal(form.get('/t').label, 'T 1')
  form.set('/n', 9)
  const { readonly, label } = form.get('/t')
  assert.deepEqual([readonly, label], [true, 'T 9'])
  form.set('/c', 'z')
  assert.deepEqual(form.get('/c').errors.map(({ code }) => code), ['option'])
})

test('the tree has everything that is drawn, rows inside', async () => {
  const form = await opened(`page p "P" {\n  a: text "A"\n  repeat rs "R" 0..3 { b: text "B" }\n}\nnote n "N"`, { answers: { rs: [{ b: 'x' }] } })
  const outline = ({ pointer, items }) => (items ? [pointer, items.map(outline)] : pointer)
  assert.deepEqual(outline(form.items()), ['', [['', ['/a', ['/rs', [['/rs/0', ['/rs/0/b']]]]]], ['/n', []]]])
})

test('a fault is told, and is over when its cause is', async () => {
  const form = await opened('a: integer\nb: integer = div(10, a)', { answers: { a: 0 } })
  assert.deepEqual(form.verdict(), { fault: { kind: 2, pointer: '/b' } })
  assert.equal(form.claimText(), undefined)
  form.set('/a', 3)
  assert.deepEqual(answersOf(form), { a: 3, b: 3 })
})

test('names that objects have by themselves are members like others', async () => {
  const form = await opened('a: text key "__proto__"\nb: text key "constructor"')
  form.set('/__proto__', 'x')
  form.set('/constructor', 'y')
  assert.equal(form.verdictText().includes('"answers":{"__proto__":"x","constructor":"y"}'), true)
  form.set('/toString', 1)
  assert.deepEqual(form.verdict().errors.map(({ code, pointer }) => [code, pointer]), [['unknown', '/toString']])
})

test('another moment is another verdict', async () => {
  const form = await opened('born: date\nadult: boolean = years_between(born, today()) >= 18', { answers: { born: '1960-01-01' } })
  assert.equal(form.get('/adult').value, false)
  form.setNow(Date.UTC(1978, 0, 1))
  assert.equal(form.get('/adult').value, true)
})

test('a claim is the hash of what both must say', async () => {
  const form = await opened('a: integer min 5', { answers: { a: 1 } }), { hash, verdict } = await form.claim(true)
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(form.claimText())))
  assert.equal(hash, Buffer.from(bytes).toString('hex'))
  assert.deepEqual(verdict.errors, [{ pointer: '/a', code: 'min', params: { min: 5 } }])
  assert.deepEqual(await form.claim(), { hash })
})

test('a module without words gives verdicts without messages', async () => {
  const { module } = await compiled('a: integer required')
  assert.equal(createForm(module, { now: 0 }).verdict().errors[0].message, '')
})

test('a value that may not stand twice is told of where it stands again, and asked for only there', async () => {
  const { module, texts } = await compiled('repeat rows 0..1000 { a: text unique }')
  let asked = 0
  const counting = { ...module, rules: (h) => module.rules({ ...h, seen: (...args) => (asked++, h.seen(...args)) }) }
  const form = createForm(counting, { texts, answers: { rows: Array.from({ length: 1000 }, (_, i) => ({ a: `n${i}` })) }, now: 0 })
  const wrong = () => form.verdict().errors.map(({ pointer }) => pointer)
  asked = 0
  form.set('/rows/0/a', 'n8')
  assert.deepEqual(wrong(), ['/rows/8/a'])
  form.set('/rows/3/a', 'n8')
  assert.deepEqual(wrong(), ['/rows/3/a', '/rows/8/a'])
  form.set('/rows/0/a', 'q')
  assert.deepEqual(wrong(), ['/rows/8/a'])
  assert.ok(asked < 12, String(asked))
})

test('an edit among a thousand rows asks the rules of its row and the totals, and no more', async () => {
  const { module } = await compiled('repeat rows 0..1000 {\n  a: integer\n  b: integer = a + 1\n}\ntotal: integer = sum(rows.b)')
  let asked = 0
  const counting = { ...module, rules: (h) => module.rules(h).map(([kind, number, reads, run]) => [kind, number, reads, (...args) => (asked++, run(...args))]) }
  const form = createForm(counting, { answers: { rows: Array.from({ length: 1000 }, () => ({ a: 1 })) }, now: 0 })
  assert.equal(asked, 1001)
  asked = 0
  form.set('/rows/500/a', 2)
  assert.equal(asked, 2)
  assert.equal(form.get('/total').value, 2001)
})
