/* Verdict: values as verdicts write them, in their one normal form.
 *
 *     writeValue(node, { value: 1250 })     '"12.50"'      of a decimal(2) */
import { formatExact } from './exact.js'
import { formatDay } from './civil.js'
import { more } from './needs.js'
import { BOOLEAN, CHOICE, CHOICES, DATE, INTEGER, NUMBER, RANKING, TEXT } from './types.js'

/* The escapes of ECMAScript are the server's. */
export const writeString = JSON.stringify

/* The canonical text of a moment. */
export const momentText = (node, cell) => (node.type === DATE ? formatDay(cell.value) : more.writeMoment(node, cell))

const writeOption = (node, cell, option) =>
  option > node.list.codes.length ? `{"other":${writeString(cell.text)}}` : writeString(node.list.codes[option - 1])

/* JSON text of cell.value. */
export function writeValue(node, cell) {
  const { type } = node, { value } = cell
  switch (type) {
    case BOOLEAN:
    case INTEGER:
    case NUMBER:
      return String(value)
    case TEXT:
      return writeString(value)
    case CHOICE:
      return writeOption(node, cell, value)
    case CHOICES:
    case RANKING:
      return `[${value.map((option) => writeOption(node, cell, option))}]`
    default:
      return `"${type < NUMBER ? formatExact(value, node.scale) : momentText(node, cell)}"`
  }
}
