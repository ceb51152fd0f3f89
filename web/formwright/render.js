/* Render: a form that is being filled in as trees of elements (tree.js); the same markup as the hosted pages (docs/pages.md). looks.js draws what is rare,
 * sheet.js what is around the questions where no server draws it.
 *
 *     patch(place, drawPageBody(view, page))
 *
 * `view`: { form, texts, words, wrong, page, typed, names … } as element.js makes it. */
import { localExact } from './locale.js'
import { more } from './needs.js'
import { dateParts, isNumeric, OTHER, typedNumber } from './spelling.js'
import { h } from './tree.js'
import { BOOLEAN, CHOICE, CHOICES, DATE, EMAIL, FIELD, FLAG_HIDDEN, FLAG_MEMBER, FLAG_MULTILINE, FLAG_READONLY, FORM, GROUP, INTEGER, LET, MONEY, NOTE, PAGE, PARTIAL_DATE, PHONE, PLACE, REPEAT, SECTION, URL_FORMAT, YEAR_MONTH } from './types.js'
import { wordsOf } from './wording.js'

/* Of base/limits.def: PAGE_OPTIONS, PAGE_RADIOS, PAGE_BLOCK_ROWS. */
const OPTIONS_MOST = 2000, RADIOS_MOST = 10, BLOCK_ROWS = 20

/* ---- words and places */

export const idOf = (name, suffix = '') => 'f-' + name.replaceAll('/', '-').replace(/[\0- ]/g, '_') + suffix
const escapedKey = (key) => key.replaceAll('~', '~0').replaceAll('/', '~1')
export const joinName = (name, key) => (name ? name + '/' : '') + escapedKey(key)
export const say = ({ words }, name, a = '', b = '') => words[name].replace('{a}', a).replace('{b}', b)
export const lines = (text) => text.split('\n').flatMap((line, i) => (i ? [h('br'), line] : [line]))
const readable = (name) => name.replaceAll('_', ' ').replace(/^[a-z]/, (letter) => letter.toUpperCase())
export const inNumbers = ({ texts }, number) => localExact(texts.locale, number, 0)
const hidden = (name, value) => h('input', { type: 'hidden', name, value })

export const textAt = ({ form, texts }, node, which, row) => wordsOf(form.parts.view, node.kind === FORM ? (which === 'label' ? texts.title : undefined) : texts.nodes[node.index]?.[which], row)
/* `lang` and `dir` of a text, of an option's label, that is in another language than the rest. */
export const langOf = ({ foreign }, node, which = 'label') => foreign[node.index + '/' + which]
export const optionLang = ({ view, node }, code) => view.foreign[node.list.index + ':' + code]
const PLACES = ['latitude', 'longitude', 'altitude', 'accuracy']
export function labelOf(view, node, row) {
  const label = textAt(view, node, 'label', row)
  if (label) return label
  return node.parent?.looks === PLACE && PLACES.includes(node.name) ? say(view, node.name.toUpperCase()) : readable(node.name)
}
/* A value for people; '' where there is none. */
export const valueOf = ({ form }, node, row) => wordsOf(form.parts.view, [{ node: node.index }], row)

/* ---- errors, hints, headings */

const errorsAt = ({ wrong, errors }, node, row) => (wrong ? errors.filter((error) => error.node === node && error.row === row) : [])

/* Dates are asked for in parts, and the example is in parts as well. */
const yearFirst = ({ texts }) => /^(zh|ja|ko|hu|lt)/.test(texts.language)
function toldOf(view, error) {
  const text = view.messageOf(error), order = (parts) => (yearFirst(view) ? parts.reverse() : parts).join(' ')
  return error.code === 'format' && DRAWN[error.node.type] === drawDate ? text.replace(/2026-01(-31)?/g, (_, day) => order([...(day ? [31] : []), 1, 2026])) : text
}

export function drawErrors(view, { name, errors }) {
  if (!errors.length) return undefined
  const told = errors.flatMap((error, i) => [i > 0 && h('br'), h('span', { class: 'fw-hidden' }, say(view, 'ERROR')), ' ' + toldOf(view, error)])
  return h('p', { class: 'fw-error', id: idOf(name, '-error') }, told)
}
const drawHint = ({ view, node, name, hint }, suffix = '-hint') => hint && h('p', { class: 'fw-hint', id: idOf(name, suffix), ...langOf(view, node, 'hint') }, lines(hint))
const describedBy = ({ name, hint, unit, errors }) => [hint && '-hint', unit && '-unit', errors.length && '-error'].filter(Boolean).map((suffix) => idOf(name, suffix)).join(' ') || undefined
export const heading = (level, className, id, text, lang) => h('h' + Math.min(level, 6), { class: className, id, ...lang }, text)
const legend = (view, node, row) => h('legend', { class: 'fw-legend', ...langOf(view, node) }, labelOf(view, node, row))

