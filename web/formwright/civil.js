/* Civil: days and times as people write them, as numbers; the functions of dsl/helper.def that know the calendar.
 *
 *     parseDay('2026-01-31')        20484 days since 1970-01-01, in the Gregorian calendar of any year from 1 to 9999
 *     formatClock(36e6)             '10:00:00', of milliseconds since midnight */
import { DATE_RANGE, Fault } from './exact.js'

export const DAY_MS = 864e5, DAY_MIN = -719162, DAY_MAX = 2932896
export const MS_MIN = DAY_MIN * DAY_MS, MS_MAX = (DAY_MAX + 1) * DAY_MS - 1

/* 400 years later the calendar is the same, and Date takes no year for one of 19xx. */
const monthDays = (year, month) => new Date(Date.UTC(year + 400, month, 0)).getUTCDate()
export const dayExists = (year, month, day) => year > 0 && year < 1e4 && month > 0 && month < 13 && day > 0 && day <= monthDays(year, month)
/* The date must exist. */
export const dayOf = (year, month, day) => Date.UTC(year + 400, month - 1, day) / DAY_MS - 146097

/* [year, month, day] */
export function dateOfDay(day) {
  const at = new Date(day * DAY_MS)
  return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()]
}
export const endOfMonth = (day) => {
  const [year, month] = dateOfDay(day)
  return dayOf(year, month, monthDays(year, month))
}

export function inRange(value, low, high) {
  if (!(value >= low && value <= high)) throw new Fault(DATE_RANGE)
  return value
}

/* Clamps to the end of the month. */
export function addMonths(day, count) {
  const [y, m, d] = dateOfDay(day), months = inRange(y * 12 + m - 1 + count, 12, 119999)
  const year = Math.floor(months / 12), month = (months % 12) + 1
  return dayOf(year, month, Math.min(d, monthDays(year, month)))
}

/* How many times `unit` goes into the difference of two dates as numbers; a date's weights are given. */
const between = (a, b, year, month, unit) => {
  const [from, to] = [a, b].map(dateOfDay).map(([y, m, d]) => y * year + m * month + d)
  return Math.trunc((to - from) / unit) + 0
}

export const padded = (value, length) => String(value).padStart(length, '0')

export function formatDay(day) {
  const [y, m, d] = dateOfDay(day)
  return `${padded(y, 4)}-${padded(m, 2)}-${padded(d, 2)}`
}
export function formatClock(ms) {
  const two = (value) => padded(Math.floor(value) % 60, 2)
  return `${padded(Math.floor(ms / 36e5), 2)}:${two(ms / 6e4)}:${two(ms / 1e3)}${ms % 1e3 ? '.' + padded(ms % 1e3, 3) : ''}`
}
/* "+01:00" */
export const formatOffset = (minutes) => {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}:${padded(size % 60, 2)}`
}

/* What clocks `offset` milliseconds east of UTC show: [day, ms of the day]; undefined outside of the years 1 to 9999. */
export function wallOf(ms, offset) {
  const wall = ms + offset, day = Math.floor(wall / DAY_MS)
  return wall >= MS_MIN && wall <= MS_MAX ? [day, wall - day * DAY_MS] : undefined
}
/* As seen `minutes` east of UTC. */
export function formatInstant(ms, minutes) {
  const [day, time] = wallOf(ms, minutes * 6e4)
  return `${formatDay(day)}T${formatClock(time)}${minutes ? formatOffset(minutes) : 'Z'}`
}

export function parseDay(text) {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!match) return undefined
  const [year, month, day] = match.slice(1).map(Number)
  return dayExists(year, month, day) ? dayOf(year, month, day) : undefined
}
export function parseClock(text) {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?$/.exec(text)
  if (!match) return undefined
  const [, hour, minute, second = 0, fraction = ''] = match
  return hour * 36e5 + minute * 6e4 + second * 1e3 + Number(fraction.padEnd(3, '0').slice(0, 3))
}
/* { value, offset } with the offset in minutes. */
export function parseInstant(text) {
  const match = /^(.{10})[Tt](.{8}[.\d]*)(?:[Zz]|([+-])(.{5}))$/.exec(text)
  if (!match) return undefined
  const day = parseDay(match[1]), time = parseClock(match[2]), clock = match[3] ? parseClock(match[4]) : 0
  if (day === undefined || time === undefined || clock === undefined) return undefined
  const offset = (match[3] === '-' ? -clock : clock) / 6e4 + 0, value = day * DAY_MS + time - offset * 6e4
  return value >= MS_MIN && value <= MS_MAX ? { value, offset } : undefined
}

/* Missing when there is no such day. */
export const date = (y, m, d) => (dayExists(y, m, d) ? dayOf(y, m, d) : undefined)
export const year = (day) => dateOfDay(day)[0]
export const month = (day) => dateOfDay(day)[1]
export const day = (day) => dateOfDay(day)[2]
/* 1 Monday to 7 Sunday; 0001-01-01 was a Monday. */
export const weekday = (day) => ((day - DAY_MIN) % 7) + 1
export const yearsBetween = (a, b) => between(a, b, 1e4, 100, 1e4)
export const monthsBetween = (a, b) => between(a, b, 1200, 100, 100)
export const addDays = (day, count) => inRange(day + count, DAY_MIN, DAY_MAX)
export const addMs = (at, ms) => inRange(at + ms, MS_MIN, MS_MAX)
export const minutesBetween = (a, b) => Math.trunc((b - a) / 6e4) + 0
