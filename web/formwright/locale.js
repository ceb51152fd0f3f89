/* Locale: numbers, dates and lists as the people of a language write them, by the facts that come with the texts (base/locale.h), not by
 * those of the browser, whose CLDR may be another.
 *
 *     localExact(facts, 123450, 2)            '1.234,50'
 *     localDate(facts, day, 'long')           '31. Januar 2026'
 *
 * A language that is not in base/locale.def has no months and one form for all. */
import { formatExact } from './exact.js'
import { dateOfDay, formatDay, weekday } from './civil.js'

const nth = (names, index) => names.split('|')[index]

/* ---- digits */

function localDigits(facts, digits) {
  const zero = facts.zero?.codePointAt(0)
  return zero ? digits.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit))) : digits
}
export const count = (facts, value, least) => localDigits(facts, String(value).padStart(least, '0'))

/* ---- numbers, as formatExact() and String() write them */

function grouped(facts, group, whole) {
  if (!group || whole.length < 3 + (facts.least || 1)) return whole
  const second = facts.second || 3, begins = (left) => left === 3 || (left > 3 && (left - 3) % second === 0)
  return Array.from(whole, (digit, i) => (i && begins(whole.length - i) ? group : '') + digit).join('')
}

/* Without its sign. What an exponent stands behind is not grouped. */
function localWritten(facts, text, mark, group) {
  const [, whole, fraction, exponent] = /^-?(\d+)(?:\.(\d+))?(e.*)?$/.exec(text)
  return localDigits(facts, grouped(facts, group, whole)) + (fraction ? mark + localDigits(facts, fraction) : '') + (exponent ?? '')
}

const minusOf = (facts, text) => (text[0] === '-' ? facts.minus || '-' : '')

export const localNumber = (facts, text) => minusOf(facts, text) + localWritten(facts, text, facts.mark, facts.group)
export const localExact = (facts, value, scale) => localNumber(facts, formatExact(value, scale))

/* A sign of letters stands apart from digits; one that is a symbol does not. */
function signAt(sign, before, after) {
  const apart = (letter) => (/\p{Sc}/u.test(letter) ? '' : '\u00a0'), letters = [...sign]
  return (before === '#' ? apart(letters[0]) : '') + sign + (after === '#' ? apart(letters.at(-1)) : '')
}

/* One of two patterns; without one of its own, what is below 0 has a minus before the other. # is the digits, ¤ the sign. */
function around(facts, text, above, below, digits, sign) {
  const own = text[0] === '-' && below, pattern = own || above
  const filled = pattern.replace(/[#¤]/g, (c, at) => (c === '#' ? digits : signAt(sign, pattern[at - 1], pattern[at + 1])))
  return (own ? '' : minusOf(facts, text)) + filled
}

export const localPercent = (facts, text) => around(facts, text, facts.percent, facts.percent_minus, localWritten(facts, text, facts.mark, facts.group))

/* At least `least` digits after the point. */
export function localMoney(facts, value, scale, least, currency) {
  const sign = facts.months && `|${facts.signs}|`.split(`|${currency} `)[1]?.split('|')[0]
  let text = formatExact(value, scale)
  if (least > scale) text += (scale ? '' : '.') + '0'.repeat(least - scale)
  const digits = localWritten(facts, text, facts.money_mark || facts.mark, facts.money_group || facts.group)
  return around(facts, text, facts.money, facts.money_minus, digits, sign || currency)
}

/* ---- dates; moment.js has times. A style is a word of dsl/show.def, or none */

export const FIELDS = {
  d: (facts, m) => count(facts, m.day),
  D: (facts, m) => count(facts, m.day, 2),
  m: (facts, m) => count(facts, m.month),
  M: (facts, m) => count(facts, m.month, 2),
  B: (facts, m) => nth((m.day ? '' : facts.months_alone) || facts.months, m.month - 1),
  A: (facts, m) => nth(facts.weekdays, weekday(m.days) - 1),
  Y: (facts, m) => count(facts, m.year),
}
/* `fields`: by the letter behind %. */
export const filled = (facts, pattern, moment, fields = FIELDS) => pattern.replace(/%(.)/gu, (_, field) => fields[field]?.(facts, moment) ?? field)

export function localDate(facts, days, style) {
  if (!facts.months) return formatDay(days)
  const [year, month, day] = dateOfDay(days)
  return filled(facts, style === 'short' ? facts.day_short : style === 'full' ? facts.day_full : facts.day_long, { year, month, day, days })
}

/* ---- words */

/* What stands before the item at `index`, from 0, of `all`; the words are those of "and", "or" or a comma. */
export function separatorAt(facts, show, index, all) {
  if (index === 0) return ''
  if (show !== 'and' && show !== 'or') return facts.comma || ', '
  return nth(facts[show], all === 2 ? 0 : index + 1 < all ? 1 : 2)
}
