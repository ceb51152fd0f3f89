/* Lists: the functions of dsl/helper.def that know lists of options; choice.js tells what an option is. A list is what docs/module.md says of `lists`, unfolded.
 *
 *     scoreSet({ codes: ['de', 'fr'], scores: [1, 2] }, [1, 2])      3 */
import { has, size } from './choice.js'
import { fitting } from './text.js'

export const score = (list, option) => list.scores[option - 1] ?? 0
export const scoreSet = (list, set) => set.reduce((sum, option) => sum + score(list, option), 0)
export const code = (list, option) => list.codes[option - 1]
export const column = (list, number, option) => list.columns[number][option - 1]
export const find = (list, text) => list.options.get(text)

/* Without what no option says. */
export function listed(list, set) {
  const known = set.filter((option) => option <= list.codes.length)
  return known.length ? known : undefined
}
export function codes(list, set, separator) {
  const known = listed(list, set)
  return known && fitting(known.map((option) => code(list, option)).join(separator))
}
export const rankedCodes = codes

export const rank = (ranking, option) => ranking.indexOf(option) + 1 || undefined
export const rankHas = has, rankCount = size
/* The n-th option, from 1; negative: from the end. */
export const ranked = (ranking, n) => (n ? ranking.at(n > 0 ? n - 1 : n) : undefined)
