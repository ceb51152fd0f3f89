/* Exact: numbers as integers of 10^-scale, within ±(2^53 − 1), and doubles. The functions of dsl/helper.def that count.
 *
 *     divide(100, 3, 2, 0)      3333: a * 10^2 / (b * 10^0), half to even. What leaves the range throws a Fault.
 *     parseExact('-12.30', 2)   { value: -1230 }, or { code: 'scale' }: never rounded behind the writer's back
 *
 * A double holds each of these integers; where something inside may not fit, BigInt counts. No result is -0. */

/* Why a judging ends. `kind` is that of the server's faults; 5: a text that is too long (TEXT_RESULT_BYTES). */
export const OVERFLOW = 1, BY_ZERO = 2, NOT_FINITE = 3, DATE_RANGE = 4, OVER_MEMORY = 5
export class Fault extends Error {
  constructor(kind) {
    super('fault ' + kind)
    this.kind = kind
  }
}

const MOST = Number.MAX_SAFE_INTEGER
/* Within the exact numbers, or a fault. */
export function exactly(value) {
  if (!(Math.abs(value) <= MOST)) throw new Fault(OVERFLOW)
  return value + 0
}

/* a / b, half to even, of Numbers or of BigInts; b is not 0. */
function divideEven(a, b) {
  let rest = a % b, quotient = (a - rest) / b
  const two = typeof a === 'bigint' ? 2n : 2, one = two / two, zero = one - one
  if (rest < zero) rest = -rest
  const whole = b < zero ? -b : b
  if (rest * two < whole || (rest * two === whole && quotient % two === zero)) return quotient
  return quotient + ((a < zero) === (b < zero) ? one : -one)
}

function divideFloor(a, b) {
  const rest = a % b
  return (a - rest) / b - (rest < 0)
}

/* 10^k as the literal gives it; nothing promises that 10 ** k is the nearest double. */
export const TENS = Array.from({ length: 23 }, (_, k) => Number('1e' + k))

const NUMERAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
/* The digits of "-12.50e-3": its whole number without zeros at either end, and the power of ten that it counts. */
function numeralDigits(match) {
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
/* a * 10^up / (b * 10^down), half to even. */
export function divide(a, b, up, down) {
  if (b === 0) throw new Fault(BY_ZERO)
  const dividend = a * TENS[up], divisor = b * TENS[down]
  if (Math.abs(dividend) <= MOST && Math.abs(divisor) <= MOST) return exactly(divideEven(dividend, divisor))
  return exactly(Number(divideEven(BigInt(a) * 10n ** BigInt(up), BigInt(b) * 10n ** BigInt(down))))
}
export const round = (a, k) => divideEven(a, TENS[k]) + 0
export const floorScaled = (a, k) => divideFloor(a, TENS[k]) + 0
export const ceilScaled = (a, k) => -divideFloor(-a, TENS[k]) + 0

/* The double nearest to the value. */
export const number = (a, k) => a / TENS[k]
export const floorNumber = (x) => exactly(Math.floor(x))
export const ceilNumber = (x) => exactly(Math.ceil(x))
export function sqrt(x) {
  if (!(x >= 0)) throw new Fault(NOT_FINITE)
  return Math.sqrt(x)
}
/* To `scale` decimals, half to even on the shortest digits. */
export function roundNumber(x, scale) {
  const { sign, digits, power } = numeralDigits(NUMERAL.exec(String(x)))
  const cut = -power - scale
  if (cut <= 0) return x
  const units = cut > 18 ? 0n : divideEven(BigInt(digits), 10n ** BigInt(cut))
  const size = Number(units + 'e-' + scale)
  return sign && size ? -size : size
}
