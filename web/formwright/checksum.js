/* Checksum: the functions of dsl/helper.def that check numbers by their digits. Spaces and hyphens are passed over, but by digits().
 *
 *     iban('GB29 NWBK 6016 1331 9268 19')   true */

/* base/iban.def: countries and how many characters their account numbers have, from 15 = a. */
const COUNTRIES = 'ADjAEiALnATfAZnBAfBEbBGhBHhBImBRoBYnCHgCRhCYnCZjDEhDJmDKdDOnEEfEGoESjFIdFKdFOdFRmGBhGEhGIiGLdGRmGTnHNnHRgHUnIEhILiIQiISlITmJOpKWpKZfLBnLCrLIgLTfLUfLVgLYkMCmMDjMEhMKeMNfMRmMTqMUpNInNLdNOaOMiPKjPLnPSoPTkQAoROjRShRUsSAjSCqSDdSEjSIeSKjSMmSOiSTkSVnTLiTNjTRlUAoVAhVGjXKfYEp'

export const digits = (text) => /^[0-9]+$/.test(text)

const counted = (text) => text.replace(/[ -]/g, '')

/* Every second digit from the right is doubled; of more than 9 the digits are added. */
export function luhn(text) {
  const all = counted(text)
  if (!/^\d\d+$/.test(all)) return false
  let sum = 0
  for (let i = 1; i <= all.length; i++) {
    const value = all[all.length - i] * (i % 2 ? 1 : 2)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}

/* ISO 7064: whether the remainder is 1; letters are 10 to 35. */
export function mod97(text) {
  const all = counted(text)
  if (!/^[0-9A-Z]*$/.test(all)) return false
  let rest = 0
  for (const c of all) rest = (rest * (c > '9' ? 100 : 10) + parseInt(c, 36)) % 97
  return rest === 1
}

/* 00, 01 and 99 would leave 1 as well as 97, 98 and 02, which are the ones that are given. */
export function iban(text) {
  const [all, country, check] = /^([A-Z]{2})(\d\d)[^]*$/.exec(counted(text)) ?? []
  const at = COUNTRIES.indexOf(country)
  if (!all || at < 0 || COUNTRIES.charCodeAt(at + 2) - 82 !== all.length) return false
  return mod97(all.slice(4) + all.slice(0, 4)) && check > 1 && check < 99
}

/* Modulo 11 the last may be X, which counts 10. -1: no number of that shape. */
function weightedSum(text, weights, modulus) {
  const each = weights.split(' '), all = counted(text)
  if (all.length !== each.length || !(modulus === 11 ? /^\d*[\dX]$/ : /^\d+$/).test(all)) return -1
  return each.reduce((sum, weight, i) => (sum + weight * parseInt(all[i].replace('X', 'a'), 16)) % modulus, 0)
}

export const weighed = (text, weights, modulus) => weightedSum(text, weights, modulus) === 0
export function checksum(text, weights, modulus) {
  const sum = weightedSum(text, weights, modulus)
  return sum < 0 ? undefined : sum
}
