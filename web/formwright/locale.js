/* Locale: numbers, dates and lists as the people of a language write them, by the facts that come with the texts (base/locale.h), not by
 * those of the browser, whose CLDR may be another.
 *
 *     localExact(facts, 123450, 2)            '1.234,50'
 *     localDate(facts, day, 'long')           '31. Januar 2026'
 *
 * A language that is not in base/locale.def has no months and one form for all. */
import { formatExact } from './exact.js'
import { dateOfDay, formatClock, formatDay, formatInstant, wallOf, weekday } from './civil.js'
import { earliest, formatPartial, partialParts } from './partial.js'

const nth = (names, index) => names.split('|')[index]

/* ---- digits */

function localDigits(facts, digits) {
  const zero = facts.zero?.codePointAt(0)
  return zero ? digits.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit))) : digits
}
const count = (facts, value, least) => localDigits(facts, String(value).padStart(least, '0'))

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

/* ---- dates and times; a style is a word of dsl/show.def, or none */

const FIELDS = {
  d: (facts, m) => count(facts, m.day),
  D: (facts, m) => count(facts, m.day, 2),
  m: (facts, m) => count(facts, m.month),
  M: (facts, m) => count(facts, m.month, 2),
  B: (facts, m) => nth((m.day ? '' : facts.months_alone) || facts.months, m.month - 1),
  A: (facts, m) => nth(facts.weekdays, weekday(m.days) - 1),
  Y: (facts, m) => count(facts, m.year),
  h: (facts, m) => count(facts, m.hour),
  H: (facts, m) => count(facts, m.hour, 2),
  i: (facts, m) => count(facts, m.hour % 12 || 12),
  I: (facts, m) => count(facts, m.hour % 12 || 12, 2),
  n: (facts, m) => count(facts, Math.floor(m.ms / 6e4) % 60, 2),
  s: (facts, m) => count(facts, Math.floor(m.ms / 1e3) % 60, 2) + (m.ms % 1e3 ? facts.mark + count(facts, m.ms % 1e3, 3) : ''),
  p: (facts, m) => (m.hour < 12 ? facts.am : facts.pm) ?? '',
  1: (facts, m) => localDate(facts, m.days, m.style),
  2: (facts, m) => localTime(facts, m.ms),
}
const filled = (facts, pattern, moment) => pattern.replace(/%(.)/gu, (_, field) => FIELDS[field]?.(facts, moment) ?? field)

export function localDate(facts, days, style) {
  if (!facts.months) return formatDay(days)
  const [year, month, day] = dateOfDay(days)
  return filled(facts, style === 'short' ? facts.day_short : style === 'full' ? facts.day_full : facts.day_long, { year, month, day, days })
}

/* Also a year-month. */
export function localPartial(facts, partial, style) {
  const [year, month, day] = partialParts(partial)
  if (!facts.months) return formatPartial(partial)
  if (day) return localDate(facts, earliest(partial), style)
  return month ? filled(facts, style === 'short' ? facts.month_short : facts.month_long, { year, month, day }) : count(facts, year)
}

export function localTime(facts, ms, style) {
  if (!facts.months) return formatClock(ms)
  const seconds = style === 'long' || style === 'full' || (style !== 'short' && ms % 6e4)
  return filled(facts, seconds ? facts.time_long : facts.time_short, { ms, hour: Math.floor(ms / 36e5) })
}

/* "+1", "-3:30" */
function localOffset(facts, minutes) {
  const size = Math.abs(minutes)
  return (minutes < 0 ? '-' : '+') + count(facts, Math.floor(size / 60)) + (size % 60 ? ':' + count(facts, size % 60, 2) : '')
}

/* As seen `minutes` east of UTC, and that told behind it. */
export function localInstant(facts, value, minutes, style) {
  const wall = facts.months && wallOf(value, minutes * 6e4)
  if (!wall) return formatInstant(value, minutes)
  const pattern = style === 'short' ? facts.both_short : (style === 'full' && facts.both_full) || facts.both_long
  return `${filled(facts, pattern, { days: wall[0], ms: wall[1], style })} ${(facts.zone ?? '').replace('#', localOffset(facts, minutes))}`
}

/* ---- words */

/* What stands before the item at `index`, from 0, of `all`; the words are those of "and", "or" or a comma. */
export function separatorAt(facts, show, index, all) {
  if (index === 0) return ''
  if (show !== 'and' && show !== 'or') return facts.comma || ', '
  return nth(facts[show], all === 2 ? 0 : index + 1 < all ? 1 : 2)
}