/* ---- fields; `at` is one field in one row while it is drawn */

export function fieldAt(view, node, row, name) {
  const { form } = view, hint = textAt(view, node, 'hint', row), required = node.required || !!row.q[node.slot]
  return { view, node, row, name, hint, required, errors: errorsAt(view, node, row), pointer: '/' + name, answer: node.computed ? undefined : form.parts.answerOf(node, row), label: labelOf(view, node, row), lang: langOf(view, node) }
}

export const optional = ({ view, node, required }) => !required && !(node.flags & FLAG_MEMBER) && [' ', h('span', { class: 'fw-optional' }, say(view, 'OPTIONAL'))]
export const classes = (at, ...more) => ['fw-question', ...more, ...(at.errors.length ? ['fw-question-wrong'] : [])].join(' ')
const unitLine = (at, text) => h('p', { class: 'fw-hint', id: idOf(at.name, '-unit') }, text)
export const notes = (at) => [drawHint(at), at.zone && unitLine(at, at.zone), drawErrors(at.view, at)]
export const asked = ({ name }) => hidden('_asked', name)

export const question = (at, ...kids) => h('div', { class: classes(at), 'data-pointer': at.pointer }, h('label', { class: 'fw-label', for: idOf(at.name), ...at.lang }, at.label, optional(at)), notes(at), kids)
export const several = (at, className, ...kids) => h('fieldset', { class: classes(at, className), 'data-pointer': at.pointer, 'aria-describedby': describedBy(at) },
  h('legend', { class: 'fw-label', ...at.lang }, at.label, optional(at)), notes(at), kids)

const common = (at) => ({ class: 'fw-input', id: idOf(at.name), name: at.name, 'aria-describedby': describedBy(at), 'aria-invalid': at.errors.length ? 'true' : undefined, autocomplete: at.node.autocomplete })

function inputMode(node) {
  if (node.format === URL_FORMAT && !node.list) return 'url'
  if (!isNumeric(node) || !(node.min >= 0)) return undefined
  return node.type === INTEGER ? 'numeric' : 'decimal'
}

/* What was typed, as long as the answer is what came of it. */
export const typedText = ({ typed }, name, answer) => {
  const before = typed.get(name)
  return before && before.answer === JSON.stringify(answer) ? before.text : undefined
}
/* As it was typed, else as it is written in the language. */
export function shownText({ view, node, name, answer }) {
  const typed = typedText(view, name, answer)
  if (typed !== undefined) return typed
  if (answer === undefined || answer === null || typeof answer === 'object') return ''
  return isNumeric(node) ? typedNumber(view.texts.locale, answer) : String(answer)
}

export function drawInput(at, type, live) {
  const { node } = at, bare = isNumeric(node) || node.format === EMAIL || node.format === URL_FORMAT
  return h('input', { type, ...common(at), placeholder: placeholder(at), inputmode: inputMode(node), spellcheck: bare ? 'false' : undefined, live })
}
const placeholder = ({ view, node, row }) => textAt(view, node, 'placeholder', row) || undefined

function drawLine(at) {
  const { node } = at, live = shownText(at)
  if (node.type === MONEY) {
    const unit = { ...at, unit: true }
    return question(at, h('div', { class: 'fw-amount' }, h('span', { class: 'fw-unit', id: idOf(at.name, '-unit') }, node.currency), drawInput(unit, 'text', live)))
  }
  if (node.flags & FLAG_MULTILINE) return question(at, h('textarea', { ...common(at), placeholder: placeholder(at), rows: '5', live }))
  return question(at, drawInput(at, node.format === EMAIL ? 'email' : node.format === PHONE ? 'tel' : 'text', live))
}

/* ---- dates and times */

