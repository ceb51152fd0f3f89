/* Civil: days as people write them, as numbers. calendar.js has the rest of the functions that know the calendar, clock.js times.
 *
 *     parseDay('2026-01-31')        20484 days since 1970-01-01, in the Gregorian calendar of any year from 1 to 9999 */
import { DATE_RANGE, Fault } from './exact.js'
import { more } from './needs.js'

export const DAY_MS = 864e5, DAY_MAX = 2932896
export const DAY_MIN = -719162
export const MS_MIN = DAY_MIN * DAY_MS, MS_MAX = (DAY_MAX + 1) * DAY_MS - 1

/* 400 years later the calendar is the same, and Date takes no year for one of 19xx. */
export const monthDays = (year, month) => new Date(Date.UTC(year + 400, month, 0)).getUTCDate()
export const dayExists = (year, month, day) => year > 0 && year < 1e4 && month > 0 && month < 13 && day > 0 && day <= monthDays(year, month)
/* The date must exist. */
export const dayOf = (year, month, day) => Date.UTC(year + 400, month - 1, day) / DAY_MS - 146097

/* [year, month, day] */
export function dateOfDay(day) {
  const at = new Date(day * DAY_MS)
  return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()]
}
export function inRange(value, low, high) {
  if (!(value >= low && value <= high)) throw new Fault(DATE_RANGE)
  return value
}

/* How many times `unit` goes into the difference of two dates as numbers; a date's weights are given. */
export const between = (a, b, year, month, unit) => {
  const [from, to] = [a, b].map(dateOfDay).map(([y, m, d]) => y * year + m * month + d)
  return Math.trunc((to - from) / unit) + 0
}

export const padded = (value, length) => String(value).padStart(length, '0')

export function formatDay(day) {
  const [y, m, d] = dateOfDay(day)
  return `${padded(y, 4)}-${padded(m, 2)}-${padded(d, 2)}`
}
/* What clocks `offset` milliseconds east of UTC show: [day, ms of the day]; undefined outside of the years 1 to 9999. */
export function wallOf(ms, offset) {
  const wall = ms + offset, day = Math.floor(wall / DAY_MS)
  return wall >= MS_MIN && wall <= MS_MAX ? [day, wall - day * DAY_MS] : undefined
}
export function parseDay(text) {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!match) return undefined
  const [year, month, day] = match.slice(1).map(Number)
  return dayExists(year, month, day) ? dayOf(year, month, day) : undefined
}

/* 1 Monday to 7 Sunday; 0001-01-01 was a Monday. */
export const weekday = (day) => ((day - DAY_MIN) % 7) + 1
export const yearsBetween = (a, b) => between(a, b, 1e4, 100, 1e4)

/* The clocks of a zone: { name, offset(ms) } with the offset in milliseconds east of UTC. One that the browser does not know is UTC to it. */
export const UTC = { name: 'UTC', offset: () => 0 }
export const clocksOf = (name) => more.zoneOf?.(name) ?? UTC
