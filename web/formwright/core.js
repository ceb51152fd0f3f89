/* Core: a form that is being filled in: answers in, a verdict out, and after each edit only what depends on it worked out again.
 *
 *     const form = createForm(module, { answers: { age: 17 }, texts })
 *     form.set('/age', 18)             ['/age', '/may_vote']: what has changed
 *     form.get('/may_vote').value      'yes'
 *     form.verdict().valid             true
 *
 * docs/module.md tells what a module, a row and a cell are. Rules run in the order of the module; a rule that faults leaves its value missing and
 * is told by the verdict, which then says nothing else. */
import { ceilNumber, ceilScaled, divide, exactly, Fault, floorNumber, floorScaled, mul, number, round, roundNumber, sqrt, BY_ZERO, NOT_FINITE } from './exact.js'
import { concat, contains, endsWith, join, length, lower, matches, parseDate, parseDecimal, parseInteger, replace, startsWith, substring, textLess, textOf, upper, words } from './text.js'
import { addDays, addMonths, addMs, date, day, endOfMonth, minutesBetween, month, monthsBetween, weekday, year, yearsBetween } from './civil.js'
import { addMonthsInstant, dateOf, timeOf } from './zone.js'
import { earliest, latest, partialDay, partialMonth, partialYear, precision, shiftMonth, yearMonth } from './partial.js'
import { code, codes, column, find, has, listed, rank, rankCount, ranked, rankedCodes, rankHas, same, score, scoreSet, size } from './choice.js'
import { checksum, digits, iban, luhn, mod97, weighed } from './checksum.js'
import { patternOf } from './pattern.js'
import { readAnswer } from './answers.js'
import { writeString, writeValue } from './verdict.js'
import { messageOf, wordsOf } from './wording.js'
import { DATETIME } from './types.js'

export const FORM = 0, PAGE = 1, GROUP = 2, REPEAT = 3, FIELD = 4, NOTE = 5, LET = 6, SECTION = 7
export const FLAG = { UNKNOWN: 1, HIDDEN: 2, KEEP: 4, READONLY: 8, MULTILINE: 16, DERIVED: 32, SENT: 64, MEMBER: 128, OPEN: 256, UNIQUE: 512, FILTERED: 1024 }
const RELEVANCE = 0, VALUE = 1, OFFER = 2, BOUNDS = 3, REQUIRED = 4
const ERRORS_LISTED = 200, BEHIND = -1, ALL_BEHIND = -2

/* ---- the module in long names */

const LETS = ['part', 'suggestion', 'readonlyFlag', 'lengthLow', 'lengthHigh', 'rowsLow', 'rowsHigh']

function unfoldNode({ k = FIELD, n = '', j = n, e = 0, o = 0, t = 0, s = 0, m = 0, l, y, z, w = 0, a, b, f = 0, g = Infinity, p = 0, r, c, x = 0, u = [], h, q, d, i }, index) {
  return { index, kind: k, name: n, key: j, end: index + 1 + e, ownScope: o, type: t, scale: s, format: m, list: l, currency: y, zone: z, wall: w, min: a, max: b,
    lengthMin: f, lengthMax: g, pattern: p, required: !!r, computed: !!c, flags: x, open: !!(x & FLAG.OPEN), lets: u, when: !!h, autocomplete: q, default: d, looks: i, members: [], keys: new Map() }
}

const isFrame = ({ kind }) => kind === PAGE || kind === SECTION
const isMember = ({ kind }) => kind === FIELD || kind === GROUP || kind === REPEAT

/* Where it stands: around, in which rows, at which place in them. */
function placeNode(node, around, nodes, lists, patterns) {
  node.parent = around
  const isRow = around?.kind === REPEAT && !around.lets.slice(5).includes(node.index) /* how many rows there may be is said outside of them */
  node.scope = (isRow ? around.ownScope : around?.scope) ?? 0
  node.base = (isRow ? around.index : around?.base) ?? 0
  node.slot = node.index - node.base
  node.relevance = node.when ? node : around?.relevance
  node.answered = (node.kind === FIELD && !node.computed) || !!(node.flags & FLAG.SENT)
  node.inside = []
  if (node.answered) node.relevance?.inside.push(node)
  node.list = lists[node.list]
  node.pattern = patterns[node.pattern - 1]
  LETS.forEach((name, i) => { node[name] = node.lets[i] ? nodes[node.lets[i]] : undefined })
  if (!isMember(node)) return
  let holder = around
  while (isFrame(holder)) holder = holder.parent
  holder.members.push(node)
  holder.keys.set(node.key, node)
}

const unfoldList = ({ n, c, s, z = 0, o, v = [] }, index) =>
  ({ index, name: n, codes: c, scores: s, scoreScale: z, offered: o, columns: v, options: new Map(c.map((each, i) => [each, i + 1])) })

export function unfold(module) {
  const nodes = module.nodes.map(unfoldNode), lists = module.lists.map(unfoldList), patterns = module.patterns.map(patternOf)
  const scopes = [[undefined, 0, 1, 1], ...module.scopes].map(([parent, node, rowsMin, rowsMax]) => ({ parent, node: nodes[node], rowsMin, rowsMax, inside: [] }))
  const open = []
  for (const node of nodes) {
    while (open.length && node.index >= open.at(-1).end) open.pop()
    placeNode(node, open.at(-1), nodes, lists, patterns)
    open.push(node)
  }
  scopes.forEach(({ parent }, scope) => scopes[parent]?.inside.push(scope))
  const checks = module.checks.map(([node, owner = node, scope = 0, name], index) => ({ index, node: nodes[node], owner: nodes[owner], scope, name }))
  return { ...module, source: module, nodes, lists, patterns, scopes, checks }
}

