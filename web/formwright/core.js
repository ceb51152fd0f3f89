/* Core: a form that is being filled in: answers in, what is asked for and what is wrong out, and after each edit only what depends on it worked out again.
 *
 *     const form = createCore(module, { answers: { age: 17 }, texts })
 *     form.set('/age', 18)             ['/age', '/may_vote']: what has changed
 *
 * docs/module.md tells what a module, a row and a cell are; headless.js makes createForm() of it. Rules run in the order of the module; a rule that
 * faults leaves its value missing and is told by the verdict, which then says nothing else. */
import { readAnswer } from './answers.js'
import { same } from './choice.js'
import { clocksOf, DAY_MAX, DAY_MIN, wallOf } from './civil.js'
import { Fault } from './exact.js'
import { unfold } from './module.js'
import { escaped, give, isObject, partsOf, pointerOf, rowAt, rowNew } from './rows.js'
import { BOUNDS, equal, liesAround, OFFER, RELEVANCE, REQUIRED, rulesOf, togethersOf, VALUE } from './rules.js'
import { FIELD, FLAG_KEEP, FLAG_SENT, FLAG_UNKNOWN, GROUP, LET, REPEAT } from './types.js'
import { writeValue } from './verdict.js'
import { messageOf } from './wording.js'

/* What a rule reads of rows behind its own (docs/module.md). */
const BEHIND = -1, ALL_BEHIND = -2

export function createCore(source, options = {}) {
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

  const own = { F: undefined, L: form.lists, P: form.patterns, Z: zone, now: () => now, today: () => wallOf(now, clocksOf(zone).offset(now))?.[0] ?? (now < 0 ? DAY_MIN : DAY_MAX), prior: (row, slot) => siblings(row)[row.i - 1]?.[slot] }
  own.seen = (row, slot) => {
    for (const each of siblings(row)) {
      if (each === row) return false
      if (each[slot] !== undefined && equal(each[slot], row[slot])) return true
    }
  }
  let rules, togethers
  const list = (map, key) => map.get(key) ?? (map.set(key, []), map.get(key))
  function connect() {
    rules = rulesOf(form, rowsIn, own)
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
    return node.flags & FLAG_SENT ? row.c[node.parent.slot]?.text : row.c[node.slot]?.value
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
      else if (!(node.flags & FLAG_UNKNOWN)) row.f.push({ code: 'unknown', node, name: key })
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
  /* Runs an edit, and tells what it changed, '' first where that is all of it; `told`: what it was. */
  function edit(act, told) {
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
    for (const listener of listeners) listener({ changed: pointers, ...told })
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
    if (!isPlace(parts) || (locate(parts)?.node.kind === FIELD && JSON.stringify(json) === JSON.stringify(answerAt(parts)))) return []
    const copy = Object(json) === json ? structuredClone(json) : json, odd = write(parts, copy), place = locate(parts)
    return edit(() => (odd || place?.node.kind !== FIELD ? renew() : readAgain(place.node, place.row, copy)), { set: pointer })
  }
  function setAnswers(answers) {
    raw = structuredClone(answers ?? {})
    return edit(renew, { set: '' })
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
    }, { inserted: `${pointer}/${at}` })
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
    }, { removed: pointer })
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
  function answerAt(parts) {
    let at = raw
    for (const part of parts) at = at !== undefined && at !== null && Object.hasOwn(at, part) ? at[part] : undefined
    return at
  }
  /* What would be sent: answers of what is relevant, and of what is kept. */
  function answersOf(node, row, json) {
    const sent = {}
    for (const [key, value] of Object.entries(json)) {
      const member = node.keys.get(key), shown = !member || relevant(member, row), answer = sentOf(member, row, value)
      if (answer !== undefined && (shown || (member.kind === FIELD ? member.flags & FLAG_KEEP : holds(answer)))) give(sent, key, answer)
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
  /* For what draws the form or tells its state: rows and nodes as they are in here. */
  const parts = {
    view, zone, relevant, errorsFound, rowsBound, optionsOf, cellAt,
    messageOf: (error) => (texts ? messageOf(view, error) : ''),
    pointerOf: (error) => pointerOf(error.node, error.row) + (error.code === 'unknown' ? escaped(error.name) : ''),
    now: () => now,
    get root() {
      return root
    },
    get rules() {
      return rules
    },
    hasFaults: (rule) => !!faults.get(rule)?.size,
    faultOf: (rule, row) => faults.get(rule).get(row),
    locate: (pointer) => locate(partsOf(pointer)),
    rowsOf: (node, row) => row.k[node.ownScope].rows,
    allRows: (scope) => allRows(root, scope),
    answerAt: (pointer) => answerAt(partsOf(pointer)),
    answerOf: (node, row) => answerAt(partsOf(pointerOf(node, row))),
    suggestionOf(node, row) {
      const value = node.suggestion && row[node.suggestion.slot]
      return value === undefined ? undefined : JSON.parse(writeValue(node, { value }))
    },
  }

  return {
    parts, module: form, set, setAnswers, insertRow, removeRow,
    answers: () => structuredClone(answersOf(top, root, raw)),
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
