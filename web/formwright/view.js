/* View: a form on a page: what is typed taken as answers, and what an answer changes drawn anew. Elements and hosted pages share it.
 *
 *     const view = newView(form, texts, words)
 *     const changed = take(view, question)         what is in its controls is the answer now
 *     refresh(view, body, changed)                 { form, texts, words, wrong, errors, typed, ranks, touched, pages, at, … }: see newView() */
import { drawPageBody, drawPlace, idOf, pageOf, pagesOf, valueOf } from './render.js'
import { answerOf, momentAnswer } from './spelling.js'
import { patch, patchOne } from './tree.js'
import { CHOICES, FIELD, FLAG_HIDDEN, LET, PAGE, RANKING, SECTION } from './types.js'

const FILLED_MOST = 1e4

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
  const view = { form, texts, words, wrong: false, errors: [], typed: new Map(), ranks: new Map(), touched: new Set(), shown: shownNodes(texts, form.module.nodes), at: 0 }
  view.messageOf = form.parts.messageOf
  view.pages = pagesOf(view)
  view.frames = framesOf(view)
  view.restless = form.module.lists.some(({ offered }) => offered) || [...view.shown.keys()].some((node) => form.module.nodes[node].kind === LET)
  return view
}
/* Which pages and sections are shown: they have no place in the answers, so that no pointer tells of them. */
const framesOf = ({ form: { module, parts } }) => module.nodes.filter(({ kind, scope }) => !scope && (kind === PAGE || kind === SECTION)).map((node) => Number(parts.relevant(node, parts.root))).join('')

/* What a field begins with: a default once, a suggestion until somebody edits it. Gives what that changed. */
function fillPlace({ form, touched }, { node, row }) {
  const { parts } = form
  if (node.kind !== FIELD || node.computed || (node.default === undefined && !node.suggestion)) return []
  const pointer = parts.pointerOf({ node, row }), answer = parts.answerOf(node, row)
  if (touched.has(pointer) || (!node.suggestion && answer !== undefined)) return []
  if (!node.suggestion) touched.add(pointer)
  const value = node.suggestion ? parts.suggestionOf(node, row) : node.default?.call ? momentAnswer(parts.zone, node, parts.now()) : node.default
  return JSON.stringify(value) === JSON.stringify(answer) ? [] : form.set(pointer, value)
}
/* Of all fields, or of those that have changed and of what changes by it; gives all of that. Suggestions that follow one another in a circle stop somewhere. */
export function fill(view, changed) {
  const { module, parts } = view.form, found = [...(changed ?? [])]
  if (!changed) for (const node of module.nodes) if (node.default !== undefined || node.suggestion) for (const row of parts.allRows(node.scope)) found.push(...fillPlace(view, { node, row }))
  for (let i = 0; i < found.length && i < FILLED_MOST; i++) {
    const place = parts.locate(found[i])
    if (place) found.push(...fillPlace(view, place))
  }
  return [...new Set(found)]
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
  view.touched.add(pointer)
  return JSON.stringify(answer) === JSON.stringify(parts.answerOf(node, place.row)) ? [] : view.form.set(pointer, answer)
}

/* ---- drawing what has changed */

export const questionsIn = (place) => [...place.querySelectorAll('.fw-question[data-pointer]')]
export const errorsOf = ({ form }) => form.parts.errorsFound()

/* Draws anew of the body of the page what `changed` asks for: a question, the row around what comes or goes, or all of it. */
export function refresh(view, body, changed) {
  const { form, frames } = view, { parts } = form, { root } = parts, around = new Set(), spots = []
  if (changed.includes('')) view.frames = framesOf(view)
  if (view.wrong) view.errors = errorsOf(view)
  if (view.frames !== frames || ((view.wrong || view.restless) && changed.includes(''))) around.add(root)
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
    else if (spot) spots.push([spot, place, name])
  }
  if (around.has(root)) return drawAll(view, body)
  for (const row of around) {
    const pointer = parts.pointerOf({ node: form.module.scopes[row.s].node, row }), name = pointer.slice(1), spot = spotOf(name, '.fw-row')
    if (spot) patchOne(spot, drawPlace(view, parts.locate(pointer), name))
  }
  for (const [spot, place, name] of spots) if (!around.has(place.row)) drawSpot(view, spot, place, name)
  return undefined
}
const drawAll = (view, body) => patch(body, drawPageBody(view, view.pages[view.at]))
/* Of what is worked out only the value is another one. */
function drawSpot(view, spot, place, name) {
  const value = !view.wrong && place.node.computed && valueOf(view, place.node, place.row), output = value && spot.querySelector('output')?.firstChild
  if (output) output.data = value
  else patchOne(spot, drawPlace(view, place, name))
}
/* ---- the form's own controls: rows; both give what has changed */

export const addRow = (view, name) => [...view.form.insertRow('/' + name), ...fill(view)]
export function removeRow(view, name) {
  const inside = new RegExp(`^/?${name.slice(0, name.lastIndexOf('/')).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/\\d`)
  for (const known of [view.typed, view.ranks, view.touched]) for (const key of [...known.keys()]) if (inside.test(key)) known.delete(key)
  for (const [pointer] of touchedRows(view, name)) view.touched.add(pointer)
  return view.form.removeRow('/' + name)
}
/* Answers that rows have already are not filled again when they move up. */
function touchedRows(view, name) {
  const { parts } = view.form, place = parts.locate('/' + name.slice(0, name.lastIndexOf('/')))
  return place ? parts.rowsOf(place.node, place.row).flatMap((row) => view.form.module.nodes.slice(place.node.index + 1, place.node.end).filter(({ kind, scope }) => kind === FIELD && scope === row.s)
    .map((node) => [parts.pointerOf({ node, row })])) : []
}

/* The field whose controls have an id. */
export const fieldOf = ({ form: { module, parts } }, id) => module.nodes.find((node) => node.kind === FIELD && parts.allRows(node.scope).some((row) => idOf(parts.pointerOf({ node, row }).slice(1)) === id))
