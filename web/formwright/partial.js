/* Partial: a date of which the day, or the month and the day, may be unknown: the number yyyymmdd with 0 for what is not known.
 * One with a month and no day is also a year-month.
 *
 *     parsePartial('2024-02')     20240200            latest(20240200)     19782, which is 2024-02-29 */
import { addMonths, endOfMonth } from './calendar.js'
import { dateOfDay, dayExists, dayOf, padded } from './civil.js'

/* [year, month, day] with 0 for what is not known. */
export const partialParts = (partial) => [Math.floor(partial / 1e4), Math.floor(partial / 100) % 100, partial % 100]

export function parsePartial(text) {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text)
  if (!match) return undefined
  const [, year, month = 0, day = 0] = match.map(Number).map((value) => value || 0)
  if (!dayExists(year, match[2] ? month : 1, match[3] ? day : 1)) return undefined
  return year * 1e4 + month * 100 + day
}
export const formatPartial = (partial) => {
  const [year, month, day] = partialParts(partial)
  return padded(year, 4) + (month ? '-' + padded(month, 2) : '') + (day ? '-' + padded(day, 2) : '')
}

export const earliest = (partial) => {
  const [year, month, day] = partialParts(partial)
  return dayOf(year, month || 1, day || 1)
}
/* Of a day. */
export const yearMonth = (day) => {
  const [year, month] = dateOfDay(day)
  return year * 1e4 + month * 100
}

export const partialYear = (p) => partialParts(p)[0]
export const partialMonth = (p) => partialParts(p)[1] || undefined
export const partialDay = (p) => partialParts(p)[2] || undefined
/* 1: the year is known, 2: the month too, 3: the day too. */
export const precision = (p) => (p % 100 ? 3 : p % 1e4 ? 2 : 1)
export function latest(p) {
  const [year, month, day] = partialParts(p)
  return day ? earliest(p) : endOfMonth(dayOf(year, month || 12, 1))
}
export const shiftMonth = (month, count) => yearMonth(addMonths(earliest(month), count))
