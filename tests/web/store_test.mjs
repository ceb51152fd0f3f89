// The store of web/formwright: drafts, and the queue of what is to be sent, over an IndexedDB in memory and a server made up here.
//
//     node tests/web/store_test.mjs NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { test } from 'node:test'
import { carryAnswers, compactClaim, openStore } from '../../web/formwright/store.js'

const modules = path.resolve(process.argv[2] ?? 'build/npm/tests/node_modules')
if (!existsSync(path.join(modules, 'fake-indexeddb'))) {
  console.log('SKIPPED: fake-indexeddb is not here (./dev test installs it in build/npm/tests): the store is NOT checked')
  process.exit(77)
}
const { IDBDatabase, IDBFactory } = createRequire(path.join(modules, 'x.cjs'))('fake-indexeddb')
const FORM = 'https://host/v1/p/acme/contact'

/* A server that keeps what it has taken by key, a clock that is set, and pages over one database. `answer(n)` says what the n-th try gets. */
function world({ answer = () => undefined, locks = undefined } = {}) {
  const indexedDB = new IDBFactory(), stored = new Map(), tries = [], time = { now: 1e12 }
  let busy = 0, most = 0
  const fetch = async (url, { headers, body }) => {
    tries.push({ url, key: headers['idempotency-key'], body, at: time.now })
    most = Math.max(most, ++busy)
    await new Promise((done) => setTimeout(done, 1))
    busy--
    const said = answer(tries.length - 1)
    if (said instanceof Error) throw said
    if (said && !said.lost) return new Response(JSON.stringify(said.body ?? {}), { status: said.status, headers: said.headers })
    stored.set(headers['idempotency-key'], body)
    if (said?.lost) throw new TypeError('the answer is lost')
    return new Response(JSON.stringify({ receipt: '/v1/p/acme/contact/receipts/x' }), { status: 201 })
  }
  const page = (more = {}) => openStore({ indexedDB, locks, fetch, now: () => time.now, random: () => 0.5, window: new EventTarget(), ...more })
  return { page, stored, tries, time, most: () => most }
}

test('what is sent is stored once and is gone from the queue, and its draft with it', async () => {
  const { page, stored, tries } = world(), store = page()
  await store.keep(FORM, { answers: { name: 'Ada' }, version: 3 })
  const outcome = await store.send(FORM, { answers: { name: 'Ada' }, version: 3, meta: { locale: 'de' } })
  assert.equal(outcome.state, 'sent')
  assert.equal(stored.size, 1)
  assert.equal(tries[0].url, FORM + '/submissions')
  assert.deepEqual(JSON.parse(tries[0].body), { answers: { name: 'Ada' }, version: 3, meta: { locale: 'de' } })
  assert.match(tries[0].key, /^[0-9a-f-]{36}$/)
  assert.deepEqual(await store.waiting(), [])
  assert.equal(await store.load(FORM), undefined)
  await store.close()
})

test('a claim is sent as what the answers do not say themselves', async () => {
  const answers = { a: 1.5, amount: '$2.50', gone: { x: 1 }, r: [{ e: 4 }, { e: 5 }], 'a/b~': [], __proto__: null }
  Object.defineProperty(answers, '__proto__', { value: 'p', enumerable: true })
  const verdict = { valid: false, errors: [{ pointer: '/a', code: 'min', params: { min: 2 } }], hidden: ['/gone'],
    answers: JSON.parse('{"a":1.5,"amount":2.5,"r":[{"e":4,"f":8},{"e":5,"f":10}],"total":18,"a/b~":["x"],"constructor":1,"__proto__":"q"}') }
  const compact = compactClaim(answers, { hash: 'h', verdict })
  assert.deepEqual(compact, { hash: 'h', found: { errors: [{ pointer: '/a', code: 'min' }], hidden: ['/gone'],
    values: { '/amount': 2.5, '/gone/x': null, '/r/0/f': 8, '/r/1/f': 10, '/total': 18, '/a~1b~0': ['x'], '/constructor': 1, '/__proto__': 'q' } } })
  const { page, tries } = world(), store = page()
  await store.send(FORM, { answers: { a: 1 }, version: 3, claim: { hash: 'h', verdict: { ...verdict, answers: { a: 1 } } } })
  assert.deepEqual(JSON.parse(tries[0].body).claim, { hash: 'h', found: { values: {}, errors: [{ pointer: '/a', code: 'min' }], hidden: ['/gone'] } })
  await store.close()
})