/* ---- what rules are handed */

const strict = (helper) => (...args) => (args.includes(undefined) ? undefined : helper(...args))
const less = (a, b) => (typeof a === 'string' ? textLess(a, b) : a < b)
const equal = (a, b) => (Array.isArray(a) ? same(a, b) : a === b)
const finite = (value) => {
  if (!Number.isFinite(value)) throw new Fault(NOT_FINITE)
  return value
}
const divisor = (value) => {
  if (value === 0) throw new Fault(BY_ZERO)
  return value
}
const modulo = (a, b) => {
  const rest = a % divisor(b)
  return rest && rest < 0 !== b < 0 ? rest + b : rest
}
const best = (better) => (...values) => {
  let found
  for (const value of values) if (value !== undefined && (found === undefined || better(value, found))) found = value
  return found
}
const greater = (a, b) => less(b, a)

const HELPERS = {
  mul, divide, round, floorScaled, ceilScaled, roundNumber, number, floorNumber, ceilNumber, sqrt, has, score, scoreSet, code, codes, rankedCodes, listed, column, find,
  rank, rankHas, rankCount, ranked, length, upper, lower, contains, startsWith, endsWith, substring, replace, words, digits, luhn, mod97, iban, weighed, checksum, concat,
  textOf, parseInteger, parseDecimal, parseDate, matches, date, year, month, day, weekday, yearsBetween, monthsBetween, addDays, addMonths, endOfMonth, dateOf, timeOf, addMs,
  addMonthsInstant, partialYear, partialMonth, partialDay, precision, earliest, latest, yearMonth, shiftMonth, minutesBetween,
  eq: equal, ne: (a, b) => !equal(a, b), lt: less, gt: greater, le: (a, b) => !less(b, a), ge: (a, b) => !less(a, b),
  quotient: (a, b) => finite(a / divisor(b)), floorDiv: (a, b) => Math.floor(a / divisor(b)), mod: modulo, abs: Math.abs, sign: Math.sign,
}
const LIBRARY = {
  ...Object.fromEntries(Object.entries(HELPERS).map(([name, helper]) => [name, strict(helper)])),
  size, join, least: best(less), greatest: best(greater),
  /* Of numbers; NaN is what a missing operand makes of them. */
  E: (value) => (value === value ? exactly(value) : undefined),
  N: (value) => (value === value ? finite(value) : undefined),
  D: (value) => (value === value ? value : undefined),
}

/* What is worked out over rows: of(row, scope) are those that count. */
function rowFunctions(of) {
  const rowsWhere = (row, scope, where) => (where ? of(row, scope).filter(where) : of(row, scope))
  const fold = (start, add, end = (result) => result) => (row, scope, value, where) => {
    let result = start, count = 0
    for (const each of of(row, scope)) {
      const found = !where || where(each) ? value(each) : undefined
      if (found !== undefined) result = add(result, found, count++)
    }
    return end(result, count)
  }
  const extreme = (better) => fold(undefined, (a, b, count) => (!count || better(b, a) ? b : a))
  const plus = (a, b) => exactly(a + b)
  return {
    rowsCount: (row, scope, where) => rowsWhere(row, scope, where).length,
    rowsSum: fold(0, plus),
    rowsTotal: fold(0, (a, b) => a + b, finite),
    rowsMin: extreme(less),
    rowsMax: extreme(greater),
    rowsAvg: (row, scope, up, down, value, where) => fold(0, plus, (sum, count) => (count ? divide(sum, count, up, down) : undefined))(row, scope, value, where),
    rowsMean: fold(0, (a, b) => a + b, (sum, count) => (finite(sum), count ? sum / count : undefined)),
    rowsAny: (row, scope, where) => of(row, scope).some((each) => where(each)),
    rowsAll: (row, scope, where) => of(row, scope).every((each) => where(each)),
    rowsNone: (row, scope, where) => !of(row, scope).some((each) => where(each)),
    rowsFirst(row, scope, value, where) {
      const found = where ? of(row, scope).find((each) => where(each)) : of(row, scope)[0]
      return found && value(found)
    },
    rowsLast(row, scope, value, where) {
      const found = of(row, scope).findLast((each) => !where || where(each))
      return found && value(found)
    },
    rowsAt(row, scope, wanted, value, where) {
      let count = 0
      if (wanted === undefined) return undefined
      const found = of(row, scope).find((each) => (!where || where(each)) && ++count === wanted)
      return found && value(found)
    },
    rowsJoin(row, scope, separator = '', value, where) {
      return join(separator, ...rowsWhere(row, scope, where).map((each) => value(each)))
    },
    rowsDistinct(row, scope, value, where) {
      const met = new Set()
      fold(0, (_, found) => met.add(Array.isArray(found) ? found.join() : found))(row, scope, value, where)
      return met.size
    },
  }
}

/* ---- rows: arrays of values by slot. p the row around, s the scope, i the place in its array, k rows inside by scope, c answers as cells, x relevance,
 * b breaches, q required, w checks that fail, f what is wrong with its shape */

