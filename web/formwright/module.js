/* Module: what a form's module says, in long names; docs/module.md tells them.
 *
 *     const { nodes, lists, scopes, checks } = unfold(module) */
import { patternOf } from './pattern.js'
import { FIELD, FLAG_OPEN, FLAG_SENT, GROUP, PAGE, REPEAT, SECTION } from './types.js'

const LETS = ['part', 'suggestion', 'readonlyFlag', 'lengthLow', 'lengthHigh', 'rowsLow', 'rowsHigh']

function unfoldNode({ k = FIELD, n = '', j = n, e = 0, o = 0, t = 0, s = 0, m = 0, l, y, z, w = 0, a, b, f = 0, g = Infinity, p = 0, r, c, x = 0, u = [], h, q, d, i }, index) {
  return { index, kind: k, name: n, key: j, end: index + 1 + e, ownScope: o, type: t, scale: s, format: m, list: l, currency: y, zone: z, wall: w, min: a, max: b,
    lengthMin: f, lengthMax: g, pattern: p, required: !!r, computed: !!c, flags: x, open: !!(x & FLAG_OPEN), lets: u, when: !!h, autocomplete: q, default: d, looks: i, members: [], keys: new Map() }
}

export const isFrame = ({ kind }) => kind === PAGE || kind === SECTION
const isMember = ({ kind }) => kind === FIELD || kind === GROUP || kind === REPEAT

/* Where it stands: around, in which rows, at which place in them. */
function placeNode(node, around, nodes, lists, patterns) {
  node.parent = around
  const isRow = around?.kind === REPEAT && !around.lets.slice(5).includes(node.index) /* how many rows there may be is said outside of them */
  node.scope = (isRow ? around.ownScope : around?.scope) ?? 0
  node.base = (isRow ? around.index : around?.base) ?? 0
  node.slot = node.index - node.base
  node.relevance = node.when ? node : around?.relevance
  node.answered = (node.kind === FIELD && !node.computed) || !!(node.flags & FLAG_SENT)
  node.inside = []
  if (node.answered) node.relevance?.inside.push(node)
  node.list = lists[node.list]
  node.pattern = patterns[node.pattern - 1]
  LETS.forEach((name, i) => { node[name] = node.lets[i] ? nodes[node.lets[i]] : undefined })
  if (!isMember(node)) return
  let holder = around
  while (isFrame(holder)) holder = holder.parent
  holder.members.push(node)
  holder.keys.set(node.key, node)
}

const unfoldList = ({ n, c, s, z = 0, o, v = [] }, index) =>
  ({ index, name: n, codes: c, scores: s, scoreScale: z, offered: o, columns: v, options: new Map(c.map((each, i) => [each, i + 1])) })

export function unfold(module) {
  const nodes = module.nodes.map(unfoldNode), lists = module.lists.map(unfoldList), patterns = module.patterns.map(patternOf)
  const scopes = [[undefined, 0, 1, 1], ...module.scopes].map(([parent, node, rowsMin, rowsMax]) => ({ parent, node: nodes[node], rowsMin, rowsMax, inside: [] }))
  const open = []
  for (const node of nodes) {
    while (open.length && node.index >= open.at(-1).end) open.pop()
    placeNode(node, open.at(-1), nodes, lists, patterns)
    open.push(node)
  }
  scopes.forEach(({ parent }, scope) => scopes[parent]?.inside.push(scope))
  const checks = module.checks.map(([node, owner = node, scope = 0, name], index) => ({ index, node: nodes[node], owner: nodes[owner], scope, name }))
  return { ...module, source: module, nodes, lists, patterns, scopes, checks }
}
