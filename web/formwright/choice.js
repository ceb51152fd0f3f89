/* Choice: options and sets of them.
 *
 * An option is its index from 1; the one behind the last is what no option says. A set is an ascending array of options, a ranking an array
 * in its order; neither is ever empty, or changed once it is made. lists.js has the functions that look into lists. */

export const has = (set, option) => set.includes(option)
export const size = (set) => set?.length ?? 0
/* Whether two sets or rankings are equal. */
export const same = (a, b) => a.length === b.length && a.every((option, i) => option === b[i])