test('a draft that was kept after sending began stays', async () => {
  const { page, time } = world({ answer: (n) => (n === 0 ? new TypeError('offline') : undefined) }), store = page()
  await store.send(FORM, { answers: { name: 'Ada' } })
  time.now += 10
  await store.keep(FORM, { answers: { name: 'Bo' } })
  await store.flush(true)
  assert.deepEqual(await store.waiting(), [])
  assert.equal((await store.load(FORM)).answers.name, 'Bo')
  await store.close()
})

test('an answer that is lost does not make a second submission: key and bytes stay the same', async () => {
  const { page, stored, tries } = world({ answer: (n) => (n < 2 ? { lost: true } : undefined) }), store = page()
  const outcome = await store.send(FORM, { answers: { n: 1 } })
  assert.equal(outcome.state, 'waiting')
  await store.flush(true)
  await store.flush(true)
  assert.ok(tries.length >= 3)
  assert.equal(new Set(tries.map(({ key, body }) => key + body)).size, 1)
  assert.equal(stored.size, 1)
  assert.deepEqual(await store.waiting(), [])
  await store.close()
})

test('waiting grows with jitter up to five minutes, and Retry-After is the least', async () => {
  const { page, time } = world({ answer: (n) => (n % 2 ? { status: 503 } : { status: 429, headers: { 'retry-after': '7' } }) }), store = page()
  await store.send(FORM, { answers: {} })
  const waits = []
  for (let i = 0; i < 14; i++) {
    const [entry] = await store.waiting()
    waits.push(entry.due - time.now)
    await store.flush(true)
  }
  const even = waits.filter((_, i) => i % 2 === 0), odd = waits.filter((_, i) => i % 2)
  assert.ok(waits[0] >= 7000 || waits[1] >= 7000, 'Retry-After counts')
  assert.ok(Math.max(...even, ...odd) <= 7000 + 150000, 'half of the most, and Retry-After')
  assert.ok(waits.at(-1) > waits[0])
  await store.close()
})

test('jitter is full: between nothing and the most', async () => {
  for (const [random, wait] of [[0, 0], [0.999999, 999]]) {
    const { page, time } = world({ answer: () => ({ status: 503 }) }), store = page({ random: () => random })
    const listed = new Promise((done) => store.subscribe(done))
    await store.send(FORM, { answers: {} })
    assert.equal((await listed).state, 'waiting')
    const [entry] = await store.waiting()
    assert.ok(entry.tries >= 1)
    assert.ok(Math.abs((entry.due - time.now) - wait * 2 ** (entry.tries - 1)) <= 2 ** entry.tries, `${entry.due - time.now}`)
    await store.close()
  }
})

test('a store that is closed while it tries leaves nothing behind that asks the database', async () => {
  const { page, tries } = world({ answer: () => ({ status: 503 }) }), store = page({ random: () => 0 })
  await store.send(FORM, { answers: {} })
  const asked = [store.flush(true), store.flush(), store.flush(true)]
  await store.close()
  await Promise.all(asked)
  const before = tries.length
  assert.deepEqual(await store.flush(true), new Map())
  await new Promise((done) => setTimeout(done, 20))
  assert.equal(tries.length, before)
})

test('a database that fails once does not end the trying', async () => {
  const { page, stored } = world({ answer: (n) => (n === 0 ? { status: 503 } : undefined) }), store = page()
  await store.send(FORM, { answers: {} })
  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = () => { throw new Error('the disk is full') }
  const failed = await Promise.allSettled([store.flush(true), store.flush(true)])
  IDBDatabase.prototype.transaction = transaction
  assert.deepEqual(failed.map(({ status }) => status), ['rejected', 'rejected'])
  await store.flush(true)
  assert.equal(stored.size, 1)
  await store.close()
})

test('a date in Retry-After counts, one in the past does not', async () => {
  const date = new Date(1e12 + 60000).toUTCString()
  const { page, time } = world({ answer: () => ({ status: 503, headers: { 'retry-after': date } }) }), store = page({ random: () => 0 })
  await store.send(FORM, { answers: {} })
  assert.equal((await store.waiting())[0].due - time.now, 60000)
  time.now += 120000
  await store.flush()
  assert.equal((await store.waiting())[0].due - time.now, 0)
  await store.close()
})

test('what is refused leaves the queue and stays a draft', async () => {
  const errors = [{ pointer: '/name', code: 'required' }]
  const { page } = world({ answer: () => ({ status: 422, body: { code: 'validation-failed', errors } }) }), store = page()
  await store.keep(FORM, { answers: {} })
  const outcome = await store.send(FORM, { answers: {} })
  assert.equal(outcome.state, 'refused')
  assert.deepEqual(outcome.body.errors, errors)
  assert.deepEqual(await store.waiting(), [])
  assert.ok(await store.load(FORM))
  await store.close()
})

