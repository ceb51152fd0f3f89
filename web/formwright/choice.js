/* Choice: the functions of dsl/helper.def that know lists of options.
 *
 *     scoreSet({ codes: ['de', 'fr'], scores: [1, 2] }, [1, 2])      3
 *
 * An option is its index from 1; the one behind the last is what no option says. A set is an ascending array of options, a ranking an array
 * in its order; neither is ever empty, or changed once it is made. A list is what docs/module.md says of `lists`, unfolded. */
import { fitting } from './text.js'

export const has = (set, option) => set.includes(option)
export const size = (set) => set?.length ?? 0
/* The first option behind `option`. */
export const nextOption = (set, option) => set.find((each) => each > option)
/* Whether two sets or rankings are equal. */
export const same = (a, b) => a.length === b.length && a.every((option, i) => option === b[i])

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
