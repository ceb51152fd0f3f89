/* Rules: what the rules of a module are handed, and who must be asked again when something changes. */
import { has, same, size } from './choice.js'
import { weekday, yearsBetween } from './civil.js'
import { exactly, mul } from './exact.js'
import { more } from './needs.js'
import { join, length, textLess } from './text.js'
import { REPEAT } from './types.js'

export const RELEVANCE = 0, VALUE = 1, OFFER = 2, BOUNDS = 3, REQUIRED = 4

/* ---- what rules are handed: what most forms ask for, and what came as their needs */

export const less = (a, b) => (typeof a === 'string' ? textLess(a, b) : a < b)
export const equal = (a, b) => (Array.isArray(a) ? same(a, b) : a === b)
const best = (better) => (...values) => {
  let found
  for (const value of values) if (value !== undefined && (found === undefined || better(value, found))) found = value
  return found
}
const greater = (a, b) => less(b, a)

const COMMON = { mul, has, length, weekday, yearsBetween, eq: equal, ne: (a, b) => !equal(a, b), lt: less, gt: greater, le: (a, b) => !less(b, a), ge: (a, b) => !less(a, b) }
const strict = ([name, helper]) => [name, (...args) => (args.includes(undefined) ? undefined : helper(...args))]

/* `of(row, scope)`: the rows that count. */
const libraryOf = (of, own) => ({
  ...Object.fromEntries(Object.entries({ ...COMMON, ...more }).map(strict)),
  size, join, least: best(less), greatest: best(greater),
  /* Of numbers; NaN is what a missing operand makes of them. */
  E: (value) => (value === value ? exactly(value) : undefined),
  D: (value) => (value === value ? value : undefined),
  rowsCount: (row, scope, where) => (where ? of(row, scope).filter(where) : of(row, scope)).length,
  rowsSum(row, scope, value, where) {
    let sum = 0
    for (const each of of(row, scope)) {
      const found = !where || where(each) ? value(each) : undefined
      if (found !== undefined) sum = exactly(sum + found)
    }
    return sum
  },
  ...more.aggregates?.(of), ...own,
})

/* ---- who must be asked again when something changes */

export const liesAround = (scopes, scope, inside) => inside === scope || (inside > 0 && liesAround(scopes, scope, scopes[inside].parent))

export function rulesOf(form, of, own) {
  const { nodes, checks, scopes } = form
  return form.rules(libraryOf(of, own)).map(([kind, number, reads, run], index) => {
    const check = kind > REQUIRED ? checks[number] : undefined, node = check ? check.owner : nodes[number]
    const guard = kind === RELEVANCE ? node.parent?.relevance : node.relevance
    const met = reads.map((read) => (Array.isArray(read) ? [nodes[read[0]], read[1]] : [nodes[read], nodes[read].scope]))
    const relevances = guard ? [[guard, guard.scope]] : []
    for (const [read, meet] of met)
      if (read.kind === REPEAT && read.relevance) relevances.push([read.relevance, liesAround(scopes, read.relevance.scope, meet) ? read.relevance.scope : meet])
    return { index, kind, node, check, scope: check ? check.scope : node.scope, reads: met, relevances, run, dirty: new Set() }
  })
}

/* Rules that must go row by row, since one looks at the row before of what itself or a later one makes: the number of the last of them, by that of the first. */
export function togethersOf(rules) {
  const writers = new Map(), togethers = []
  for (const { kind, node, index } of rules) {
    if (kind === RELEVANCE) for (const inside of node.inside) writers.set(inside, index)
    else if (kind < REQUIRED) writers.set(node, index)
  }
  for (const { index, reads } of rules) {
    let last = index
    for (const [node, meet] of reads) if (meet < 0) last = Math.max(last, writers.get(node) ?? -1)
    const looks = reads.some(([node, meet]) => meet < 0 && writers.get(node) >= index)
    const before = togethers.at(-1)
    if (before && before.last >= index) before.last = Math.max(before.last, last)
    else togethers.push({ first: index, last, ordered: false })
    if (looks) togethers.at(-1).ordered = true
  }
  return togethers
}