test('a retired version is told as changed', async () => {
  const { page } = world({ answer: () => ({ status: 409, body: { code: 'version-retired' } }) }), store = page()
  assert.equal((await store.send(FORM, { answers: { name: 'Ada' }, version: 1 })).state, 'changed')
  await store.close()
})

for (const [what, locks] of [['with locks', lockManager], ['without locks, by a lease', () => undefined]])
  test(`pages that share the queue never send at the same time, ${what}`, async () => {
    const shared = locks(), { page, stored, most, tries } = world({ locks: shared })
    const pages = Array.from({ length: 5 }, () => page())
    const outcomes = await Promise.all(pages.map((store, i) => store.send(FORM, { answers: { i } })))
    for (let i = 0; i < 40 && stored.size < 5; i++) {
      await Promise.all(pages.map((store) => store.flush(true)))
      await new Promise((done) => setTimeout(done, 5))
    }
    assert.ok(outcomes.every(({ state }) => state === 'sent' || state === 'waiting'))
    assert.equal(most(), 1)
    assert.equal(stored.size, 5)
    assert.equal(tries.length, 5, 'and none twice')
    await Promise.all(pages.map((store) => store.close()))
  })

function lockManager() {
  const held = new Set()
  return {
    async request(name, { ifAvailable }, act) {
      assert.ok(ifAvailable)
      if (held.has(name)) return act(null)
      held.add(name)
      try {
        return await act({ name })
      } finally {
        held.delete(name)
      }
    },
  }
}

test('a page that was closed before its answer came is finished by the next', async () => {
  const { page, stored } = world({ answer: (n) => (n === 0 ? new TypeError('offline') : undefined) }), first = page()
  assert.equal((await first.send(FORM, { answers: { n: 1 } })).state, 'waiting')
  await first.close()
  const second = page()
  await second.ready
  await second.flush(true)
  assert.equal(stored.size, 1)
  await second.close()
})

test('the event online tries at once', async () => {
  const window = new EventTarget()
  const { page, stored } = world({ answer: (n) => (n === 0 ? new TypeError('offline') : undefined) }), store = page({ window })
  await store.send(FORM, { answers: { n: 1 } })
  const sent = new Promise((done) => store.subscribe((event) => event.state === 'sent' && done(event)))
  window.dispatchEvent(new Event('online'))
  assert.equal((await sent).form, FORM)
  assert.equal(stored.size, 1)
  await store.close()
})

test('what is withdrawn is not sent', async () => {
  const { page, stored } = world({ answer: (n) => (n === 0 ? new TypeError('offline') : undefined) }), store = page()
  const { key } = await store.send(FORM, { answers: { n: 1 } })
  await store.withdraw(key)
  await store.flush(true)
  assert.equal(stored.size, 0)
  await store.close()
})

/* As modules are served: pages and sections leave no trace, kinds as docs/module.md numbers them. */
const node = (n, more = {}) => ({ n, t: 1, ...more })
const moduleOf = (...nodes) => ({ nodes: [{ k: 0, n: 'contact', e: nodes.length }, ...nodes] })

test('answers are carried to another version by their places, and nothing of them is lost', () => {
  const before = moduleOf(node('name'), node('age', { t: 3 }), node('nick'), { k: 2, n: 'home', e: 1 }, node('zip'), { k: 3, n: 'pets', e: 2 }, node('pet'), node('years', { t: 3 }))
  const after = moduleOf({ k: 1, n: 'page', e: 2 }, node('name'), node('age', { t: 1 }), { k: 2, n: 'home', e: 2 }, node('zip'), node('town'), { k: 3, n: 'pets', e: 1 }, node('pet'))
  const answers = { name: 'Ada', age: 7, nick: 'A', home: { zip: '1' }, pets: [{ pet: 'Rex', years: 3 }, { pet: 'Tom' }] }
  const { answers: kept, gone, added } = carryAnswers(before, after, answers)
  assert.deepEqual(kept, { name: 'Ada', home: { zip: '1' }, pets: [{ pet: 'Rex' }, { pet: 'Tom' }] })
  assert.deepEqual(gone, [{ pointer: '/age', value: 7 }, { pointer: '/nick', value: 'A' }, { pointer: '/pets/0/years', value: 3 }])
  assert.deepEqual(added, [{ pointer: '/home/town', node: 6 }])
})

test('names with slashes, tildes and those that objects have by themselves are carried too', () => {
  const form = moduleOf(node('a', { j: 'a/b~c' }), node('p', { j: '__proto__' }))
  const answers = JSON.parse('{"a/b~c":"1","__proto__":"2"}'), { answers: kept, gone } = carryAnswers(form, form, answers)
  assert.equal(JSON.stringify(kept), JSON.stringify(answers))
  assert.deepEqual(gone, [])
})
