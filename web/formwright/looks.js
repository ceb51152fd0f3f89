/* Looks: what only some forms have to be drawn (needs.js): times, rankings, matrices, files. */
import { asked, chosen, classes, drawErrors, drawInput, fieldAt, hiddenAnswers, idOf, inNumbers, insideOf, joinName, notes, optional, optionId, optionLang, question, say, select, several, shownText, tick, typedText, valueOf } from './render.js'
import { more } from './needs.js'
import { h } from './tree.js'
import { CHOICE, CHOICES, DATETIME, FIELD, FILE, FLAG_FILTERED, FLAG_OPEN, FLAG_READONLY, MATRIX, RANKING, TIME } from './types.js'

/* Of base/limits.def: PAGE_COLUMNS, PAGE_RANKS. */
const COLUMNS_MOST = 7, RANKS_MOST = 20

/* ---- times */

function drawTime(at) {
  const text = shownText(at)
  return question(at, drawInput(at, /^(\d\d:\d\d.*)?$/.test(text) ? 'time' : 'text', more.withoutSeconds(text, 5)))
}
function drawDatetime(at) {
  const { view, node, name, answer } = at
  const text = typedText(view, name, answer) ?? (typeof answer === 'string' ? more.wallText(view.form.parts.zone, node, answer) : '')
  const timed = { ...at, unit: true, zone: say(view, 'ZONE', node.zone || view.form.module.source.zone || 'UTC') }
  return question(timed, drawInput(timed, !text || more.isWall(text) ? 'datetime-local' : 'text', text))
}

/* ---- rankings */

function drawRanking(at) {
  const { view, node, name } = at, options = view.form.parts.optionsOf(node, at.row).filter(({ offered }) => offered), count = Math.min(options.length, RANKS_MOST, node.lengthMax)
  const ranks = view.ranks.get(name), order = ranks && JSON.stringify(ranks.filter(Boolean)) === JSON.stringify(at.answer ?? []) ? ranks : chosen(at.answer)
  return several(at, 'fw-ranking', asked(at), Array.from({ length: count }, (_, i) => h('div', { class: 'fw-part' },
    h('label', { class: 'fw-part-label', for: optionId(at, i + 1) }, say(view, 'PLACE', inNumbers(view, i + 1))), select(at, options, optionId(at, i + 1), `${name}/${i}`, order[i] ?? '', {}))))
}

export const drawn = { [TIME]: drawTime, [DATETIME]: drawDatetime, [RANKING]: drawRanking }

/* ---- groups that look otherwise */

function isTable(view, node) {
  const rows = insideOf(view, node), [first] = rows, odd = FLAG_OPEN | FLAG_FILTERED | FLAG_READONLY
  if (node.looks !== MATRIX || first?.kind !== FIELD || (first.type !== CHOICE && first.type !== CHOICES) || first.list.codes.length > COLUMNS_MOST) return false
  return rows.every((each) => each.kind === FIELD && !(each.flags & odd) && !each.computed && !each.readonlyFlag && each.list === first.list && each.type === first.type)
}
function matrixRow(view, node, row, name, heads) {
  const at = fieldAt(view, node, row, name), label = idOf(name, '-label'), codes = chosen(at.answer), type = node.type === CHOICE ? 'radio' : 'checkbox'
  const cells = view.form.parts.optionsOf(node, row).filter(({ offered }) => offered)
  return h('tr', { class: classes(at), 'data-pointer': at.pointer }, h('th', { scope: 'row' }, h('span', { id: label, ...at.lang }, at.label, optional(at)), notes(at), asked(at)),
    cells.map(({ code, label: told }, i) => h('td', {}, tick(at, type, optionId(at, i + 1), code, told, codes.includes(code), optionLang(at, code), `${label} ${heads.get(code)}`))))
}
function drawTable(view, node, row, name) {
  const rows = insideOf(view, node), options = view.form.parts.optionsOf(rows[0], row), heads = new Map(options.map(({ code }, i) => [code, idOf(name, `-column-${i + 1}`)]))
  return h('table', { class: 'fw-matrix' },
    h('thead', {}, h('tr', {}, h('td'), options.filter(({ offered }) => offered).map(({ code, label }) => h('th', { scope: 'col', id: heads.get(code), ...optionLang({ view, node: rows[0] }, code) }, label)))),
    h('tbody', {}, rows.filter((each) => view.form.parts.relevant(each, row)).map((each) => matrixRow(view, each, row, joinName(name, each.key), heads))))
}

function drawFile(view, node, row, name) {
  return [h('p', { class: 'fw-note' }, say(view, 'FILE')), insideOf(view, node).filter(({ kind }) => kind === FIELD).map((each) => {
    const at = fieldAt(view, each, row, joinName(name, each.key)), value = valueOf(view, each, row)
    return [value && each.name === 'name' && h('p', { class: 'fw-output' }, value), each.computed ? [] : hiddenAnswers(at), drawErrors(view, at)]
  })]
}
/* Undefined: as any group. */
export function drawLooks(view, node, row, name) {
  if (node.looks >= FILE) return drawFile(view, node, row, name)
  return isTable(view, node) ? drawTable(view, node, row, name) : undefined
}
