/* Verdict: values as verdicts write them, in their one normal form.
 *
 *     writeValue(node, { value: 1250 })     '"12.50"'      of a decimal(2) */
import { formatExact } from './exact.js'
import { formatInstant } from './civil.js'
import { textOf } from './text.js'
import { clocksOf, formatZoned } from './zone.js'
import { BOOLEAN, CHOICE, CHOICES, DATETIME, INTEGER, NUMBER, RANKING, TEXT, ZONED } from './types.js'

/* The escapes of ECMAScript are the server's. */
export const writeString = JSON.stringify

/* The canonical text of a moment: a DATETIME as it was sent, a ZONED one as the clocks of its zone show it. */
export function momentText(node, cell) {
  if (node.format === ZONED) return formatZoned(cell.value, clocksOf(cell.zone ?? node.zone))
  return node.type === DATETIME ? formatInstant(cell.value, cell.offset ?? 0) : textOf(node.type, 0, cell.value)
}

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
