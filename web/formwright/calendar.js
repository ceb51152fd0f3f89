/* Calendar: the functions of dsl/helper.def that count in days, months and moments. */
import { between, DAY_MAX, DAY_MIN, dateOfDay, dayExists, dayOf, inRange, monthDays, MS_MAX, MS_MIN } from './civil.js'

/* Clamps to the end of the month. */
export function addMonths(day, count) {
  const [y, m, d] = dateOfDay(day), months = inRange(y * 12 + m - 1 + count, 12, 119999)
  const year = Math.floor(months / 12), month = (months % 12) + 1
  return dayOf(year, month, Math.min(d, monthDays(year, month)))
}

export const endOfMonth = (day) => {
  const [year, month] = dateOfDay(day)
  return dayOf(year, month, monthDays(year, month))
}

/* Missing when there is no such day. */
export const date = (y, m, d) => (dayExists(y, m, d) ? dayOf(y, m, d) : undefined)
export const year = (day) => dateOfDay(day)[0]
export const month = (day) => dateOfDay(day)[1]
export const day = (day) => dateOfDay(day)[2]
export const monthsBetween = (a, b) => between(a, b, 1200, 100, 100)
export const addDays = (day, count) => inRange(day + count, DAY_MIN, DAY_MAX)
export const addMs = (at, ms) => inRange(at + ms, MS_MIN, MS_MAX)
export const minutesBetween = (a, b) => Math.trunc((b - a) / 6e4) + 0
