/* Rows: a form's answers as they are judged, and the places in them.
 *
 * A row is an array of values by slot: p the row around, s the scope, i the place in its array, k rows inside by scope, c answers as cells, x relevance,
 * b breaches, q required, w checks that fail, f what is wrong with its shape. */
import { isFrame } from './module.js'
import { FORM, REPEAT } from './types.js'

export function rowNew(scopes, around, scope, index) {
  const row = []
  Object.assign(row, { p: around, s: scope, i: index, k: [], c: [], x: [], b: [], q: [], w: [], f: [] })
  for (const inside of scopes[scope].inside) row.k[inside] = { rows: [], sent: 0, state: undefined }
  return row
}

export function rowAt(row, scope) {
  while (row.s !== scope) row = row.p
  return row
}

/* Also where the name is one that objects have by themselves. */
export const give = (object, name, value) => Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
export const isObject = (json) => typeof json === 'object' && json !== null && !Array.isArray(json)
export const partsOf = (pointer) => pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
export const escaped = (name) => '/' + name.replaceAll('~', '~0').replaceAll('/', '~1')

export function pointerOf(node, row) {
  if (node.kind === FORM) return ''
  if (node.kind === REPEAT && row.s === node.ownScope) return `${pointerOf(node, row.p)}/${row.i}`
  return pointerOf(node.parent, row) + (isFrame(node) ? '' : escaped(node.key || node.name))
}
