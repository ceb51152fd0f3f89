// Nodes of fields as core.js unfolds them, made by hand: what readAnswer() and writeValue() look at.
export const TYPES = {
  text: 1, boolean: 2, integer: 3, decimal: 4, money: 5, number: 6, date: 7, time: 8, datetime: 9, choice: 10, choices: 11, year_month: 12, partial_date: 13, ranking: 14,
}
const FORMATS = { email: 1, url: 2, phone: 3, zoned: 4 }

/* "decimal", "2" and what else there is. */
export function typeOf(type, inner, { lists = {}, zone, ...more } = {}) {
  const formatted = FORMATS[type] ? (type === 'zoned' ? 'datetime' : 'text') : type
  return {
    kind: 4, index: 1, flags: 0, type: TYPES[formatted], format: FORMATS[type] ?? 0, scale: type === 'decimal' ? Number(inner) : type === 'money' ? (inner === 'JPY' ? 0 : 2) : 0,
    currency: type === 'money' ? inner : undefined, list: lists[inner], zone: type === 'zoned' && inner ? inner.replaceAll('"', '') : zone, wall: 0,
    lengthMin: 0, lengthMax: formatted === 'text' ? 10000 : Infinity, part: { lengthMin: 0, lengthMax: 10000 }, ...more,
  }
}
