/* Exact: numbers as integers of 10^-scale, within ±(2^53 − 1), read and written. numbers.js divides and rounds.
 *
 *     parseExact('-12.30', 2)   { value: -1230 }, or { code: 'scale' }: never rounded behind the writer's back
 *
 * A double holds each of these integers. What leaves the range throws a Fault. No result is -0. */

/* Why a judging ends. `kind` is that of the server's faults; 5: a text that is too long (TEXT_RESULT_BYTES). */
export const OVERFLOW = 1, BY_ZERO = 2, NOT_FINITE = 3, DATE_RANGE = 4, OVER_MEMORY = 5
export class Fault extends Error {
  constructor(kind) {
    super('fault ' + kind)
    this.kind = kind
  }
}

export const MOST = Number.MAX_SAFE_INTEGER
/* Within the exact numbers, or a fault. */
export function exactly(value) {
  if (!(Math.abs(value) <= MOST)) throw new Fault(OVERFLOW)
  return value + 0
}

export const NUMERAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
/* The digits of "-12.50e-3": its whole number without zeros at either end, and the power of ten that it counts. */
export function numeralDigits(match) {
  const [, sign, whole, fraction = '', power = 0] = match
  const all = (whole + fraction).replace(/^0+/, ''), digits = all.replace(/0+$/, '')
  return { sign, digits, power: power - fraction.length + all.length - digits.length }
}

/* A number as JSON writes it, in units of 10^-scale: { value }, or { code } of what is wrong. `lax`: zeros may lead. */
export function parseExact(text, scale, lax) {
  const match = NUMERAL.exec(text)
  if (!match || (!lax && /^-?0\d/.test(text))) return { code: 'type' }
  const { sign, digits, power } = numeralDigits(match)
  if (!digits) return { value: 0 }
  const shift = power + scale, places = digits.length + shift
  if (places > 16) return { code: 'range' }
  const units = Number(digits.slice(0, Math.max(places, 0)).padEnd(places, '0')), more = shift < 0
  if (units > MOST - more) return { code: 'range' }
  return more ? { code: 'scale' } : { value: sign ? -units : units }
}

/* "-12.30": always `scale` digits after the point. */
export function formatExact(value, scale) {
  const digits = String(Math.abs(value)).padStart(scale + 1, '0'), point = digits.length - scale
  return (value < 0 ? '-' : '') + digits.slice(0, point) + (scale ? '.' + digits.slice(point) : '')
}

export const mul = (a, b) => exactly(a * b)
