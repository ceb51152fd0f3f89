/* Pattern: I-Regexp (RFC 9485) as a JavaScript one, for the whole text.
 *
 *     patternOf('[A-Z]{2}\\p{Nd}.').test('AB1x')     true */

/* Outside of brackets "-" needs no backslash and may have none, "^" and "$" are characters, and a dot is any but the ends of lines. */
function translated(token) {
  if (token === '.') return '[^\\n\\r]'
  if (token === '\\-') return '-'
  return /^[$^]$/.test(token) ? '\\' + token : token
}
export const patternOf = (text) => new RegExp(`^(?:${text.replace(/\\.|\[(?:\\.|[^\]\\])*\]|[.$^]/gsu, translated)})$`, 'u')
