/* Wording: what people read, with values filled in; the same words as runtime/wording.c.
 *
 *     messageOf(view, error)       'Enter full name', or what the form says itself
 *     wordsOf(view, text, row)     'Turnover of 2026'      of ['Turnover of ', { node: 2, show: 'plain' }]
 *
 * docs/module.md tells what `view`, `error` and texts are. */
import { formatExact } from './exact.js'
import { localDate, localExact, localMoney, localNumber, localPercent, separatorAt } from './locale.js'
import { more } from './needs.js'
import { momentText } from './verdict.js'
import { BOOLEAN, CHOICE, CHOICES, DATE, DATETIME, FLAG_MEMBER, GROUP, INTEGER, MONEY, NUMBER, RANKING, REPEAT, TEXT, TIME, YEAR_MONTH, ZONED } from './types.js'

const MESSAGE_BYTES = 4096, TEXT_ROWS = 100

/* Held to the limit, at a whole code point. */
function cut(text) {
  if (text.length * 3 <= MESSAGE_BYTES) return text
  const encoder = new TextEncoder()
  if (encoder.encode(text).length <= MESSAGE_BYTES) return text
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(MESSAGE_BYTES - 3)).read) + '…'
}

/* ---- values; `texts` has the locale's facts and the labels of the language they are told in */

function numberWords(facts, node, value, part) {
  const { type, scale } = node, text = type === NUMBER ? String(value) : formatExact(value, scale)
  if (part.show === 'plain') return text
  if (part.show === 'percent') return localPercent(facts, text)
  if (part.show === 'money') return localMoney(facts, value, scale, part.digits ?? 0, part.currency)
  return type === MONEY ? localMoney(facts, value, scale, scale, node.currency) : localNumber(facts, text)
}

function momentWords(facts, node, cell, show) {
  const { type } = node, { value } = cell
  if (show === 'plain') return momentText(node, cell)
  if (type === DATE) return localDate(facts, value, show)
  return more.tellMoment(facts, node, cell, show)
}

function optionText(texts, list, option, cell) {
  if (option > list.codes.length) return cell.text ?? ''
  return texts.lists?.[list.index]?.[option - 1] ?? list.codes[option - 1]
}

const joined = (facts, show, items, all) => items.map((item, i) => separatorAt(facts, show, i, all) + item).join('')

function valueText(texts, node, cell, part) {
  const { type, list } = node, { value } = cell, facts = texts.locale
  if (type === TEXT) return value
  if (type === BOOLEAN) return part.show === 'plain' ? String(value) : value ? facts.yes : facts.no
  if (type >= INTEGER && type <= NUMBER) return numberWords(facts, node, value, part)
  if (type === CHOICE) return optionText(texts, list, value, cell)
  if (type !== CHOICES && type !== RANKING) return momentWords(facts, node, cell, part.show)
  return joined(facts, part.show, value.map((option) => optionText(texts, list, option, cell)), value.length)
}

/* Values are looked for in the first rows only; more are told by an ellipsis. */
function rowsText(view, texts, node, part, row) {
  const rows = view.rowsInside(node.scope, part.rows, row), more = rows.length > TEXT_ROWS
  const items = rows.slice(0, TEXT_ROWS).map((each) => view.cellAt(node.index, each)).filter((cell) => cell?.value !== undefined)
  const shown = items.map((cell) => valueText(texts, node, cell, part)), all = shown.length + more
  return joined(texts.locale, part.show, shown, all) + (more ? separatorAt(texts.locale, '', shown.length, all) + '…' : '')
}

function partText(view, texts, part, row) {
  if (typeof part === 'string') return part
  const node = view.module.nodes[part.node]
  if (part.rows !== undefined) return rowsText(view, texts, node, part, row)
  const cell = view.cellAt(part.node, row)
  return cell?.value === undefined ? '' : valueText(texts, node, cell, part)
}

/* A text of the form as it is around a row; '' where there is none. */
export function wordsOf(view, text, row) {
  if (!text) return ''
  if (typeof text === 'string') return cut(text)
  const texts = text.first ? view.texts.first : view.texts
  return cut((text.parts ?? text).map((part) => partText(view, texts, part, row)).join(''))
}

/* ---- which of our own sentences */

