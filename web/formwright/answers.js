/* Answers: what the server's strict pass makes of one JSON value, by the type of its field.
 *
 *     readAnswer(node, ' 12.5 ')       { value: 1250 }       of a decimal(2)
 *     readAnswer(node, '12.505')       { code: 'scale' }     docs/module.md tells what a cell holds
 *
 * The digits of a number are gone once JSON.parse() has made a double of it: exact types read the shortest digits that give that double,
 * which are those that were written, if they were 15 or fewer. Who needs more sends a string. */
import { parseExact } from './exact.js'
import { parseDay } from './civil.js'
import { more } from './needs.js'
import { length, stripped } from './text.js'
import { BOOLEAN, CHOICE, CHOICES, DATE, EMAIL, INTEGER, MONEY, NUMBER, PHONE, RANKING, TEXT, URL_FORMAT } from './types.js'

const broken = (code) => ({ code })

function boundBroken(node, value) {
  if (value < node.min) return 'min'
  return value > node.max ? 'max' : undefined
}
function lengthBroken(node, count) {
  if (count < node.lengthMin) return 'too_short'
  return count > node.lengthMax ? 'too_long' : undefined
}
const settled = (code, cell) => (code ? broken(code) : cell)

/* ---- texts */

/* The HTML standard's rule. */
const LABEL = '[a-zA-Z\\d](?:[a-zA-Z\\d-]{0,61}[a-zA-Z\\d])?'
const isEmail = (text) => EMAIL_RULE.test(text)
const EMAIL_RULE = new RegExp(`^[\\w.!#$%&'*+/=?^\`{|}~-]+@${LABEL}(?:\\.${LABEL})*$`)

const PORT = '(?::(\\d{0,5}))?'
const HOST_RULE = new RegExp(`^(?:\\[[a-zA-Z\\d:.]{2,}\\]|[^.:[\\]@][^:[\\]@]*)${PORT}$`)
/* http or https, with a host and nothing that no address holds. */
function isUrl(text) {
  if (/[\x00-\x20\x7f<>"{}|\\^`\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(text)) return false
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? []
  const host = authority && HOST_RULE.exec(authority.slice(authority.lastIndexOf('@') + 1))
  return Boolean(host) && (host[1] || 0) <= 65535
}

function isPhone(text) {
  const count = text.replace(/\D/g, '').length
  return /^\+?[\d .()-]*$/.test(text) && count > 4 && count < 16
}

const RULES = { [EMAIL]: isEmail, [URL_FORMAT]: isUrl, [PHONE]: isPhone }

function textBroken(node, text) {
  if (text.includes('\0')) return node.format ? 'format' : 'type'
  if (node.format && !RULES[node.format](text)) return 'format'
  return lengthBroken(node, length(text)) ?? (node.pattern && !node.pattern.test(text) ? 'pattern' : undefined)
}

/* JSON.parse() lets half a surrogate pair through, which no text of the server's holds. */
const isText = (json) => typeof json === 'string' && !/\p{Cs}/u.test(json)

function readText(node, text) {
  if (text) return settled(textBroken(node, text), { value: text })
  return node.lengthMin > 0 ? broken('too_short') : undefined
}

/* ---- numbers */

function readExact(node, text) {
  const { code, value } = parseExact(text, node.scale)
  if (code) return broken(code === 'scale' && node.type === INTEGER ? 'type' : code)
  return settled(boundBroken(node, value), { value })
}

/* Without -0. */
function readNumber(node, json) {
  if (!Number.isFinite(json)) return broken('range')
  return settled(boundBroken(node, json), { value: json + 0 })
}

/* ---- dates and times */

function readMoment(node, text) {
  const cell = node.type === DATE ? { value: parseDay(text) } : more.momentCell(node, text)
  if (cell?.code) return cell
  return cell?.value === undefined ? broken('format') : settled(boundBroken(node, cell.value), cell)
}

/* ---- options */

/* {"other": "text"}: { text, code, there }. `there`: it is an answer. */
function readOwn(part, json) {
  const { other = null, ...rest } = json
  if (other === null || Object.keys(rest).length) return { code: Object.keys(rest).length ? 'type' : undefined }
  if (!isText(other) || other.includes('\0')) return { code: 'type' }
  const text = stripped(other), there = Boolean(text) || part.lengthMin > 0
  return { text, there, code: there ? lengthBroken(part, length(text)) : undefined }
}

const isOwn = (node, json) => node.open && typeof json === 'object' && json !== null && !Array.isArray(json)
const beyond = (node) => node.list.codes.length + 1

function readChoice(node, json) {
  if (isOwn(node, json)) {
    const { text, there, code } = readOwn(node.part, json)
    if (code) return { code, own: code !== 'type', text }
    return there ? { value: beyond(node), text } : undefined
  }
  if (!isText(json)) return broken('type')
  const text = stripped(json), value = node.list.options.get(text)
  if (!text) return undefined
  return value ? { value } : broken('option')
}

/* Of several things that are wrong the first of these is told. */
const WORST = ['type', 'option', 'duplicate', 'too_short', 'too_long']

/* CHOICES and RANKING. */
function readSeveral(node, items) {
  const chosen = new Set(), codes = new Set()
  let text
  for (const json of items) {
    const cell = isOwn(node, json) ? readChoice(node, json) : isText(json) ? { value: node.list.options.get(stripped(json)) } : broken('type')
    text = cell?.text || text
    if (!cell) continue
    if (cell.code) codes.add(cell.code)
    if (!cell.code || (cell.own && cell.text !== undefined)) add(cell.own ? beyond(node) : cell.value)
  }
  function add(option) {
    if (!option) codes.add('option')
    if (chosen.has(option)) codes.add('duplicate')
    chosen.add(option)
  }
  const code = WORST.find((each) => codes.has(each))
  if (code) return { code, own: code.startsWith('too'), text }
  if (!chosen.size) return undefined
  const value = [...chosen]
  if (node.type === CHOICES) value.sort((a, b) => a - b)
  return settled(lengthBroken(node, value.length), { value: Object.freeze(value), text })
}

/* The cell of a value as JSON has it; undefined: there is no answer. */
export function readAnswer(node, json) {
  if (json === undefined || json === null) return undefined
  const { type } = node
  if (type === BOOLEAN) return typeof json === 'boolean' ? { value: json } : broken('type')
  if (type === CHOICE) return readChoice(node, json)
  if (type === CHOICES || type === RANKING) return Array.isArray(json) ? readSeveral(node, json) : broken('type')
  if (typeof json === 'number' && type >= INTEGER && type <= NUMBER && !Number.isNaN(json))
    return type === NUMBER || !Number.isFinite(json) ? readNumber(node, json) : readExact(node, String(json))
  if (!isText(json) || type === INTEGER || type === NUMBER) return broken('type')
  const text = stripped(json)
  if (type === TEXT) return readText(node, text)
  if (!text) return undefined
  return type <= MONEY ? readExact(node, text) : readMoment(node, text)
}
