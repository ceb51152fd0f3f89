/* Moment: fields of times, of moments in zones, and of dates of which not all is known: read, written, told and typed.
 *
 *     momentCell(node, '2024-02')                  { value: 20240200 } of a PARTIAL_DATE
 *     tellMoment(facts, node, cell, 'short')      '10:00'
 *     wallText(zone, node, '2026-01-31T10:00:00Z') '2026-01-31T11:00' in the zone of the form */
import { clocksOf, DAY_MS, formatDay, padded, wallOf } from './civil.js'
import { formatClock, formatInstant, parseClock, parseInstant } from './clock.js'
import { count, FIELDS, filled, localDate } from './locale.js'
import { earliest, formatPartial, parsePartial, partialParts } from './partial.js'
import { DATETIME, PARTIAL_DATE, TIME, ZONED } from './types.js'
import { formatZoned, parseZoned, zonedOffset } from './zone.js'

/* ---- read and written */

/* A cell; of what is none its value is missing. */
export function momentCell({ type, format, zone, wall }, text) {
  if (format === ZONED) return parseZoned(text, zone, wall)
  if (type === DATETIME) return parseInstant(text)
  if (type === TIME) return { value: parseClock(text) }
  return { value: type === PARTIAL_DATE || text.length === 7 ? parsePartial(text) : undefined }
}

/* The canonical text of a value alone. */
export function momentOf(type, value) {
  if (type === TIME) return formatClock(value)
  return type === DATETIME ? formatInstant(value, 0) : formatPartial(value)
}
/* A DATETIME as it was sent, a ZONED one as the clocks of its zone show it. */
export function writeMoment(node, cell) {
  if (node.format === ZONED) return formatZoned(cell.value, clocksOf(cell.zone ?? node.zone))
  return node.type === DATETIME ? formatInstant(cell.value, cell.offset ?? 0) : momentOf(node.type, cell.value)
}

/* ---- as a language writes them (locale.js) */

const TIMES = {
  ...FIELDS,
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
  return filled(facts, seconds ? facts.time_long : facts.time_short, { ms, hour: Math.floor(ms / 36e5) }, TIMES)
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
  return `${filled(facts, pattern, { days: wall[0], ms: wall[1], style }, TIMES)} ${(facts.zone ?? '').replace('#', localOffset(facts, minutes))}`
}

export function tellMoment(facts, node, cell, show) {
  const { type } = node, { value } = cell
  if (type === TIME) return localTime(facts, value, show)
  if (type !== DATETIME) return localPartial(facts, value, show)
  if (node.format !== ZONED) return localInstant(facts, value, cell.offset ?? 0, show)
  const { ms, minutes = 0 } = zonedOffset(value, clocksOf(cell.zone ?? node.zone))
  return localInstant(facts, ms, minutes, show)
}

/* ---- as people type them (spelling.js) */

export const isWall = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)
export const withoutSeconds = (text, length) => (text.length === length + 3 && text.endsWith(':00') ? text.slice(0, length) : text)

/* What the clocks of the form's zone show, as RFC 3339 wants it. */
function withOffset(zone, text) {
  const at = parseZoned(text, zone, 0)?.value
  return at === undefined ? text : formatInstant(at, Math.floor(clocksOf(zone).offset(at) / 6e4))
}
export function timeAnswer({ type, format }, zone, text) {
  if (type === TIME) return text.replace(/^(\d\d?)([:.])(\d\d)/, (_, hour, mark, minute) => `${padded(hour, 2)}:${minute}`)
  return format !== ZONED && isWall(text) ? withOffset(zone, text) : text
}

/* The wall time in the zone that the field is about; the text itself when it is another zone's, or no time. */
export function wallText(zone, node, text) {
  const bare = /^([^[]*?)(?:\[(.*)\])?$/.exec(text)
  if (node.format === ZONED) return (bare[2] && bare[2] !== node.zone) || /Z$/i.test(bare[1]) ? text : withoutSeconds(bare[1].slice(0, 19), 16)
  const read = parseInstant(text), wall = read && wallOf(read.value, clocksOf(zone).offset(read.value))
  return !wall || wall[1] % 1e3 ? text : withoutSeconds(`${formatDay(wall[0])}T${formatClock(wall[1])}`, 16)
}

/* The moment as it would be typed, to the minute. */
export function momentTyped(type, now, minutes) {
  const at = Math.floor(now / 6e4) * 6e4, local = at + minutes * 6e4
  return type === TIME ? formatClock(((local % DAY_MS) + DAY_MS) % DAY_MS) : formatInstant(at, minutes)
}
