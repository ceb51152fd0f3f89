/* Spelling: what people type in the controls of a field, as an answer and back; the same as pages/spelling.c and pages/entry.c.
 *
 *     numberOf({ mark: ',' }, '1.234,50')          '1234.50'
 *     answerOf(field, pairs)                       the answer as it would be sent; undefined where nothing was typed
 *
 * moment.js has times. */
import { clocksOf, formatDay } from './civil.js'
import { more } from './needs.js'
import { BOOLEAN, CHOICE, CHOICES, DATE, DATETIME, DECIMAL, INTEGER, MONEY, NUMBER, PARTIAL_DATE, RANKING, TIME, YEAR_MONTH } from './types.js'

/* The value of the tick beside which a text is written in. */
export const OTHER = '~other~'

const ZEROS = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xff10]
const trimmed = (text = '') => text.replace(/^[\s\x85]+|[\s\x85]+$/g, '')
export const isNumeric = ({ type }) => type >= INTEGER && type <= NUMBER

/* ---- numbers */

/* Digits of any script as 0 to 9, signs as . , ' and -; undefined: something else. */
function plainOf(text) {
  let plain = ''
  for (const letter of text) {
    const code = letter.codePointAt(0), zero = ZEROS.find((each) => code >= each && code <= each + 9)
    if (zero) plain += code - zero
    else if (/[.\u066b]/.test(letter)) plain += '.'
    else if (/[,\u066c\u060c]/.test(letter)) plain += ','
    else if (/['’]/.test(letter)) plain += "'"
    else if (/[-−]/.test(letter) && !plain) plain = '-'
    else if (!(letter === '+' && !plain) && !/[\s\x85\u200e\u200f]/.test(letter)) return undefined
  }
  return plain
}

export const decimalMark = (facts) => (plainOf(facts.mark ?? '.') === ',' ? ',' : '.')
const isDigits = (text) => /^\d*$/.test(text)
const isGrouped = (text, mark) => text.includes(mark) && text.split(mark).every((part, i) => (i ? /^\d{3}$/ : /^\d{1,3}$/).test(part))

function plainNumber(minus, whole, fraction) {
  return minus + (whole.replace(/\D/g, '').replace(/^0+/, '') || '0') + (fraction ? '.' + fraction : '')
}

/* As JSON writes it; undefined: it is none. */
export function numberOf(facts, text) {
  const plain = plainOf(text)
  if (!plain) return undefined
  const minus = plain[0] === '-' ? '-' : '', body = plain.slice(minus.length), mark = decimalMark(facts), foreign = mark === '.' ? ',' : '.'
  const count = body.split(mark).length - 1
  if (count > 1) return isGrouped(body, mark) ? plainNumber(minus, body, '') : undefined
  const point = count ? mark : body.includes(foreign) && !body.includes("'") && !isGrouped(body, foreign) ? foreign : mark
  const at = body.includes(point) ? body.indexOf(point) : body.length, whole = body.slice(0, at), fraction = body.slice(at + 1)
  const fine = isDigits(whole) || isGrouped(whole, point === '.' ? ',' : '.') || isGrouped(whole, "'")
  return fine && isDigits(fraction) && whole + fraction ? plainNumber(minus, whole, fraction) : undefined
}

function numberAnswer({ facts }, { type, currency }, text) {
  const bare = type === MONEY && text.toLowerCase().startsWith(currency.toLowerCase()) && text.length > 3 ? text.slice(3) : text, number = numberOf(facts, bare)
  return number === undefined ? text : type === DECIMAL || type === MONEY ? number : Number(number)
}

/* With the mark of the language, unless it is no number. */
export function typedNumber(facts, answer) {
  const text = String(answer)
  return numberOf({}, text) === text ? text.replace('.', decimalMark(facts)) : text
}

/* ---- dates and times */

const plainDigits = (text) => (/^\d+$/.test(plainOf(text) ?? '') ? plainOf(text) : text)
const twoDigits = (text) => (/^\d$/.test(text) ? '0' + text : text)

function dateAnswer(pairs, name) {
  const [year, month, day] = ['year', 'month', 'day'].map((part) => plainDigits(trimmed(pairs.get(`${name}/${part}`)?.at(-1))))
  if (day) return `${year}-${twoDigits(month)}-${twoDigits(day)}`
  return month ? `${year}-${twoDigits(month)}` : year
}
/* Year, month and day as they stand in their controls. */
export function dateParts(text) {
  const [year = '', month = '', ...day] = text.split('-')
  return { year, month: month.replace(/^0+(?=.)/, ''), day: day.join('-').replace(/^0+(?=.)/, '') }
}

/* What a default that hangs on the moment is: as it would be typed. */
export function momentAnswer(zone, { type }, now) {
  const minutes = Math.floor(clocksOf(zone).offset(now) / 6e4)
  return type === DATE ? formatDay(Math.floor((Math.floor(now / 6e4) + minutes) / 1440)) : more.momentTyped(type, now, minutes)
}

/* ---- a field's answer */

const TRUTHS = /^(true|on|yes|1)$/i, LIES = /^(false|off|no|0)$/i

function scalarAnswer(field, text) {
  const { node, zone } = field
  if (isNumeric(node)) return numberAnswer(field, node, text)
  if (node.type === BOOLEAN) return TRUTHS.test(text) || (LIES.test(text) ? false : text)
  return node.type === TIME || node.type === DATETIME ? more.timeAnswer(node, zone, text) : text
}

/* `pairs`: from the names of controls to what is in them, in order, as a form sends it. `field`: { node, name, facts, zone }. */
export function answerOf(field, pairs) {
  const { node, name } = field, { type } = node, values = (pairs.get(name) ?? []).map(trimmed).filter(Boolean), other = trimmed(pairs.get(name + '/other')?.at(-1))
  const options = values.map((value) => (value === OTHER ? { other } : value))
  if (type === CHOICE) return options.at(-1) ?? (other ? { other } : undefined)
  if (type === CHOICES && other && !values.includes(OTHER)) options.push({ other })
  if (type === RANKING) for (let i = 0; pairs.has(`${name}/${i}`); i++) options.push(...pairs.get(`${name}/${i}`).map(trimmed).filter(Boolean))
  if (type === CHOICES || type === RANKING) return options.length ? options : undefined
  const text = values.at(-1) || ([DATE, YEAR_MONTH, PARTIAL_DATE].includes(type) ? dateAnswer(pairs, name) : '')
  return text ? scalarAnswer(field, text) : undefined
}
