/* Letters: the functions of dsl/helper.def that look into texts and make new ones.
 *
 *     substring('Zoë', 3, 1)    'ë'
 *
 * Cases change one code point into one, as Unicode's simple mapping says: "ß" stays. */
import { formatExact, parseExact } from './exact.js'
import { formatDay, parseDay } from './civil.js'
import { more } from './needs.js'
import { fitting, isBlankUnit, length, stripped } from './text.js'
import { DATE, INTEGER, MONEY } from './types.js'

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

/* The canonical text of a scalar. Of doubles that is what ECMAScript writes: the shortest digits, and "0" for -0 too. */
export function textOf(kind, scale, x) {
  if (kind === DATE) return formatDay(x)
  if (kind > DATE) return more.momentOf(kind, x)
  return kind >= INTEGER && kind <= MONEY ? formatExact(x, scale) : String(x)
}

/* Zeros may lead, where JSON forbids it. */
export const parseDecimal = (t, scale) => parseExact(stripped(t), scale, true).value
export const parseInteger = (t) => parseDecimal(t, 0)
export const parseDate = (t) => parseDay(stripped(t))