function rowNew(scopes, around, scope, index) {
  const row = []
  Object.assign(row, { p: around, s: scope, i: index, k: [], c: [], x: [], b: [], q: [], w: [], f: [] })
  for (const inside of scopes[scope].inside) row.k[inside] = { rows: [], sent: 0, state: undefined }
  return row
}

function rowAt(row, scope) {
  while (row.s !== scope) row = row.p
  return row
}

/* Also where the name is one that objects have by themselves. */
const give = (object, name, value) => Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
const isObject = (json) => typeof json === 'object' && json !== null && !Array.isArray(json)
const partsOf = (pointer) => pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
const escaped = (name) => '/' + name.replaceAll('~', '~0').replaceAll('/', '~1')

export function pointerOf(node, row) {
  if (node.kind === FORM) return ''
  if (node.kind === REPEAT && row.s === node.ownScope) return `${pointerOf(node, row.p)}/${row.i}`
  return pointerOf(node.parent, row) + (isFrame(node) ? '' : escaped(node.key || node.name))
}

/* ---- rules, and who must be asked again when something changes */

const liesAround = (scopes, scope, inside) => inside === scope || (inside > 0 && liesAround(scopes, scope, scopes[inside].parent))

function rulesOf(form, library) {
  const { nodes, checks, scopes } = form
  return form.rules(library).map(([kind, number, reads, run], index) => {
    const check = kind > REQUIRED ? checks[number] : undefined, node = check ? check.owner : nodes[number]
    const guard = kind === RELEVANCE ? node.parent?.relevance : node.relevance
    const met = reads.map((read) => (Array.isArray(read) ? [nodes[read[0]], read[1]] : [nodes[read], nodes[read].scope]))
    const relevances = guard ? [[guard, guard.scope]] : []
    for (const [read, meet] of met)
      if (read.kind === REPEAT && read.relevance) relevances.push([read.relevance, liesAround(scopes, read.relevance.scope, meet) ? read.relevance.scope : meet])
    return { index, kind, node, check, scope: check ? check.scope : node.scope, reads: met, relevances, run, dirty: new Set() }
  })
}

/* Rules that must go row by row, since one looks at the row before of what itself or a later one makes: the number of the last of them, by that of the first. */
function togethersOf(rules) {
  const writers = new Map(), togethers = []
  for (const { kind, node, index } of rules) {
    if (kind === RELEVANCE) for (const inside of node.inside) writers.set(inside, index)
    else if (kind < REQUIRED) writers.set(node, index)
  }
  for (const { index, reads } of rules) {
    let last = index
    for (const [node, meet] of reads) if (meet < 0) last = Math.max(last, writers.get(node) ?? -1)
    const looks = reads.some(([node, meet]) => meet < 0 && writers.get(node) >= index)
    const before = togethers.at(-1)
    if (before && before.last >= index) before.last = Math.max(before.last, last)
    else togethers.push({ first: index, last, ordered: false })
    if (looks) togethers.at(-1).ordered = true
  }
  return togethers
}