function drawPart(at, part, live, first) {
  const { view, node } = at, name = `${at.name}/${part}`, id = first ? idOf(at.name) : idOf(name)
  return h('div', { class: part === 'year' ? 'fw-part fw-part-wide' : 'fw-part' }, h('label', { class: 'fw-part-label', for: id }, say(view, part.toUpperCase())),
    h('input', { type: 'text', class: 'fw-input', id, name, inputmode: 'numeric', 'aria-invalid': at.errors.length ? 'true' : undefined, autocomplete: node.autocomplete === 'bday' ? `bday-${part}` : undefined, live }))
}
function drawDate(at) {
  const { view, node, answer, name } = at, parts = dateParts(typeof answer === 'string' ? answer : ''), order = ['day', 'month', 'year'].slice(node.type === YEAR_MONTH ? 1 : 0)
  if (yearFirst(view)) order.reverse()
  const live = (part) => typedText(view, `${name}/${part}`, answer) ?? parts[part]
  return several(at, 'fw-date', h('div', { class: 'fw-parts' }, order.map((part, i) => drawPart(at, part, live(part), !i))))
}
/* ---- choices */

export const optionId = ({ name }, number) => idOf(name, number > 1 ? `-${number}` : '')
export const chosen = (answer) => (Array.isArray(answer) ? answer : [answer])
const otherOf = (answer) => chosen(answer).find((each) => each && typeof each === 'object')?.other

export const tick = (at, type, id, value, label, checked, lang, labelled) => h('div', { class: 'fw-choice' },
  h('input', { type, class: 'fw-tick', id, name: at.name, value, 'aria-labelledby': labelled, checked }), h('label', { class: 'fw-choice-label', for: id, ...lang }, label))

function drawOther(at, type, number) {
  const { view, node, answer } = at, text = otherOf(answer), name = at.name + '/other', own = textAt(view, node.part, 'label', at.row)
  return [tick(at, type, optionId(at, number), OTHER, own || say(view, 'OTHER'), text !== undefined, langOf(view, node.part)),
    h('div', { class: 'fw-other' }, h('label', { class: 'fw-part-label', for: idOf(name) }, say(view, 'OTHER')), h('input', { type: 'text', class: 'fw-input', id: idOf(name), name, live: text ?? '' }))]
}
function drawTicks(at, options, type) {
  const codes = chosen(at.answer)
  return several(at, 'fw-choices', asked(at), options.map(({ code, label }, i) => tick(at, type, optionId(at, i + 1), code, label, codes.includes(code), optionLang(at, code))),
    at.node.open ? drawOther(at, type, options.length + 1) : !options.length && h('p', { class: 'fw-summary-none', id: idOf(at.name), tabindex: '-1' }, say(at.view, 'NO_OPTIONS')))
}
export const select = (at, options, id, name, picked, described) => h('select', { class: 'fw-input', id, name, ...described, selected: picked },
  h('option', { value: '' }, say(at.view, 'CHOOSE')), options.map(({ code, label }) => h('option', { value: code, ...optionLang(at, code) }, label)))

function drawChoice(at) {
  const { node, view, answer } = at, options = view.form.parts.optionsOf(node, at.row).filter(({ offered }) => offered), many = node.type === CHOICES
  if (options.length > OPTIONS_MOST) {
    const unit = { ...at, unit: true }
    return question(at, unitLine(at, say(view, 'CODE')), drawInput(unit, 'text', shownText(at)))
  }
  if (many || node.open || options.length <= RADIOS_MOST) return drawTicks(at, options, many ? 'checkbox' : 'radio')
  const { 'aria-describedby': by, 'aria-invalid': invalid, autocomplete } = common(at)
  return question(at, select(at, options, idOf(at.name), at.name, typeof answer === 'string' ? answer : '', { 'aria-describedby': by, 'aria-invalid': invalid, autocomplete }))
}
function drawBoolean(at) {
  const truth = (value, number, word) => tick(at, 'radio', optionId(at, number), String(value), say(at.view, word), at.answer === value)
  return several(at, 'fw-choices', asked(at), truth(true, 1, 'YES'), truth(false, 2, 'NO'))
}
/* ---- what is not asked */

