/* Text: the functions of dsl/helper.def that look at text, and what the others need of it.
 *
 *     substring('Zoë', 3, 1)    'ë'         stripped('\u00a0 a ')  'a'
 *
 * Texts are well-formed UTF-16; lengths, places and order are those of code points. White space is Unicode's, without U+FEFF, which
 * JavaScript's own \s and trim() take for one. Cases change one code point into one, as Unicode's simple mapping says: "ß" stays. */
import { Fault, OVER_MEMORY, formatExact, parseExact } from './exact.js'
import { formatClock, formatDay, formatInstant, parseDay } from './civil.js'
import { formatPartial } from './partial.js'
import { DATE, DATETIME, INTEGER, MONEY, PARTIAL_DATE, TIME, YEAR_MONTH } from './types.js'

const TEXT_RESULT_BYTES = 1 << 20

/* Of UTF-16 code units: no white space lies beyond the first plane. */
const isBlankUnit = (unit) =>
  unit === 32 || (unit > 8 && unit < 14) || (unit > 0x84 && /[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(String.fromCharCode(unit)))

/* Without white space at both ends. */
export function stripped(text) {
  let from = 0, to = text.length
  while (from < to && isBlankUnit(text.charCodeAt(from))) from++
  while (from < to && isBlankUnit(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

/* Code points. */
export function length(text) {
  let count = text.length
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) count--
  return count
}

/* A text that was made, unless it is too long; its bytes are those of UTF-8, at most three for a code unit. */
export function fitting(text) {
  if (text.length * 3 > TEXT_RESULT_BYTES && new TextEncoder().encode(text).length > TEXT_RESULT_BYTES) throw new Fault(OVER_MEMORY)
  return text
}

/* One code point. Where the full mapping has several, the simple one is a neighbour that stands for one of two letters, or nothing. */
function upperOne(c) {
  const all = c.toUpperCase()
  if (length(all) === 1) return all
  return [8, 9].map((step) => String.fromCodePoint(c.codePointAt(0) + step)).find((other) => other.toLowerCase() === c) ?? c
}

/* Not the locale's: the same everywhere. */
export const upper = (t) => fitting(/^[\x00-\x7f]*$/.test(t) ? t.toUpperCase() : Array.from(t, upperOne).join(''))
export const lower = (t) => fitting(Array.from(t, (c) => (c === '\u0130' ? 'i' : c.toLowerCase())).join(''))
export const contains = (t, part) => t.includes(part)
export const startsWith = (t, part) => t.startsWith(part)
export const endsWith = (t, part) => t.endsWith(part)
export const matches = (pattern, t) => pattern.test(t)
export function textLess(a, b) {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  const lift = (unit) => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit)
  return i < a.length && i < b.length ? lift(a.charCodeAt(i)) < lift(b.charCodeAt(i)) : a.length < b.length
}
/* Code points, from 1. Outside is cut off; nothing is missing. */
export function substring(t, from, count) {
  if (count <= 0) return undefined
  return Array.from(t).slice(Math.max(from - 1, 0), Math.max(from + count - 1, 0)).join('') || undefined
}
export const replace = (t, old, by) => (old ? fitting(t.split(old).join(by)) : t)
export function words(t) {
  let count = 0
  for (let i = 0; i < t.length; i++) if (!isBlankUnit(t.charCodeAt(i)) && (!i || isBlankUnit(t.charCodeAt(i - 1)))) count++
  return count
}
export const concat = (...texts) => fitting(texts.join(''))
/* Missing ones are skipped; a missing separator is nothing. */
export const join = (separator = '', ...texts) => fitting(texts.filter((text) => text !== undefined).join(separator))

/* The canonical text of a scalar. Of doubles that is what ECMAScript writes: the shortest digits, and "0" for -0 too. */
export function textOf(kind, scale, x) {
  if (kind >= INTEGER && kind <= MONEY) return formatExact(x, scale)
  return (FORMATS[kind] ?? String)(x)
}
const FORMATS = { [DATE]: formatDay, [TIME]: formatClock, [DATETIME]: (x) => formatInstant(x, 0), [YEAR_MONTH]: formatPartial, [PARTIAL_DATE]: formatPartial }

/* Zeros may lead, where JSON forbids it. */
export const parseDecimal = (t, scale) => parseExact(stripped(t), scale, true).value
export const parseInteger = (t) => parseDecimal(t, 0)
export const parseDate = (t) => parseDay(stripped(t))
