/* Zone: what the clocks of a place show, from the tables that the browser has (Intl), and wall times in zones (RFC 9557).
 *
 *     const berlin = zoneOf('Europe/Berlin')       undefined: there is no such zone
 *     timeOf('Europe/Berlin', ms)                  ms of the day there
 *     parseZoned('2024-03-31T02:30', 'Europe/Berlin', 0)     { value, zone }: skipped, so 03:30 */
import { addMonths } from './calendar.js'
import { clocksOf, DAY_MS, inRange, MS_MAX, MS_MIN, parseDay, UTC, wallOf } from './civil.js'
import { formatInstant, formatOffset, parseClock } from './clock.js'
import { DATE_RANGE, Fault } from './exact.js'

const zones = new Map()

function newZone(name) {
  if (name === 'UTC') return UTC
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    const known = format.resolvedOptions().timeZone
    // Names of zones have one spelling, though Intl takes any.
    if (known !== name && known.toLowerCase() === name.toLowerCase()) return undefined
    return { name, offset: (ms) => offsetIn(format, ms) }
  } catch {
    return undefined
  }
}

/* "1/1/1970, GMT+01:00", of old with seconds. In milliseconds. */
function offsetIn(format, ms) {
  const [, sign, hour, minute, second = 0] = /GMT([+-])(\d\d):(\d\d):?(\d\d)?$/.exec(format.format(ms)) ?? [0, '', 0, 0]
  const size = hour * 36e5 + minute * 6e4 + second * 1e3
  return sign === '-' ? -size : size
}

/* { name, offset(ms) } with the offset in milliseconds east of UTC. */
export function zoneOf(name) {
  if (!zones.has(name)) zones.set(name, /^[A-Z][\w+-]*(\/[\w+-]+)*$/i.test(name) && name.length <= 64 ? newZone(name) : undefined)
  return zones.get(name)
}

/* The offsets that hold around a wall time; none is further than a day and two hours from UTC. */
const offsetsAround = (zone, wall) => [-26, -12, 0, 12, 25].map((hours) => zone.offset(wall + hours * 36e5))

/* All instants at which the clocks show it, the earliest first. */
function instantsOf(zone, wall) {
  const instants = new Set(offsetsAround(zone, wall).map((offset) => wall - offset))
  return [...instants].filter((at) => at + zone.offset(at) === wall).sort((a, b) => a - b)
}

/* Where the clocks skip it, they are read as if they had not yet been put forward: east of it is what comes after. */
function skippedTo(zone, wall) {
  return wall - zone.offset(wall - Math.max(...offsetsAround(zone, wall)))
}

/* The first instant at which the clocks show it. */
const instantOf = (zone, wall) => instantsOf(zone, wall)[0] ?? skippedTo(zone, wall)

function wallIn(zone, ms) {
  const wall = wallOf(ms, zone.offset(ms))
  if (!wall) throw new Fault(DATE_RANGE)
  return wall
}
export const dateOf = (zone, ms) => wallIn(clocksOf(zone), ms)[0]
export const timeOf = (zone, ms) => (((ms + clocksOf(zone).offset(ms)) % DAY_MS) + DAY_MS) % DAY_MS
/* The wall time is kept. */
export function addMonthsInstant(zone, ms, count) {
  const clocks = clocksOf(zone), [day, time] = wallIn(clocks, ms)
  return inRange(instantOf(clocks, addMonths(day, count) * DAY_MS + time), MS_MIN, MS_MAX)
}

/* ---- wall times in zones */

/* Of an offset in milliseconds: whole minutes, the nearest, a half away from zero. */
const wholeMinutes = (offset) => Math.sign(offset) * Math.floor((Math.abs(offset) + 3e4) / 6e4) + 0

function byOffset(zone, wall, minutes) {
  const value = instantsOf(zone, wall).find((at) => wholeMinutes(wall - at) === minutes)
  return value === undefined ? { code: 'format' } : { value }
}

/* Of a time that never comes or comes twice, `rule` +1: the former is refused, +2: of the latter the second is meant, +4: it is refused. */
function byRule(zone, wall, rule) {
  const instants = instantsOf(zone, wall)
  if (!instants.length) return rule & 1 ? { code: 'skipped' } : { value: skippedTo(zone, wall) }
  if (instants.length > 1 && rule & 4) return { code: 'repeated' }
  return { value: rule & 2 ? instants.at(-1) : instants[0] }
}

/* { value, zone } or { code }. The zone, by its name, is the one in brackets, else that of the field. */
export function parseZoned(text, fieldZone, rule) {
  const match = /^(.{10})[Tt]([^Zz+[-]*)(?:([Zz]|-00:00)|([+-])(.{5}))?(?:\[!?([^\]]+)\])?$/.exec(text)
  const day = match && parseDay(match[1]), time = match && parseClock(match[2]), shift = match?.[5] ? parseClock(match[5]) : 0
  const name = match?.[6] ?? fieldZone, zone = zoneOf(name)
  if (day == null || time == null || shift === undefined || !zone) return { code: 'format' }
  const wall = day * DAY_MS + time
  let found = { value: wall }
  if (match[4]) found = byOffset(zone, wall, ((match[4] === '-' ? -shift : shift) / 6e4) + 0)
  else if (!match[3]) found = byRule(zone, wall, rule)
  if (found.value < MS_MIN || found.value > MS_MAX) return { code: 'format' }
  return { ...found, zone: name }
}

/* { ms, minutes }: the offset in whole minutes, and the instant at which clocks that far east of UTC show what the zone's do. */
export function zonedOffset(ms, zone) {
  const offset = zone.offset(ms)
  if (!wallOf(ms, offset)) return { ms, minutes: undefined }
  const minutes = wholeMinutes(offset)
  return { ms: ms + offset - minutes * 6e4, minutes }
}

export function formatZoned(value, zone) {
  const { ms, minutes } = zonedOffset(value, zone)
  const wall = formatInstant(ms, minutes ?? 0)
  return `${minutes === 0 ? wall.replace(/Z$/, formatOffset(0)) : wall}[${zone.name}]`
}
