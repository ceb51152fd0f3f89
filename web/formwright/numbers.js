/* Numbers: the functions of dsl/helper.def that divide, round and look at doubles.
 *
 *     divide(100, 3, 2, 0)      3333: a * 10^2 / (b * 10^0), half to even. What leaves the range throws a Fault.
 *
 * Where something inside may not fit into a double, BigInt counts. No result is -0. */
import { BY_ZERO, exactly, Fault, MOST, NOT_FINITE, NUMERAL, numeralDigits } from './exact.js'

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

export const finite = (value) => {
  if (!Number.isFinite(value)) throw new Fault(NOT_FINITE)
  return value
}
const divisor = (value) => {
  if (value === 0) throw new Fault(BY_ZERO)
  return value
}
export const quotient = (a, b) => finite(a / divisor(b))
export const floorDiv = (a, b) => Math.floor(a / divisor(b))
export const mod = (a, b) => {
  const rest = a % divisor(b)
  return rest && rest < 0 !== b < 0 ? rest + b : rest
}
export const abs = (x) => Math.abs(x)
export const sign = (x) => Math.sign(x)
/* NaN is what a missing operand makes of a calculation. */
export const N = (value) => (value === value ? finite(value) : undefined)
