/* Text: what every form needs of texts; letters.js has the functions of the language that look into them.
 *
 *     length('Zoë')    3         stripped('\u00a0 a ')  'a'
 *
 * Texts are well-formed UTF-16; lengths, places and order are those of code points. White space is Unicode's, without U+FEFF, which
 * JavaScript's own \s and trim() take for one. */
import { Fault, OVER_MEMORY } from './exact.js'

const TEXT_RESULT_BYTES = 1 << 20

/* Of UTF-16 code units: no white space lies beyond the first plane. */
export const isBlankUnit = (unit) =>
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

export function textLess(a, b) {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  const lift = (unit) => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit)
  return i < a.length && i < b.length ? lift(a.charCodeAt(i)) < lift(b.charCodeAt(i)) : a.length < b.length
}
/* Missing ones are skipped; a missing separator is nothing. */
export const join = (separator = '', ...texts) => fitting(texts.filter((text) => text !== undefined).join(separator))
