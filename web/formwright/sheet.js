/* Sheet: what stands around a page's questions where no server draws it: title, progress, buttons, the page of all answers, the thanks. */
import { drawPageBody, drawProgress, drawSummary, heading, idOf, inNumbers, insideOf, isPageRelevant, joinName, labelOf, langOf, lines, say, textAt, valueOf } from './render.js'
import { h } from './tree.js'
import { FIELD, FLAG_HIDDEN, GROUP, NOTE, REPEAT } from './types.js'

const button = (value, text, more = '') => h('button', { class: 'fw-button' + more, type: 'submit', name: '_do', value }, text)
const defaultButton = (value) => h('button', { class: 'fw-hidden', type: 'submit', name: '_do', value, tabindex: '-1', 'aria-hidden': 'true' })
const titleOf = (view) => textAt(view, view.form.module.nodes[0], 'label', view.form.parts.root) || view.form.module.form

function drawBack(view, page) {
  const before = view.pages.slice(0, page).findLast((each) => isPageRelevant(view, each))
  return before && h('a', { class: 'fw-back', href: '#' + before.name }, say(view, 'BACK'))
}

/* All of a page: what stands in <main> of a hosted one. */
export function drawPage(view, number) {
  const page = view.pages[number], single = view.pages.length === 1, verb = single ? 'submit' : 'next', { root } = view.form.parts
  return [drawBack(view, view.fromCheck ? view.pages.length : number), drawSummary(view, number), drawProgress(view, number), heading(1, 'fw-page-title', undefined, page.node ? labelOf(view, page.node, root) : titleOf(view), langOf(view, page.node ?? view.form.module.nodes[0])),
    h('form', { class: 'fw-form', method: 'post', novalidate: true }, defaultButton(verb), h('div', { class: 'fw-page', 'data-page': page.name }, drawPageBody(view, page)),
      h('div', { class: 'fw-actions' }, button(verb, say(view, single ? 'SEND' : 'CONTINUE'))))]
}

/* ---- check your answers */

function summaryRow(view, node, row, name) {
  const value = valueOf(view, node, row), label = labelOf(view, node, row)
  return h('div', { class: 'fw-summary-row', 'data-pointer': '/' + name }, h('dt', langOf(view, node), label), h('dd', { class: value ? undefined : 'fw-summary-none' }, lines(value || say(view, 'NO_ANSWER'))),
    !node.computed && h('dd', { class: 'fw-summary-change' }, h('a', { href: '#' + idOf(name) }, say(view, 'CHANGE'), h('span', { class: 'fw-hidden' }, ' ' + label))))
}
/* Rows one after the other are one list. */
function gathered(drawn) {
  const found = []
  for (const each of drawn.flat(Infinity)) {
    if (each.attrs.class !== 'fw-summary-row') found.push(each)
    else if (found.at(-1)?.tag === 'dl') found.at(-1).kids.push(each)
    else found.push(h('dl', { class: 'fw-summary-list' }, each))
  }
  return found
}
function summaryItem(view, node, row, name, level) {
  const { relevant, rowsOf } = view.form.parts, lang = langOf(view, node), own = joinName(name, node.key), under = (title, at, where) => [heading(level, 'fw-heading', undefined, title, lang), ...gathered(insideOf(view, node).map((each) => summaryItem(view, each, at, where, level + 1)))]
  if (!relevant(node, row) || node.kind === NOTE) return []
  if (node.kind === FIELD) return node.flags & FLAG_HIDDEN ? [] : [summaryRow(view, node, row, own)]
  if (node.kind !== REPEAT) return under(labelOf(view, node, row), row, node.kind === GROUP ? own : name)
  const rows = rowsOf(node, row)
  const entry = (each) => [heading(level + 1, 'fw-heading', undefined, say(view, 'ENTRY', inNumbers(view, each.i + 1))), ...gathered(insideOf(view, node).map((inside) => summaryItem(view, inside, each, `${own}/${each.i}`, level + 2)))]
  return [heading(level, 'fw-heading', undefined, labelOf(view, node, row), lang), ...(rows.length ? rows.flatMap(entry) : [h('p', { class: 'fw-summary-none' }, say(view, 'NO_ANSWER'))])]
}
export function drawCheck(view) {
  const { root } = view.form.parts, pages = view.pages.filter((page) => isPageRelevant(view, page))
  const drawn = pages.map(({ node, items }) => [...(node ? [heading(2, 'fw-heading', undefined, labelOf(view, node, root), langOf(view, node))] : []), ...gathered(items.map((item) => summaryItem(view, item, root, '', node ? 3 : 2)))])
  return [drawBack(view, view.pages.length), drawSummary(view, -1), heading(1, 'fw-page-title', undefined, say(view, 'CHECK')), drawn,
    h('form', { class: 'fw-form', method: 'post', novalidate: true }, h('div', { class: 'fw-actions' }, button('submit', say(view, 'SEND'))))]
}

export function drawDone(view, reference, received) {
  const fact = (term, value) => h('div', { class: 'fw-summary-row' }, h('dt', {}, say(view, term)), h('dd', {}, value))
  return [h('div', { class: 'fw-done' }, heading(1, 'fw-page-title', undefined, say(view, 'DONE')), h('dl', { class: 'fw-summary-list' }, fact('REFERENCE', reference), received && fact('RECEIVED', received))), h('p', {}, say(view, 'KEEP'))]
}
