/* View: a form on a page: what is typed taken as answers, and what an answer changes drawn anew. Elements and hosted pages share it.
 *
 *     const view = newView(form, texts, words)
 *     watch(view, (changed) => refresh(view, body, changed))
 *     take(view, question)                         what is in its controls is the answer now
 *     form.set('/name', 'Ada')                     drawn as well, whoever does it */
import { drawPageBody, drawPlace, idOf, pageOf, pagesOf, valueOf } from './render.js'
import { answerOf, momentAnswer } from './spelling.js'
import { patch, patchOne } from './tree.js'
import { CHOICES, FIELD, FLAG_HIDDEN, LET, PAGE, RANKING, REPEAT, SECTION } from './types.js'

const FILLED_MOST = 1e4, PADDED_MOST = 50 /* PAGE_PADDED_ROWS of base/limits.def */

/* What a view is written in, as a tag of HTML: forms write de_AT. */
export const languageOf = (view) => view?.texts.language.replaceAll('_', '-')

/* The controls inside of `place`, by name, as a form sends them. */
function pairsIn(place) {
  const pairs = new Map()
  for (const control of place.querySelectorAll('input,select,textarea')) {
    if (!control.name || control.name[0] === '_' || control.type === 'hidden') continue
    if (!pairs.has(control.name)) pairs.set(control.name, [])
    if ((control.type !== 'radio' && control.type !== 'checkbox') || control.checked) pairs.get(control.name).push(control.value)
  }
  return pairs
}

/* Nodes whose values stand in texts: when they change, what shows them is drawn anew. False: only texts of their own rows show them. */
function shownNodes({ nodes: told, ...rest }, nodes) {
  const shown = new Map(), look = (text, by) => JSON.stringify(text, (key, value) => {
    if (key === 'node' && typeof value === 'number') shown.set(value, shown.get(value) || by?.scope !== nodes[value].scope)
    return value
  })
  look(rest)
  for (const index in told) look(told[index], nodes[index])
  return shown
}

export function newView(form, texts, words) {
  const foreign = Object.fromEntries((texts.foreign ?? []).flatMap(([lang, dir, ...keys]) => keys.map((key) => [key, { lang, dir }])))
  const view = { form, texts, words, foreign, wrong: false, errors: [], typed: new Map(), ranks: new Map(), touched: new Map(), shown: shownNodes(texts, form.module.nodes), at: 0 }
  view.messageOf = form.parts.messageOf
  view.pages = pagesOf(view)
  view.frames = framesOf(view)
  view.filled = form.module.nodes.some(({ suggestion, default: first }) => suggestion || first !== undefined)
  view.restless = form.module.lists.some(({ offered }) => offered) || [...view.shown.keys()].some((node) => form.module.nodes[node].kind === LET)
  return view
}
/* Which pages and sections are shown: they have no place in the answers, so that no pointer tells of them. */
const framesOf = ({ form: { module, parts } }) => module.nodes.filter(({ kind, scope }) => !scope && (kind === PAGE || kind === SECTION)).map((node) => Number(parts.relevant(node, parts.root))).join('')

/* What a field begins with: a default once, a suggestion until somebody edits it. Gives what that changed. `begun`: the place of answers that have come as a
 * whole, in which another one than is suggested is somebody's. */
function fillPlace(view, node, row, begun) {
  const { touched, form: { parts, set } } = view, pointer = parts.pointerOf({ node, row }), name = pointer.slice(1), answer = parts.answerOf(node, row)
  if (touched.has(name) || (!node.suggestion && answer !== undefined)) return []
  const value = node.suggestion ? parts.suggestionOf(node, row) : node.default?.call ? momentAnswer(parts.zone, node, parts.now()) : node.default
  const somebodys = answer !== undefined && (pointer + '/').startsWith(begun + '/') && JSON.stringify(value) !== JSON.stringify(answer)
  if (!node.suggestion || somebodys) touched.set(name)
  if (somebodys) return []
  view.filling = pointer
  const changed = set(pointer, value)
  view.filling = undefined
  return changed
}
/* Fills what has changed, and what changes by it, which is added to `found`. Suggestions that follow one another in a circle stop somewhere. */
export function fill(view, found, begun) {
  if (!view.filled) return
  const { module, parts } = view.form
  for (let i = 0; i < found.length && i < FILLED_MOST; i++) {
    const { node, row } = (found[i] || !i ? parts.locate(found[i]) : undefined) ?? {}
    for (const each of module.nodes.slice(node?.index, node?.end ?? 0))
      if (each.kind === FIELD && !each.computed && (each.default !== undefined || each.suggestion)) for (const at of parts.view.rowsInside(each.scope, row.s, row)) found.push(...fillPlace(view, each, at, begun))
  }
}

/* The rows that a page must have at least are there when it is shown, as the server does it. */
export function pad({ form: { module, parts, insertRow }, pages, at }) {
  for (const { index, end } of pages[at]?.items ?? [])
    for (const node of module.nodes.slice(index, end))
      for (const row of node.kind === REPEAT ? parts.allRows(node.scope) : []) for (let missing = Math.min(module.scopes[node.ownScope].rowsMin, PADDED_MOST) - parts.rowsOf(node, row).length; missing > 0; missing--) insertRow(parts.pointerOf({ node, row }))
}