export function hiddenAnswers({ name, answer }) {
  if (answer === undefined || answer === null) return []
  const other = otherOf(answer), told = Array.isArray(answer) ? answer.filter((each) => typeof each === 'string') : typeof answer === 'object' ? [] : [String(answer)]
  return [...told.map((value) => hidden(name, value)), ...(other === undefined ? [] : [hidden(name, OTHER), hidden(name + '/other', other)])]
}
function drawOutput(at, fixed) {
  const { view, node, row, name } = at
  return h('div', { class: classes(at), 'data-pointer': at.pointer }, h('p', { class: 'fw-label', id: idOf(name, '-label'), ...at.lang }, at.label), notes(at),
    h('output', { class: 'fw-output', id: idOf(name), 'aria-labelledby': idOf(name, '-label') }, view.form.parts.view.cellAt(node.index, row) ? valueOf(view, node, row) : fixed ? shownText(at) : '–'), fixed && hiddenAnswers(at))
}

const DRAWN = { [BOOLEAN]: drawBoolean, [DATE]: drawDate, [YEAR_MONTH]: drawDate, [PARTIAL_DATE]: drawDate, [CHOICE]: drawChoice, [CHOICES]: drawChoice }

export function drawField(view, node, row, name) {
  const at = fieldAt(view, node, row, name), fixed = !!(node.flags & FLAG_READONLY) || row[node.readonlyFlag?.slot] === true
  if (node.flags & FLAG_HIDDEN) return node.computed ? [] : hiddenAnswers(at)
  return node.computed || fixed ? drawOutput(at, fixed) : (DRAWN[node.type] ?? more.drawn?.[node.type] ?? drawLine)(at)
}

/* ---- groups, rows, sections */

export const insideOf = ({ form }, node) => {
  const found = []
  for (let i = node.index + 1; i < node.end; i = form.module.nodes[i].end) if (form.module.nodes[i].kind !== LET) found.push(form.module.nodes[i])
  return found
}
const box = (className, name, hint, errors, ...kids) => h('fieldset', { class: className, id: idOf(name), 'data-pointer': '/' + name, tabindex: '-1', 'aria-describedby': describedBy({ name, hint, errors }) }, kids)
const doButton = (verb, name, text) => h('button', { class: 'fw-button fw-button-secondary', type: 'submit', name: '_do', value: `${verb}:${name}` }, text)

function drawGroup(view, node, row, name, level) {
  const hint = textAt(view, node, 'hint', row), errors = errorsAt(view, node, row)
  const inside = (node.looks && more.drawLooks(view, node, row, name)) || drawItems(view, insideOf(view, node), row, name, level)
  return box('fw-group', name, hint, errors, legend(view, node, row), drawHint({ view, node, name, hint }), drawErrors(view, { name, errors }), inside)
}
function drawRow(view, node, row, name, least, count, level) {
  const errors = errorsAt(view, node, row), number = inNumbers(view, row.i + 1)
  return box('fw-row', name, '', errors, h('legend', { class: 'fw-legend' }, say(view, 'ENTRY', number)), drawErrors(view, { name, errors }), drawItems(view, insideOf(view, node), row, name, level),
    count > least && doButton('remove', name, say(view, 'REMOVE', number)))
}
/* Behind the first rows come blocks of as many: where one changes a browser looks at the others of its block and at the blocks, not at a thousand rows. */
const blocks = (rows) => rows.flatMap((row, i) => (i < BLOCK_ROWS ? [row] : i % BLOCK_ROWS ? [] : [h('div', { class: 'fw-rows' }, rows.slice(i, i + BLOCK_ROWS))]))
function drawRepeat(view, node, row, name, level) {
  const { parts } = view.form, hint = textAt(view, node, 'hint', row), errors = errorsAt(view, node, row), rows = parts.rowsOf(node, row), least = parts.rowsBound(node, row, true)
  return box('fw-repeat', name, hint, errors, legend(view, node, row), drawHint({ view, node, name, hint }), drawErrors(view, { name, errors }),
    blocks(rows.map((each) => drawRow(view, node, each, `${name}/${each.i}`, least, rows.length, level))), rows.length < parts.rowsBound(node, row, false) && doButton('add', name, say(view, 'ADD')))
}
function drawSection(view, node, row, name, level) {
  const own = joinName(name, node.name), id = idOf(own, '-section')
  return h('section', { class: 'fw-section', 'aria-labelledby': id }, heading(level, 'fw-heading', id, labelOf(view, node, row), langOf(view, node)), drawHint({ view, node, name: own, hint: textAt(view, node, 'hint', row) }, '-section-hint'),
    drawItems(view, insideOf(view, node), row, name, level + 1))
}

