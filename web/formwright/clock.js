/* Clock: times and moments as people write them, as numbers.
 *
 *     formatClock(36e6)                          '10:00:00', of milliseconds since midnight
 *     parseInstant('2026-01-31T10:00:00Z')       { value, offset } */
import { DAY_MS, formatDay, MS_MAX, MS_MIN, padded, parseDay, wallOf } from './civil.js'

export function formatClock(ms) {
  const two = (value) => padded(Math.floor(value) % 60, 2)
  return `${padded(Math.floor(ms / 36e5), 2)}:${two(ms / 6e4)}:${two(ms / 1e3)}${ms % 1e3 ? '.' + padded(ms % 1e3, 3) : ''}`
}
/* "+01:00" */
export const formatOffset = (minutes) => {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}:${padded(size % 60, 2)}`
}

/* As seen `minutes` east of UTC. */
export function formatInstant(ms, minutes) {
  const [day, time] = wallOf(ms, minutes * 6e4)
  return `${formatDay(day)}T${formatClock(time)}${minutes ? formatOffset(minutes) : 'Z'}`
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