export function createForm(source, options = {}) {
  const form = unfold(source), { nodes, scopes, checks } = form, top = nodes[0]
  const { texts, lenient = false } = options, zone = options.zone ?? form.zone
  let now = options.now ?? Date.now(), raw = {}, root, failing, faults, running, changed, marking = false
  const listeners = new Set(), values = new Map(), relevances = new Map()

  /* ---- rows that count */

  const relevant = (node, row) => !node.relevance || rowAt(row, node.relevance.scope).x[node.relevance.slot] === true
  function rowsIn(row, scope) {
    if (row.s === scope) return [row]
    const { parent, node } = scopes[scope]
    if (parent !== row.s) return rowsIn(row, parent).flatMap((each) => rowsIn(each, scope))
    return relevant(node, row) ? row.k[scope].rows : []
  }
  function allRows(row, scope) {
    if (row.s === scope) return [row]
    const { parent } = scopes[scope]
    return parent === row.s ? row.k[scope].rows : allRows(row, parent).flatMap((each) => each.k[scope].rows)
  }
  const siblings = (row) => row.p.k[row.s].rows

  /* ---- what depends on what */

  const own = { F: undefined, L: form.lists, P: form.patterns, Z: zone, now: () => now, today: () => dateToday(), prior: (row, slot) => siblings(row)[row.i - 1]?.[slot] }
  own.seen = (row, slot) => {
    for (const each of siblings(row)) {
      if (each === row) return false
      if (each[slot] !== undefined && equal(each[slot], row[slot])) return true
    }
  }
  function dateToday() {
    try {
      return dateOf(zone, now)
    } catch {
      return now < 0 ? -719162 : 2932896
    }
  }
  let rules, togethers
  const list = (map, key) => map.get(key) ?? (map.set(key, []), map.get(key))
  function connect() {
    rules = rulesOf(form, { ...LIBRARY, ...rowFunctions(rowsIn), ...own })
    togethers = togethersOf(rules)
    for (const rule of rules) {
      for (const [node, meet] of rule.reads) list(values, node).push([rule, meet])
      for (const [node, meet] of rule.relevances) list(relevances, node).push([rule, meet])
      if (rule.kind === OFFER) rule.node.offer = rule
      if (rule.kind === BOUNDS) rule.node.bounds = rule
    }
  }

  function mark(rule, row) {
    if (running && running.rule === rule && running.row === row) return
    rule.dirty.add(row)
  }
  /* Of all rows behind only those mind that have the value that came or went. */
  function markAll(dependents, row, came, went) {
    if (!marking || !dependents) return
    const minds = (value) => value !== undefined && [came, went].some((each) => each !== undefined && equal(each, value))
    for (const [rule, meet] of dependents) {
      const behind = meet < 0 ? siblings(row).slice(row.i + 1, meet === BEHIND ? row.i + 2 : undefined) : [rowAt(row, meet)]
      for (const each of behind) if (meet !== ALL_BEHIND || minds(base(rule.node, each))) for (const one of allRows(each, rule.scope)) mark(rule, one)
    }
  }
  const note = (node, row) => changed?.push([node, row])

  /* ---- values */

  const base = (node, row) => {
    if (!relevant(node, row)) return undefined
    return node.flags & FLAG.SENT ? row.c[node.parent.slot]?.text : row.c[node.slot]?.value
  }
  function put(node, row, value) {
    const old = row[node.slot]
    row[node.slot] = value
    if (old === value || (Array.isArray(old) && Array.isArray(value) && same(old, value))) return
    note(node, row)
    markAll(values.get(node), row, value, old)
  }
  /* An answer is there, or hidden, or shown again: those that ask more of it come in their turn. */
  function settle(node, row) {
    if (node.offer && marking) mark(node.offer, row)
    if (node.bounds && marking) mark(node.bounds, row)
    if (!node.offer && !node.bounds) put(node, row, base(node, row))
    note(node, row)
  }

  function attempt(rule, row, run, option) {
    try {
      return run(row, option)
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      if (!faults.has(rule)) faults.set(rule, new Map())
      faults.get(rule).set(row, fault.kind)
      return undefined
    }
  }

  function askRelevance(rule, row) {
    const { node } = rule, shown = (!node.parent || relevant(node.parent, row)) && !!attempt(rule, row, rule.run)
    if (row.x[node.slot] === shown) return
    row.x[node.slot] = shown
    note(node, row)
    for (const inside of node.inside) for (const each of allRows(row, inside.scope)) settle(inside, each)
    markAll(relevances.get(node), row)
  }
  function askOffer(rule, row) {
    const { node } = rule, value = base(node, row), chosen = value === undefined ? [] : Array.isArray(value) ? value : [value]
    const open = chosen.every((option) => option > node.list.codes.length || attempt(rule, row, rule.run, option))
    row.b[node.slot] = open ? undefined : { code: 'option' }
    note(node, row)
    if (!node.bounds) put(node, row, open ? value : undefined)
    else if (marking) mark(node.bounds, row)
  }
  /* Up to the first that is met; in the order in which the server asks. */
  function breachOf(rule, row, value) {
    const { node } = rule, [low, high, short, long, locked, repeated] = rule.run
    const ask = (run) => run && attempt(rule, row, run)
    if (ask(short)) return { code: 'too_short', bound: row[node.lengthLow?.slot] }
    if (ask(long)) return { code: 'too_long', bound: row[node.lengthHigh?.slot] }
    const least = ask(low)
    if (value < least) return { code: 'min', bound: least }
    const most = ask(high)
    if (value > most) return { code: 'max', bound: most }
    if (ask(locked)) return { code: 'readonly' }
    return ask(repeated) ? { code: 'duplicate', repeated: true } : undefined
  }
  function askBounds(rule, row) {
    const { node } = rule, { slot } = node, old = row[slot]
    if (row.b[slot]?.code === 'option' && node.offer) return put(node, row, undefined)
    const value = base(node, row)
    row[slot] = value /* what is asked looks at it */
    row.b[slot] = value === undefined ? undefined : breachOf(rule, row, value)
    row[slot] = old
    note(node, row)
    put(node, row, row.b[slot] ? undefined : value)
  }
  function askCheck(rule, row) {
    const { check } = rule, fails = relevant(check.owner, row) && !!attempt(rule, row, rule.run)
    if (!!row.w[check.index] === fails) return
    row.w[check.index] = fails
    failing[check.index] += fails ? 1 : -1
    note(check.node, check.node.kind === REPEAT && row.s === check.node.ownScope ? row : rowAt(row, check.node.scope))
  }
  function ask(rule, row) {
    const { kind, node } = rule
    faults.get(rule)?.delete(row)
    running = { rule, row }
    if (kind === RELEVANCE) askRelevance(rule, row)
    else if (kind === VALUE) put(node, row, relevant(node, row) ? attempt(rule, row, rule.run) : undefined)
    else if (kind === OFFER) askOffer(rule, row)
    else if (kind === BOUNDS) askBounds(rule, row)
    else if (kind === REQUIRED) {
      row.q[node.slot] = relevant(node, row) && !!attempt(rule, row, rule.run)
      note(node, row)
    } else askCheck(rule, row)
    running = undefined
  }

  function askAll() {
    for (const { first, last, ordered } of togethers) {
      if (!ordered) for (let i = first; i <= last; i++) for (const row of allRows(root, rules[i].scope)) ask(rules[i], row)
      else for (const row of allRows(root, rules[first].scope)) for (let i = first; i <= last; i++) ask(rules[i], row)
    }
  }
  function askAgain() {
    marking = true
    for (const { first, last, ordered } of togethers) {
      if (ordered) askRows(first, last)
      else
        for (let i = first; i <= last; i++) {
          const { dirty } = rules[i]
          if (!dirty.size) continue
          rules[i].dirty = new Set()
          for (const row of dirty) ask(rules[i], row)
        }
    }
    marking = false
  }
  function askRows(first, last) {
    if (!rules.some(({ dirty }, i) => i >= first && i <= last && dirty.size)) return
    for (const row of allRows(root, rules[first].scope))
      for (let i = first; i <= last; i++) if (rules[i].dirty.delete(row)) ask(rules[i], row)
  }

  /* ---- reading answers */

  function readMember(node, row, json) {
    if (node.kind === FIELD) {
      row.c[node.slot] = node.computed ? undefined : readAnswer(node, json)
    } else if (json === undefined || json === null) return
    else if (node.kind === REPEAT) readRows(node, row, json)
    else if (isObject(json)) readObject(node, row, json)
    else row.f.push({ code: 'type', node })
  }
  function readRows(node, row, json) {
    const array = row.k[node.ownScope]
    array.state = Array.isArray(json)
    if (!array.state) row.f.push({ code: 'type', node })
    else {
      array.sent = json.length
      array.rows = json.slice(0, scopes[node.ownScope].rowsMax).map((each, i) => {
        const inside = rowNew(scopes, row, node.ownScope, i)
        if (isObject(each)) readObject(node, inside, each)
        else inside.f.push({ code: 'type', node, isRow: true })
        return inside
      })
    }
  }
  function readObject(node, row, json) {
    for (const [key, value] of Object.entries(json)) {
      const member = node.keys.get(key)
      if (member) readMember(member, row, value)
      else if (!(node.flags & FLAG.UNKNOWN)) row.f.push({ code: 'unknown', node, name: key })
    }
  }
  /* What no rule asks about is there at once. */
  function begin(row) {
    for (const node of nodes)
      if (node.scope === row.s && node.answered && !node.offer && !node.bounds) row[node.slot] = base(node, row)
    for (const array of row.k) for (const each of array?.rows ?? []) begin(each)
  }
  function rebuild() {
    root = rowNew(scopes, undefined, 0, 0)
    own.F = root
    values.clear()
    relevances.clear()
    faults = new Map()
    failing = checks.map(() => 0)
    connect()
    readObject(top, root, raw)
    begin(root)
    askAll()
  }

  /* ---- edits */

  /* Where a pointer leads: a node, and a row of its scope, or of a repeat the row itself. */
  function locate(parts) {
    let node = top, row = root, inRow = true
    for (const part of parts) {
      if (node.kind === REPEAT && !inRow) {
        row = row.k[node.ownScope].rows[part]
        inRow = true
      } else {
        node = node.keys.get(part)
        inRow = node?.kind !== REPEAT
      }
      if (!node || !row) return undefined
    }
    return { node, row, isRow: node.kind === REPEAT && inRow }
  }
  /* Whether rows are named by numbers, and none past the row behind the last. */
  function isPlace(parts) {
    let at = raw, node = top, inArray = false
    return parts.every((part) => {
      const count = Array.isArray(at) ? at.length : 0, fine = !inArray || (/^\d+$/.test(part) && part <= count)
      node = inArray ? node : node?.keys.get(part)
      at = at && typeof at === 'object' && Object.hasOwn(at, part) ? at[part] : undefined
      inArray = Array.isArray(at) || (!inArray && node?.kind === REPEAT)
      return fine
    })
  }
  /* True: what stood on the way had another shape, or is not there yet as rows. */
  function write(parts, json) {
    let at = raw, node = top, odd = false
    for (const [i, part] of parts.entries()) {
      const inArray = Array.isArray(at), inside = inArray ? node : node?.keys.get(part)
      if (i === parts.length - 1) {
        odd ||= inArray
        if (json === undefined && !inArray) delete at[part]
        else give(at, part, json ?? null)
        break
      }
      const array = inside?.kind === REPEAT && !inArray, there = Object.hasOwn(at, part) ? at[part] : undefined
      if (array ? !Array.isArray(there) : !isObject(there)) {
        odd ||= array || inArray || (there !== undefined && there !== null)
        give(at, part, array ? [] : {})
      }
      at = at[part]
      node = inside
    }
    return odd
  }
  /* Runs an edit, and tells what it changed. */
  function edit(act) {
    changed = []
    act()
    askAgain()
    const found = new Set()
    for (const [node, row] of changed) {
      const shown = node.kind === LET && node.parent.kind === FIELD ? node.parent : node
      found.add(shown.kind === LET ? '' : pointerOf(shown, row))
    }
    changed = undefined
    const pointers = [...found]
    for (const listener of listeners) listener({ changed: pointers })
    return pointers
  }
  function readAgain(node, row, json) {
    marking = true
    if (node.computed) return
    readMember(node, row, json)
    settle(node, row)
    if (node.part) settle(node.part, row)
  }
  function renew() {
    rebuild()
    if (changed) changed.length = 0
    note(top, root)
  }
  function set(pointer, json) {
    const parts = partsOf(pointer)
    if (!parts.length) return setAnswers(json)
    if (!isPlace(parts)) return []
    const copy = json === undefined ? undefined : structuredClone(json), odd = write(parts, copy), place = locate(parts)
    return edit(() => (odd || place?.node.kind !== FIELD ? renew() : readAgain(place.node, place.row, copy)))
  }
  function setAnswers(answers) {
    raw = structuredClone(answers ?? {})
    return edit(renew)
  }

  /* Rows that came are asked everything; those beside them what depends on their number and order. */
  function arrange(node, row, fresh) {
    const array = row.k[node.ownScope]
    marking = true
    array.rows.forEach((each, i) => { each.i = i })
    array.sent = array.rows.length
    if (fresh) {
      begin(fresh)
      for (const rule of rules) if (liesAround(scopes, fresh.s, rule.scope)) for (const each of allRows(fresh, rule.scope)) mark(rule, each)
    }
    for (let i = node.index; i < node.end; i++) if (nodes[i].kind === REPEAT) markAll(values.get(nodes[i])?.filter(([, meet]) => liesAround(scopes, meet, row.s)), row)
    note(node, row)
  }
  function forget(row) {
    row.w.forEach((fails, check) => { failing[check] -= fails ? 1 : 0 })
    for (const map of faults.values()) map.delete(row)
    for (const rule of rules) rule.dirty.delete(row)
    for (const array of row.k) for (const each of array?.rows ?? []) forget(each)
  }
  /* The array a pointer names, as it was sent. */
  function arrayAt(parts) {
    let at = raw
    for (const part of parts) at = at?.[part]
    return Array.isArray(at) ? at : undefined
  }
  function insertRow(pointer, index) {
    const parts = partsOf(pointer), place = locate(parts)
    if (!place || place.node.kind !== REPEAT || place.isRow) return []
    const { node, row } = place, array = row.k[node.ownScope]
    if (!arrayAt(parts)) write(parts, [])
    const sent = arrayAt(parts), at = Math.min(index ?? sent.length, sent.length)
    sent.splice(at, 0, {})
    return edit(() => {
      if (array.state === false || sent.length > scopes[node.ownScope].rowsMax) return renew()
      const fresh = rowNew(scopes, row, node.ownScope, at)
      array.state = true
      array.rows.splice(at, 0, fresh)
      return arrange(node, row, fresh)
    })
  }
  function removeRow(pointer) {
    const parts = partsOf(pointer), place = locate(parts), sent = arrayAt(parts.slice(0, -1))
    if (!place?.isRow) return []
    const { node, row } = place, past = sent.length > scopes[node.ownScope].rowsMax
    sent.splice(row.i, 1)
    return edit(() => {
      if (past) return renew()
      forget(row)
      siblings(row).splice(row.i, 1)
      return arrange(node, row.p)
    })
  }

  /* ---- what is wrong, in the order of the document */

  function cellAt(number, row) {
    const node = nodes[number], at = rowAt(row, node.scope), value = at[node.slot]
    const cell = node.answered ? at.c[node.slot] : undefined
    return value === undefined ? undefined : cell?.value === value ? cell : { ...cell, value }
  }
  const rowsInside = (scope, from, row) => allRows(rowAt(row, from), scope)
  const view = { module: form, texts, cellAt, rowsInside }

  function rowsBound(node, row, lowest) {
    const { rowsMin, rowsMax } = scopes[node.ownScope], said = row[(lowest ? node.rowsLow : node.rowsHigh)?.slot]
    return said === undefined ? (lowest ? rowsMin : rowsMax) : Math.min(Math.max(said, rowsMin), rowsMax)
  }
  function fieldError(node, row) {
    const cell = row.c[node.slot], breach = row.b[node.slot], place = { node, row }
    if (node.computed || !relevant(node, row)) return undefined
    if (cell?.code) return { ...place, code: cell.code, own: cell.own, bound: constantBound(cell.own ? node.part : node, cell.code) }
    if (breach) return { ...place, ...breach }
    const demanded = !lenient && (node.required || row.q[node.slot])
    return demanded && row[node.slot] === undefined ? { ...place, code: 'required' } : undefined
  }
  const BOUND_NAMES = { min: 'min', max: 'max', too_short: 'lengthMin', too_long: 'lengthMax' }
  const constantBound = (node, code) => node[BOUND_NAMES[code]]
  function arrayError(node, row) {
    const { state, sent } = row.k[node.ownScope], fewest = rowsBound(node, row, true), most = rowsBound(node, row, false), place = { node, row }
    if (state === false || !relevant(node, row)) return undefined
    if (!state && !lenient && (node.required || row.q[node.slot])) return { ...place, code: 'required' }
    if (sent < fewest && !lenient) return { ...place, code: 'too_few', bound: fewest }
    return sent > most ? { ...place, code: 'too_many', bound: most } : undefined
  }
  /* A check inside a repeat that points at it means the row. */
  function checkPlace({ node }, row) {
    if (node.kind === REPEAT && liesAround(scopes, node.ownScope, row.s)) return rowAt(row, node.ownScope)
    return rowAt(row, node.scope)
  }
  function errorsFound() {
    const found = [], byRow = new Map()
    for (const check of checks)
      if (failing[check.index])
        for (const row of allRows(root, check.scope))
          if (row.w[check.index]) list(byRow, checkPlace(check, row)).push({ code: 'check', node: check.node, row: checkPlace(check, row), check: check.index, name: check.name, checkRow: row })
    const add = (error) => error && found.push(error)
    const meet = (node, row) => {
      for (const finding of row.f) if (finding.node === node && relevant(node, row)) add({ ...finding, row })
      for (const error of byRow.get(row) ?? []) if (error.node === node) add(error)
    }
    const walk = (first, end, row) => {
      for (let i = first; i < end; i++) {
        const node = nodes[i]
        meet(node, row)
        if (node.kind === FIELD) add(fieldError(node, row))
        if (node.kind !== REPEAT) continue
        add(arrayError(node, row))
        for (const each of row.k[node.ownScope].rows) {
          meet(node, each)
          walk(i + 1, node.end, each)
        }
        i = node.end - 1
      }
    }
    walk(0, nodes.length, root)
    return found
  }
  const PARAMS = { too_short: 'length_min', too_long: 'length_max', too_few: 'rows_min', too_many: 'rows_max' }
  function paramsText({ code, node, bound, name }) {
    if (code === 'scale') return `"scale":${node.scale}`
    if (code === 'min' || code === 'max') return `"${code}":${writeValue(node, { value: bound })}`
    if (code === 'check') return name ? `"name":${writeString(name)}` : ''
    return PARAMS[code] ? `"${PARAMS[code]}":${bound}` : ''
  }
  const errorPointer = (error) => pointerOf(error.node, error.row) + (error.code === 'unknown' ? escaped(error.name) : '')
  const errorMessage = (error) => (texts ? messageOf(view, error) : '')
  const errorText = (error, told) =>
    `{"pointer":${writeString(errorPointer(error))},"code":"${error.code}","params":{${paramsText(error)}}${told ? `,"message":${writeString(errorMessage(error))}` : ''}}`

  /* ---- the verdict */

  function memberText(node, row) {
    const { kind, slot } = node, cell = row.c[slot]
    if (kind === GROUP) {
      const inside = objectText(node, row)
      return inside && `{${inside}}`
    }
    if (kind === REPEAT) return rowsText_(node, row)
    if (node.flags & FLAG.KEEP && !relevant(node, row)) return cell && !cell.code ? writeValue(node, cell) : ''
    return row[slot] === undefined ? '' : writeValue(node, cellAt(node.index, row))
  }
  function rowsText_(node, row) {
    const { state, rows } = row.k[node.ownScope], inside = state ? rows.map((each) => objectText(node, each)) : []
    return state && (relevant(node, row) || inside.some((text) => text)) ? `[${inside.map((text) => `{${text}}`)}]` : ''
  }
  const objectText = (node, row) =>
    node.members.map((member) => [member, memberText(member, row)]).filter(([, text]) => text).map(([{ key }, text]) => `${writeString(key)}:${text}`).join()

  function hiddenIn(first, end, row, found) {
    for (let i = first; i < end; i++) {
      const node = nodes[i], { kind } = node
      if (isFrame(node) || kind === LET) continue
      const hidden = !relevant(node, row)
      if (hidden) found.push(pointerOf(node, row))
      else if (kind === REPEAT) for (const each of row.k[node.ownScope].rows) hiddenIn(i + 1, node.end, each, found)
      if (hidden || kind === REPEAT) i = node.end - 1
    }
    return found
  }
  /* The first in the order of the rules; what follows may be its consequence. */
  function faultFound() {
    for (const rule of rules)
      for (const row of faults.get(rule)?.size ? allRows(root, rule.scope) : []) {
        const kind = faults.get(rule).get(row)
        let node = rule.check?.node ?? rule.node
        while (node.kind === LET) node = node.parent
        if (kind) return { kind, pointer: pointerOf(node, node.kind === REPEAT && liesAround(scopes, node.ownScope, row.s) ? rowAt(row, node.ownScope) : rowAt(row, node.scope)) }
      }
    return undefined
  }
  function bodyText(told) {
    const found = errorsFound(), total = found.length > ERRORS_LISTED ? `,"errors_total":${found.length}` : ''
    const errors = found.slice(0, ERRORS_LISTED).map((error) => errorText(error, told))
    return `{"valid":${!found.length},"errors":[${errors}]${total},"answers":{${objectText(top, root)}},"hidden":${JSON.stringify(hiddenIn(1, nodes.length, root, []))},"form":{"name":${writeString(form.form)},"hash":"${form.hash}"}`
  }
  /* The bytes of the server's verdict, but for its steps and the version's number. */
  function verdictText() {
    const fault = faultFound()
    if (fault) return JSON.stringify({ fault })
    const at = writeValue({ type: DATETIME }, { value: now }), locale = texts?.language ?? form.languages[0]
    return `${bodyText(true)},"evaluated":{"now":${at},"zone":${writeString(zone)},"locale":${writeString(locale)}}}`
  }
  /* What both sides must agree on, whatever the clock and the language. */
  const claimText = () => (faultFound() ? undefined : bodyText(false) + '}')
  /* What goes along with the answers as "claim"; undefined where there is no such thing: it takes a page that came over TLS. */
  async function claim(whole) {
    const text = claimText(), subtle = globalThis.crypto?.subtle
    if (!text || !subtle) return undefined
    const bytes = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)))
    const hash = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return whole ? { hash, verdict: JSON.parse(text) } : { hash }
  }

  /* ---- what is there to be drawn */

  function optionsOf(node, row) {
    const { offer } = node
    return node.list?.codes.map((each, i) => ({ code: each, label: texts ? (texts.lists?.[node.list.index]?.[i] ?? each) : each, offered: !offer || offers(offer, row, i + 1) }))
  }
  function offers(rule, row, option) {
    try {
      return !!rule.run(row, option)
    } catch {
      return false
    }
  }
  const textsOf = (node) => (node.kind === FORM ? { label: texts?.title } : texts?.nodes[node.index]) ?? {}
  function stateOf(node, row, isRow, errors) {
    const at = rowAt(row, node.scope), { label, hint, placeholder } = texts ? textsOf(node) : {}, cell = cellAt(node.index, at), array = node.kind === REPEAT && !isRow ? at.k[node.ownScope] : undefined
    const suggested = at[node.suggestion?.slot]
    return {
      pointer: pointerOf(node, row), node, relevant: relevant(node, row), hidden: !!(node.flags & FLAG.HIDDEN), required: node.required || !!at.q[node.slot],
      readonly: !!(node.flags & FLAG.READONLY) || at[node.readonlyFlag?.slot] === true, computed: node.computed,
      value: node.kind === FIELD && cell ? JSON.parse(writeValue(node, cell)) : undefined,
      suggestion: suggested === undefined ? undefined : JSON.parse(writeValue(node, { value: suggested })),
      lengthMin: at[node.lengthLow?.slot] ?? node.lengthMin, lengthMax: at[node.lengthHigh?.slot] ?? node.lengthMax,
      rowsMin: array && rowsBound(node, at, true), rowsMax: array && rowsBound(node, at, false), rows: array?.rows.length,
      label: texts && wordsOf(view, label, row), hint: texts && wordsOf(view, hint, row), placeholder: texts && wordsOf(view, placeholder, row),
      options: optionsOf(node, at), errors: errors.filter((error) => error.node === node && error.row === row).map(({ code, node, row, ...error }) => ({ code, message: errorMessage({ code, node, row, ...error }) })),
    }
  }
  function get(pointer) {
    const place = locate(partsOf(pointer))
    return place && { ...stateOf(place.node, place.row, place.isRow, errorsFound()), answer: answerAt(partsOf(pointer)) }
  }
  function answerAt(parts) {
    let at = raw
    for (const part of parts) at = at !== undefined && at !== null && Object.hasOwn(at, part) ? at[part] : undefined
    return at
  }
  /* The tree of what is there: pages, groups, repeats with their rows, fields, notes. */
  function items() {
    const errors = errorsFound()
    const inside = (node, row) => {
      const found = []
      for (let i = node.index + 1; i < node.end; i = nodes[i].end) {
        if (nodes[i].kind === LET) continue
        const item = { ...stateOf(nodes[i], row, false, errors), answer: nodes[i].kind === FIELD ? answerAt(partsOf(pointerOf(nodes[i], row))) : undefined }
        if (nodes[i].kind === REPEAT) item.items = row.k[nodes[i].ownScope].rows.map((each) => ({ ...stateOf(nodes[i], each, true, errors), items: inside(nodes[i], each) }))
        else if (nodes[i].kind !== FIELD) item.items = inside(nodes[i], row)
        found.push(item)
      }
      return found
    }
    return { ...stateOf(top, root, false, errors), items: inside(top, root) }
  }

  /* What would be sent: answers of what is relevant, and of what is kept. */
  function answersOf(node, row, json) {
    const sent = {}
    for (const [key, value] of Object.entries(json)) {
      const member = node.keys.get(key), shown = !member || relevant(member, row), answer = sentOf(member, row, value)
      if (answer !== undefined && (shown || (member.kind === FIELD ? member.flags & FLAG.KEEP : holds(answer)))) give(sent, key, answer)
    }
    return sent
  }
  function sentOf(member, row, value) {
    if (member?.kind === GROUP && isObject(value)) return answersOf(member, row, value)
    if (member?.kind !== REPEAT || !Array.isArray(value)) return member?.computed ? undefined : value
    const { rows } = row.k[member.ownScope]
    return value.map((each, i) => (rows[i] && isObject(each) ? answersOf(member, rows[i], each) : each))
  }
  /* Something kept inside of a group or rows that are not relevant. */
  const holds = (json) => (Array.isArray(json) ? json.some((each) => isObject(each) && Object.keys(each).length) : isObject(json) && Object.keys(json).length)

  raw = structuredClone(options.answers ?? {})
  rebuild()
  /* For what draws the form (render.js, element.js): rows and nodes as they are in here. */
  const parts = {
    view, zone, relevant, errorsFound, rowsBound, optionsOf, messageOf: errorMessage, pointerOf: errorPointer, now: () => now,
    get root() {
      return root
    },
    locate: (pointer) => locate(partsOf(pointer)),
    rowsOf: (node, row) => row.k[node.ownScope].rows,
    allRows: (scope) => allRows(root, scope),
    answerOf: (node, row) => answerAt(partsOf(pointerOf(node, row))),
    suggestionOf(node, row) {
      const value = node.suggestion && row[node.suggestion.slot]
      return value === undefined ? undefined : JSON.parse(writeValue(node, { value }))
    },
  }

  return {
    parts, module: form, set, setAnswers, insertRow, removeRow, get, items, verdictText, claimText, claim,
    answers: () => structuredClone(answersOf(top, root, raw)),
    verdict: () => JSON.parse(verdictText()),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setNow(ms) {
      now = ms
      return edit(renew)
    },
  }
}
