/* Aggregate: what rules work out over rows, besides counts and sums.
 *
 *     const { rowsMin, rowsFirst } = aggregates(of)         of(row, scope): the rows that count */
import { exactly } from './exact.js'
import { divide, finite } from './numbers.js'
import { less } from './rules.js'
import { join } from './text.js'

export function aggregates(of) {
  const rowsWhere = (row, scope, where) => (where ? of(row, scope).filter(where) : of(row, scope))
  const fold = (start, add, end = (result) => result) => (row, scope, value, where) => {
    let result = start, count = 0
    for (const each of of(row, scope)) {
      const found = !where || where(each) ? value(each) : undefined
      if (found !== undefined) result = add(result, found, count++)
    }
    return end(result, count)
  }
  const extreme = (better) => fold(undefined, (a, b, count) => (!count || better(b, a) ? b : a))
  const plus = (a, b) => exactly(a + b)
  return {
    rowsTotal: fold(0, (a, b) => a + b, finite),
    rowsMin: extreme(less),
    rowsMax: extreme((a, b) => less(b, a)),
    rowsAvg: (row, scope, up, down, value, where) => fold(0, plus, (sum, count) => (count ? divide(sum, count, up, down) : undefined))(row, scope, value, where),
    rowsMean: fold(0, (a, b) => a + b, (sum, count) => (finite(sum), count ? sum / count : undefined)),
    rowsAny: (row, scope, where) => of(row, scope).some((each) => where(each)),
    rowsAll: (row, scope, where) => of(row, scope).every((each) => where(each)),
    rowsNone: (row, scope, where) => !of(row, scope).some((each) => where(each)),
    rowsFirst(row, scope, value, where) {
      const found = where ? of(row, scope).find((each) => where(each)) : of(row, scope)[0]
      return found && value(found)
    },
    rowsLast(row, scope, value, where) {
      const found = of(row, scope).findLast((each) => !where || where(each))
      return found && value(found)
    },
    rowsAt(row, scope, wanted, value, where) {
      let count = 0
      if (wanted === undefined) return undefined
      const found = of(row, scope).find((each) => (!where || where(each)) && ++count === wanted)
      return found && value(found)
    },
    rowsJoin(row, scope, separator = '', value, where) {
      return join(separator, ...rowsWhere(row, scope, where).map((each) => value(each)))
    },
    rowsDistinct(row, scope, value, where) {
      const met = new Set()
      fold(0, (_, found) => met.add(Array.isArray(found) ? found.join() : found))(row, scope, value, where)
      return met.size
    },
  }
}