function drawItem(view, node, row, name, level) {
  if (!view.form.parts.relevant(node, row)) return []
  const own = joinName(name, node.key)
  switch (node.kind) {
    case FIELD:
      return drawField(view, node, row, own)
    case NOTE:
      return h('div', { class: 'fw-note' }, h('p', langOf(view, node), lines(textAt(view, node, 'label', row))))
    case GROUP:
      return drawGroup(view, node, row, own, level)
    case REPEAT:
      return drawRepeat(view, node, row, own, level)
    default:
      return drawSection(view, node, row, name, level)
  }
}
const drawItems = (view, nodes, row, name, level) => nodes.map((node) => drawItem(view, node, row, name, level))

/* One place anew: a field, or one of a repeat's rows. */
export function drawPlace(view, { node, row, isRow }, name) {
  let level = 2
  for (let around = node; around; around = around.parent) level += around.kind === SECTION
  if (!isRow) return drawItem(view, node, row, name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '', level)
  return drawRow(view, node, row, name, view.form.parts.rowsBound(node, row.p, true), view.form.parts.rowsOf(node, row.p).length, level)
}

/* ---- pages */

const asks = (view, nodes) => nodes.some((node) => {
  for (let i = node.index; i < node.end; i++) {
    const each = view.form.module.nodes[i]
    if (each.kind === REPEAT || (each.kind === FIELD && !each.computed && !(each.flags & FLAG_HIDDEN))) return true
  }
  return false
})

/* The form cut into pages: { node, name, items }. What asks nothing and stands beside pages goes to the one before it, at the start to the first. */
export function pagesOf(view) {
  const pages = [], runs = []
  for (const node of insideOf(view, view.form.module.nodes[0])) {
    if (node.kind === PAGE) runs.push({ node, items: insideOf(view, node) })
    else if (runs.at(-1) && !runs.at(-1).node) runs.at(-1).items.push(node)
    else runs.push({ node: undefined, items: [node] })
  }
  let waiting = []
  for (const run of runs) {
    const alone = run.node || asks(view, run.items) || runs.length === 1
    if (alone) pages.push({ node: run.node, items: [...waiting, ...run.items] })
    else if (pages.length) pages.at(-1).items.push(...run.items)
    waiting = alone ? [] : pages.length ? [] : run.items
  }
  if (!pages.length) pages.push({ node: undefined, items: waiting })
  const ours = ['check', 'done', 'saved']
  pages.forEach((page, i) => { page.name = page.node && /^[a-z0-9_][\w-]*$/i.test(page.node.name) && !ours.includes(page.node.name) ? page.node.name : `page-${i + 1}` })
  return pages
}
export function isPageRelevant({ form, pages }, { node, items }) {
  const { relevant, root } = form.parts
  return node ? relevant(node, root) : items.some((each) => relevant(each, root)) || pages.length === 1
}
/* How far a page is, of those there are by now. */
export function drawProgress(view, page) {
  const shown = view.pages.flatMap((each, i) => (isPageRelevant(view, each) ? [i] : [])), { length } = shown
  return length > 1 && h('p', { class: 'fw-progress' }, say(view, 'STEP', inNumbers(view, shown.filter((i) => i < page).length + 1), inNumbers(view, length)))
}
/* The page of a node; -1: none. */
export function pageOf({ pages }, node) {
  if (pages.length === 1) return 0
  return pages.findIndex((page) => page.node === node || page.items.some((item) => node.index >= item.index && node.index < item.end))
}

const placeOf = (view, error) => idOf(view.form.parts.pointerOf(error).slice(1))

/* The error summary of one page, of all when `page` is -1. */
export function drawSummary(view, page) {
  const told = view.errors.filter((error) => page < 0 || pageOf(view, error.node) === page)
  if (!view.wrong || !told.length) return []
  const item = (error) => {
    const placed = error.node.kind !== FORM && error.code !== 'unknown' && pageOf(view, error.node) >= 0, text = (error.code === 'unknown' ? error.name + ': ' : '') + toldOf(view, error)
    return h('li', {}, placed ? h('a', { href: '#' + placeOf(view, error) }, text) : text)
  }
  return h('div', { class: 'fw-summary', role: 'alert', tabindex: '-1', id: 'fw-summary', 'aria-labelledby': 'fw-summary-title' },
    h('h2', { class: 'fw-summary-title', id: 'fw-summary-title' }, say(view, 'PROBLEM')), h('ul', {}, told.map(item)))
}

export const drawPageBody = (view, page) => drawItems(view, page.items, view.form.parts.root, '', 2)
