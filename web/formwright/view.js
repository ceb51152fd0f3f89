/* View: a form on a page: what is typed taken as answers, and what an answer changes drawn anew. Elements and hosted pages share it.
 *
 *     const view = newView(form, texts, words)
 *     const changed = take(view, question)         what is in its controls is the answer now
 *     refresh(view, body, changed)                 { form, texts, words, wrong, errors, typed, ranks, touched, pages, at, … }: see newView() */
import { drawPageBody, drawPlace, idOf, pageOf, pagesOf } from './render.js'
import { answerOf, momentAnswer } from './spelling.js'
import { patch } from './tree.js'
import { CHOICES, FIELD, FLAG_HIDDEN, LET, PAGE, RANKING, SECTION } from './types.js'

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

/* Nodes whose values stand in texts: when they change, what shows them is drawn anew. */
function shownNodes(texts) {
  const shown = new Set()
  JSON.stringify(texts, (key, value) => {
    if (key === 'node' && typeof value === 'number') shown.add(value)
    return value
  })
  return shown
}

export function newView(form, texts, words) {
  const view = { form, texts, words, wrong: false, errors: [], typed: new Map(), ranks: new Map(), touched: new Set(), shown: shownNodes(texts), at: 0 }
  view.messageOf = form.parts.messageOf
  view.pages = pagesOf(view)
  view.frames = framesOf(view)
  view.restless = form.module.lists.some(({ offered }) => offered) || [...view.shown].some((node) => form.module.nodes[node].kind === LET)
  return view
}
/* Which pages and sections are shown: they have no place in the answers, so that no pointer tells of them. */
const framesOf = ({ form: { module, parts } }) => module.nodes.filter(({ kind, scope }) => !scope && (kind === PAGE || kind === SECTION)).map((node) => Number(parts.relevant(node, parts.root))).join('')

/* What fields begin with: defaults once, suggestions until somebody edits them. */
export function fill(view, asked = view.form.module.nodes) {
  const { form, touched } = view, { parts } = form
  for (const node of asked) {
    if (node.kind !== FIELD || node.computed || (node.default === undefined && !node.suggestion)) continue
    for (const row of parts.allRows(node.scope)) {
      const pointer = parts.pointerOf({ node, row }), suggested = parts.suggestionOf(node, row)
      if (touched.has(pointer) || (!node.suggestion && parts.answerOf(node, row) !== undefined)) continue
      if (!node.suggestion) touched.add(pointer)
      const value = node.suggestion ? suggested : node.default?.call ? momentAnswer(parts.zone, node, parts.now()) : node.default
      if (JSON.stringify(value) !== JSON.stringify(parts.answerOf(node, row))) form.set(pointer, value)
    }
  }
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

/* Draws the body of the page anew as far as `changed` asks for it. */
export function refresh(view, body, changed) {
  const { form, shown, frames } = view, { parts } = form, places = changed.filter(Boolean).map((pointer) => [pointer, parts.locate(pointer)])
  if (changed.includes('')) view.frames = framesOf(view)
  const all = view.wrong || view.frames !== frames || (view.restless && changed.includes('')) || places.some(([, place]) => place?.node.kind !== FIELD || shown.has(place.node.index))
  if (view.wrong) view.errors = errorsOf(view)
  if (all) return patch(body, drawPageBody(view, view.pages[view.at]))
  const spotOf = (pointer) => {
    const spot = body.ownerDocument.getElementById(idOf(pointer.slice(1)))?.closest('.fw-question')
    return spot?.dataset.pointer === pointer ? spot : undefined
  }
  const moved = places.some(([pointer, place]) => pageOf(view, place.node) === view.at && !(place.node.flags & FLAG_HIDDEN) && !!spotOf(pointer) !== parts.relevant(place.node, place.row))
  if (moved) return patch(body, drawPageBody(view, view.pages[view.at]))
  for (const [pointer, place] of places) {
    const spot = spotOf(pointer)
    if (!spot) continue
    if (spot.localName === 'tr') patch(body, drawPageBody(view, view.pages[view.at]))
    else patchOne(spot, drawPlace(view, place, pointer.slice(1), 2))
  }
  return undefined
}
/* What stands for one question only. */
export function patchOne(spot, drawn) {
  const [kid] = [drawn].flat()
  if (!kid || kid.tag !== spot.localName) return
  const holder = { childNodes: [spot], firstChild: spot, ownerDocument: spot.ownerDocument, insertBefore() {} }
  patch(holder, [kid])
}

/* ---- the form's own controls: rows */

export function addRow(view, name) {
  view.form.insertRow('/' + name)
  fill(view)
}
export function removeRow(view, name) {
  const inside = new RegExp(`^/?${name.slice(0, name.lastIndexOf('/')).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/\\d`)
  for (const known of [view.typed, view.ranks, view.touched]) for (const key of [...known.keys()]) if (inside.test(key)) known.delete(key)
  for (const [pointer] of touchedRows(view, name)) view.touched.add(pointer)
  view.form.removeRow('/' + name)
}
/* Answers that rows have already are not filled again when they move up. */
function touchedRows(view, name) {
  const { parts } = view.form, place = parts.locate('/' + name.slice(0, name.lastIndexOf('/')))
  return place ? parts.rowsOf(place.node, place.row).flatMap((row) => view.form.module.nodes.slice(place.node.index + 1, place.node.end).filter(({ kind, scope }) => kind === FIELD && scope === row.s)
    .map((node) => [parts.pointerOf({ node, row })])) : []
}

/* The field whose controls have an id. */
export const fieldOf = ({ form: { module, parts } }, id) => module.nodes.find((node) => node.kind === FIELD && parts.allRows(node.scope).some((row) => idOf(parts.pointerOf({ node, row }).slice(1)) === id))
