/* Store: what somebody has filled in is not lost: drafts and a queue of what is to be sent, in IndexedDB.
 *
 *     const store = openStore()
 *     await store.keep('https://host/v1/p/acme/contact', { answers, version: 3 })      until forget(); load() gives it back
 *     const outcome = await store.send('https://host/v1/p/acme/contact', { answers, version: 3, meta: { locale: 'de' } })
 *     outcome.state       'sent', 'refused', 'changed', or 'waiting': it is tried again, also by the next page that opens the store
 *
 * The idempotency key and the bytes are made and stored before the first try, so however often it is tried, from however many pages, one
 * submission is stored. One page at a time empties the queue. Waiting grows with full jitter, and Retry-After is the least. */

const DRAFTS = 'drafts', QUEUE = 'queue', LEASES = 'leases'
const WAIT_MS = 1e3, WAIT_MOST_MS = 3e5, LEASE_MS = 6e4, TRY_MS = 3e4

/* ---- IndexedDB, as promises */

const promised = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result)
  request.onerror = () => fail(request.error)
})

function openDatabase(indexedDB, name) {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => [DRAFTS, QUEUE, LEASES].forEach((each) => request.result.createObjectStore(each))
  return promised(request)
}

/* ---- what an answer means */

/* Seconds or a date; of dates in the past nothing. */
function retryAfter(header, now) {
  if (!header) return 0
  return Math.max(0, /^\d+$/.test(header) ? header * 1e3 : (Date.parse(header) || now) - now)
}

const MAY_PASS = [408, 425, 429, 500, 502, 503, 504, 507]
/* The form is another one by now: what was filled in has to be looked at again. */
const CHANGED = ['version-retired']

async function outcomeOf(response) {
  const text = await response.text()
  let body = {}
  try {
    body = JSON.parse(text)
  } catch { /* of something in between that is no server of ours */ }
  if (response.ok && body.receipt) return { state: 'sent', status: response.status, body }
  if (response.ok || MAY_PASS.includes(response.status)) return { state: 'waiting', status: response.status, body }
  return { state: CHANGED.includes(body.code) ? 'changed' : 'refused', status: response.status, body }
}

/* ---- what has changed between two versions of a form */

const isObject = (json) => typeof json === 'object' && json !== null && !Array.isArray(json)
const escapedName = (name) => name.replaceAll('~', '~0').replaceAll('/', '~1')

/* Each place that answers may have, rows as "*", with what it is. Of modules as they are served. */
function placesOf({ nodes }) {
  const places = new Map(), open = [{ end: Infinity, at: '' }]
  nodes.forEach(({ k = 4, n = '', j = n, e = 0, t = 0, l, c }, index) => {
    while (index >= open.at(-1).end) open.pop()
    const { at } = open.at(-1), own = [2, 3, 4].includes(k) ? `${at}/${escapedName(j)}` : at
    if (k >= 2 && k <= 4) places.set(own, { kind: k, type: t, list: l, computed: !!c, index })
    if (index) open.push({ end: index + 1 + e, at: k === 3 ? own + '/*' : own })
  })
  return places
}

/* { answers, gone, added }: `answers` are what has a place in the new form, nothing of it altered; `gone` what has none, by pointer, or is of another kind there;
 * `added` the places of questions that the old one did not ask. */
export function carryAnswers(before, after, answers) {
  const old = placesOf(before), now = placesOf(after), gone = []
  function carry(json, at, place) {
    const known = now.get(place)
    if (place && (!known || known.kind !== old.get(place)?.kind || known.type !== old.get(place).type || known.computed)) {
      gone.push({ pointer: at, value: json })
      return undefined
    }
    if (Array.isArray(json) && known?.kind === 3) return json.map((each, i) => (isObject(each) ? members(each, `${at}/${i}`, place + '/*') : each))
    return isObject(json) && known?.kind !== 4 ? members(json, at, place) : json
  }
  function members(json, at, place) {
    const kept = {}
    for (const [name, value] of Object.entries(json)) {
      const carried = carry(value, `${at}/${escapedName(name)}`, `${place}/${escapedName(name)}`)
      if (carried !== undefined) Object.defineProperty(kept, name, { value: carried, enumerable: true, configurable: true, writable: true })
    }
    return kept
  }
  const kept = members(answers, '', '')
  const added = [...now].filter(([place, { kind, computed }]) => kind === 4 && !computed && !old.has(place)).map(([place, { index }]) => ({ pointer: place, node: index }))
  return { answers: kept, gone, added }
}

/* ---- what was found, for the way */

const isLeaf = (json) => typeof json !== 'object' || json === null || Object.keys(json).length === 0
const memberOf = (json, name) => (!isLeaf(json) && Object.hasOwn(json, name) ? json[name] : undefined)

/* Leaf by leaf, by pointer, what `found` has that `sent` has not, and null for what it has not. */
function differing(sent, found, at, values) {
  const alone = sent === undefined || found === undefined, one = found ?? sent
  if (alone ? isLeaf(one) : isLeaf(sent) || isLeaf(found) || Array.isArray(sent) !== Array.isArray(found)) {
    if (JSON.stringify(sent) !== JSON.stringify(found)) Object.defineProperty(values, at, { value: found ?? null, enumerable: true, configurable: true, writable: true })
  } else for (const name of new Set([...Object.keys(sent ?? {}), ...Object.keys(found ?? {})])) differing(memberOf(sent, name), memberOf(found, name), `${at}/${escapedName(name)}`, values)
  return values
}

/* Of `form.claim(true)` what the answers that are sent along do not say themselves: values that were worked out or are not sent on, errors, what is hidden. The server
 * can name each difference by it. */