/* By type and by format. */
const TYPE_NAMES = ' TEXT BOOLEAN INTEGER NUMBER NUMBER NUMBER DATE TIME DATETIME CHOICE CHOICE YEAR_MONTH PARTIAL_DATE CHOICE'.split(' ')
const FORMAT_NAMES = ' EMAIL URL PHONE ZONED'.split(' ')
const isChoice = ({ type }) => TYPE_NAMES[type] === 'CHOICE'
const isMoment = (node) => node.type >= DATE && !isChoice(node)

function typeName(node, isRow) {
  if (node.kind === GROUP) return 'GROUP'
  if (node.kind === REPEAT) return isRow ? 'ROW' : 'REPEAT'
  return isMoment(node) ? 'MOMENT' : TYPE_NAMES[node.type]
}
function lengthName(code, { type }, own, bound) {
  if (type !== TEXT && !own) return code === 'TOO_SHORT' ? 'TOO_FEW_CHOSEN' : 'TOO_MANY_CHOSEN'
  return bound === 1 ? code + '_ONE' : code
}

function sentenceName({ code, node, isRow, own, bound, repeated }) {
  const name = code.toUpperCase()
  switch (code) {
    case 'type':
      return 'TYPE_' + typeName(node, isRow)
    case 'scale':
      return 'SCALE_' + (['NONE', 'ONE'][node.scale] ?? 'MANY')
    case 'format':
      return 'FORMAT_' + (FORMAT_NAMES[node.format] || TYPE_NAMES[node.type])
    case 'skipped':
    case 'repeated':
      return 'WALL_' + name
    case 'duplicate':
      return repeated ? 'REPEATED' : name
    case 'too_short':
    case 'too_long':
      return lengthName(name, node, own, bound)
    case 'min':
    case 'max':
      return isMoment(node) ? name + '_MOMENT' : name
    case 'required':
      if (node.kind === REPEAT) return name + '_REPEAT'
      return isChoice(node) || node.type === BOOLEAN ? name + '_CHOICE' : name
    default:
      return name
  }
}

/* ---- filling them in */

/* A field without a label goes by its name, "full_name" as "Full name". */
const nameText = (name) => name.replaceAll('_', ' ').replace(/^[a-z]/, (c) => c.toUpperCase())

/* What the respondent knows it by: nobody has seen the id of a file. */
function bareLabel(view, { code, node, row }) {
  const told = node.flags & FLAG_MEMBER && (code === 'required' || code === 'pattern') ? node.parent : node
  return (wordsOf(view, view.texts.nodes[told.index]?.label, row) || nameText(told.name)).replace(/[.: ]+$/, '')
}

/* A label that asks is quoted; inside an English sentence "Full name" reads "full name", "VAT number" and "I agree" stay. */
function labelText(view, error, atStart) {
  const label = bareLabel(view, error)
  if (label.endsWith('?')) return `${atStart ? 'The' : 'an'} answer to “${label}”`
  const small = !atStart && view.texts.language.startsWith('en') && /^[A-Z][a-z]/.test(label)
  return small ? label[0].toLowerCase() + label.slice(1) : label
}

function boundText(view, { code, node, bound }) {
  if (code === 'min' || code === 'max') return valueText(view.texts, node, { value: bound }, {})
  return localExact(view.texts.locale, code === 'scale' ? node.scale : bound, 0)
}

function exampleOf({ type, format }) {
  if (type === TIME) return '14:30'
  if (type === DATETIME) return format === ZONED ? '2026-01-31T14:30' : '2026-01-31T14:30:00Z'
  return type === YEAR_MONTH ? '2026-01' : '2026-01-31'
}

function blankText(view, error, name) {
  if (name === 'bound') return boundText(view, error)
  if (name === 'example') return exampleOf(error.node)
  return view.texts.quotes ? bareLabel(view, error) : labelText(view, error, name === 'Label')
}

/* ---- the form's own words before ours */

const LENGTHS = { too_short: 'length', too_long: 'length' }

function ownWords(view, { code, node, own, check }) {
  if (code === 'check') return view.texts.checks[check]
  return own ? undefined : view.texts.nodes[node.index]?.[LENGTHS[code] ?? code]
}

export function messageOf(view, error) {
  const own = ownWords(view, error)
  if (own !== undefined) return wordsOf(view, own, error.code === 'check' ? error.checkRow : error.row)
  const sentence = view.texts.sentences[sentenceName(error)]
  return cut(sentence.replace(/\{(\w+)\}/g, (_, name) => blankText(view, error, name)))
}