/* Where something is after the edit that `moves` tells, by its name or, with idOf(), its id: rows behind one that comes or goes are other rows then. Undefined: nowhere. */
export function movedName(name, { pointer, by }, written = String) {
  const cut = pointer.lastIndexOf('/') + 1, before = written(pointer.slice(1, cut)), [number] = name.startsWith(before) ? /^\d*/.exec(name.slice(before.length)) : ['']
  if (!number || +number < pointer.slice(cut)) return name
  return by < 0 && number === pointer.slice(cut) ? undefined : before + (+number + by) + name.slice(before.length + number.length)
}
/* What is known of places, and which of them somebody has edited. Gives where rows have moved. */
function remember(view, { changed, set, inserted, removed }) {
  const moves = inserted || removed ? { pointer: inserted ?? removed, by: inserted ? 1 : -1 } : undefined
  if (changed[0] === '') view.stale = true
  if (set) view.touched.set(set.slice(1))
  if (set === '') view.touched.clear()
  for (const known of moves ? ['typed', 'ranks', 'touched'] : []) view[known] = new Map([...view[known]].map(([name, value]) => [movedName(name, moves), value]).filter(([name]) => name))
  return moves
}
/* Whatever changes the form - what somebody types, what a script of the page sets, and what is filled in because of either - comes to `draw`, once. */
export function watch(view, draw) {
  let found
  return view.form.subscribe((event) => {
    if (event.set && event.set === view.filling) return
    const moves = remember(view, event), all = [...event.changed]
    if (found) return void found.push(...all)
    found = all
    fill(view, all, view.stale ? event.set : undefined)
    found = undefined
    draw([...new Set(all)], moves)
  })
}

/* Takes what is in the controls of one question as its answer. */
export function take(view, question) {
  const pointer = question.dataset.pointer, name = pointer.slice(1), { parts } = view.form, place = parts.locate(pointer)
  if (place?.node.kind !== FIELD || place.node.computed) return []
  const pairs = pairsIn(question), { node } = place
  if (![...pairs.keys()].length && node.type !== CHOICES) return []
  const answer = answerOf({ node, name, facts: view.texts.locale, zone: parts.zone }, pairs)
  for (const [control, [text = '']] of pairs) view.typed.set(control, { text, answer: JSON.stringify(answer) })
  if (node.type === RANKING) view.ranks.set(name, [...pairs].filter(([each]) => each !== name).map(([, [code]]) => code))
  view.touched.set(name)
  view.taken = question
  const changed = view.form.set(pointer, answer)
  view.taken = undefined
  return changed
}

/* ---- drawing what has changed */

export const questionsIn = (place) => [...place.querySelectorAll('.fw-question[data-pointer]')]
export const errorsOf = ({ form }) => form.parts.errorsFound()

/* Draws anew of the body of the page what `changed` asks for: a question, the row around what comes or goes, or all of it. */
export function refresh(view, body, changed) {
  const { form, frames } = view, { parts } = form, { root } = parts, around = new Set(), spots = []
  if (changed.includes('')) view.frames = framesOf(view)
  if (view.wrong) view.errors = errorsOf(view)
  if (view.stale || view.frames !== frames || ((view.wrong || view.restless) && changed.includes(''))) around.add(root)
  const spotOf = (name, selector) => {
    const spot = body.ownerDocument.getElementById(idOf(name))?.closest(selector)
    return spot?.dataset.pointer === '/' + name && body.contains(spot) ? spot : undefined
  }
  for (const pointer of changed.filter(Boolean)) {
    const name = pointer.slice(1), place = parts.locate(pointer)
    if (!place) return drawAll(view, body)
    const { node, row } = place, spot = spotOf(name, '.fw-question'), shown = view.shown.get(node.index)
    const moved = node.kind !== FIELD || (pageOf(view, node) === view.at && !(node.flags & FLAG_HIDDEN) && !spot === parts.relevant(node, row))
    if (shown) around.add(root)
    else if (moved || shown === false || spot?.localName === 'tr') around.add(row)
    else if (spot && !(spot === view.taken && isSettled(view, place, name))) spots.push([spot, place, name])
  }
  if (around.has(root)) return drawAll(view, body)
  for (const row of around) {
    const pointer = parts.pointerOf({ node: form.module.scopes[row.s].node, row }), name = pointer.slice(1), spot = spotOf(name, '.fw-row')
    if (spot) patchOne(spot, drawPlace(view, parts.locate(pointer), name))
  }
  for (const [spot, place, name] of spots) if (!around.has(place.row)) drawSpot(view, spot, place, name)
  return undefined
}
/* Whether a question shows its answer already, and nothing of it but its control hangs on that. */
const isSettled = ({ wrong, typed, form }, { node, row }, name) =>
  !wrong && !node.list && !node.readonlyFlag && row.q[node.slot] === undefined && typed.get(name)?.answer === JSON.stringify(form.parts.answerOf(node, row))
function drawAll(view, body) {
  view.stale = false
  patch(body, drawPageBody(view, view.pages[view.at]))
}
/* Of what is worked out only the value is another one. */
function drawSpot(view, spot, place, name) {
  const value = !view.wrong && place.node.computed && valueOf(view, place.node, place.row), output = value && spot.querySelector('output')?.firstChild
  if (output) output.data = value
  else patchOne(spot, drawPlace(view, place, name))
}
/* The field whose controls have an id. */
export const fieldOf = ({ form: { module, parts } }, id) => module.nodes.find((node) => node.kind === FIELD && parts.allRows(node.scope).some((row) => idOf(parts.pointerOf({ node, row }).slice(1)) === id))