export function compactClaim(answers, { hash, verdict: { errors, hidden, answers: found } }) {
  return { hash, found: { values: differing(answers, found, '', {}), errors: errors.map(({ pointer, code }) => ({ pointer, code })), hidden } }
}

/* ---- the store */

export function openStore(options = {}) {
  const { name = 'formwright', indexedDB = globalThis.indexedDB, locks = globalThis.navigator?.locks, random = Math.random, now = Date.now,
    fetch = (...all) => globalThis.fetch(...all), window = globalThis } = options
  const opened = openDatabase(indexedDB, name), mine = crypto.randomUUID(), listeners = new Set()
  let timer, closed, flushing = Promise.resolve()

  /* One transaction over one store. */
  const within = async (store, mode, act) => act((await opened).transaction(store, mode).objectStore(store))
  const put = (store, key, value) => within(store, 'readwrite', (at) => promised(at.put(value, key)))
  const take = (store, key) => within(store, 'readwrite', (at) => promised(at.delete(key)))
  const find = (store, key) => within(store, 'readonly', (at) => promised(at.get(key)))
  const waiting = () => within(QUEUE, 'readonly', (at) => promised(at.getAll())).then((all) => all.sort((a, b) => a.since - b.since))
  const tell = (entry, outcome) => listeners.forEach((listener) => listener({ ...outcome, key: entry.key, form: entry.form }))

  async function tryOnce(entry) {
    try {
      const response = await fetch(`${entry.form}/submissions`, { method: 'POST', body: entry.body, signal: AbortSignal.timeout(TRY_MS),
        headers: { 'content-type': 'application/json', 'idempotency-key': entry.key } })
      return { ...(await outcomeOf(response)), least: retryAfter(response.headers.get('retry-after'), now()) }
    } catch (error) {
      return { state: 'waiting', status: 0, body: {}, least: 0, error: String(error) }
    }
  }

  /* Until it is sent or refused it stays in the queue; what is refused stays a draft. */
  async function settle(entry, outcome) {
    if (outcome.state === 'waiting') {
      const most = Math.min(WAIT_MOST_MS, WAIT_MS * 2 ** entry.tries)
      await put(QUEUE, entry.key, { ...entry, tries: Math.min(entry.tries + 1, 30), due: now() + outcome.least + random() * most })
    } else {
      await take(QUEUE, entry.key)
      const draft = outcome.state === 'sent' && (await find(DRAFTS, entry.form))
      if (draft && draft.kept <= entry.since) await take(DRAFTS, entry.form)
    }
    tell(entry, outcome)
    return outcome
  }

  /* Without locks: a lease that ends by itself if its page does. */
  async function leased(act) {
    const free = await within(LEASES, 'readwrite', async (at) => {
      const held = await promised(at.get(QUEUE))
      if (held && held.owner !== mine && held.until > now()) return false
      await promised(at.put({ owner: mine, until: now() + LEASE_MS }, QUEUE))
      return true
    })
    if (!free) return undefined
    try {
      return await act()
    } finally {
      await take(LEASES, QUEUE)
    }
  }
  const alone = (act) => (locks ? locks.request(`formwright ${name}`, { ifAvailable: true }, (lock) => (lock ? act() : undefined)) : leased(act))

  async function empty(outcomes, all) {
    for (const { key } of await waiting()) {
      const entry = await find(QUEUE, key)
      if (entry && (all || entry.due <= now())) outcomes.set(key, await settle(entry, await tryOnce(entry)))
      if (!locks && entry) await put(LEASES, QUEUE, { owner: mine, until: now() + LEASE_MS })
    }
    return true
  }
  async function flushOnce(all) {
    const outcomes = new Map(), had = await alone(() => empty(outcomes, all))
    await plan(had ? 0 : WAIT_MS)
    return outcomes
  }
  /* One after the other in this page, too; what is asked for after the end, by a timer or an event that was under way, is nothing. */
  const flush = (all = false) => (flushing = flushing.catch(() => {}).then(() => (closed ? new Map() : flushOnce(all))))
  /* The next try, when the first of them is due; another page may be at it. */
  async function plan(least) {
    if (closed) return
    const left = await waiting(), due = Math.min(...left.map((entry) => entry.due))
    clearTimeout(timer)
    if (left.length && !closed) timer = setTimeout(() => void flush(), Math.min(WAIT_MOST_MS, Math.max(least, due - now(), 0)))
  }
  const online = () => void flush(true)

  window.addEventListener?.('online', online)
  const ready = flush().catch(() => new Map())
  return {
    ready, waiting, flush,
    /* What is filled in of a form: { answers, version, … }, anything that can be cloned. */
    keep: (form, draft) => put(DRAFTS, form, { ...draft, kept: now() }),
    load: (form) => find(DRAFTS, form),
    forget: (form) => take(DRAFTS, form),
    async send(form, { answers, version, meta, claim, key = crypto.randomUUID(), ...more }) {
      if (claim?.verdict) claim = compactClaim(answers, claim)
      const entry = { key, form, body: JSON.stringify({ answers, version, meta, claim, ...more }), since: now(), tries: 0, due: 0 }
      await put(QUEUE, key, entry)
      let told
      const listen = (event) => { if (event.key === key) told = event }
      listeners.add(listen)
      try {
        for (let i = 0; i < 2 && !told; i++) await flush()
      } finally {
        listeners.delete(listen)
      }
      return told ?? { key, form, state: 'waiting', status: 0, body: {} }
    },
    /* What is still waiting is not sent any more; too late for what is on its way. */
    withdraw: (key) => take(QUEUE, key),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      window.removeEventListener?.('online', online)
      await flushing.catch(() => {})
      ;(await opened).close()
    },
  }
}
