// The same random values in every run.
export function randomOf(seed) {
  let state = seed >>> 0
  /* mulberry32: from 0, below 1. */
  function unit() {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count) => Math.floor(unit() * count)
  const from = (low, high) => low + below(high - low + 1)
  const one = (items) => items[below(items.length)]
  /* Of any size up to the largest exact number, small ones as often as large ones. */
  const exact = () => {
    if (below(20) === 0) return one([0, 1, -1, 2 ** 53 - 1, 1 - 2 ** 53, 5, 50, 500, -5, -50])
    const size = Math.min(Math.floor(unit() * 10 ** from(1, 16)), 2 ** 53 - 1)
    return below(3) ? size : -size + 0
  }
  const double = () => {
    const kind = below(4)
    if (kind === 0) return exact() / 10 ** below(16)
    if (kind === 1) return from(-1000, 1000) / 2 ** below(12)
    const view = new DataView(new ArrayBuffer(8))
    for (;;) {
      view.setUint32(0, below(2 ** 32))
      view.setUint32(4, below(2 ** 32))
      const x = view.getFloat64(0)
      if (Number.isFinite(x)) return x + 0
    }
  }
  const codePoint = () => {
    for (;;) {
      const code = below(3) ? from(0x20, 0x24ff) : from(1, 0x10ffff)
      if (code < 0xd800 || code > 0xdfff) return String.fromCodePoint(code)
    }
  }
  const PARTS = ['a', 'b', 'ab', 'Ab', ' ', '  ', '\t', '\u00a0', '\u2003', '\u0085', '\ufeff', '\u200b', 'ß', 'ŉ', 'İ', 'ı', 'ſ', 'ﬁ', 'ᾳ', 'ᾼ', 'Σ', 'ς', 'ǆ', 'ǅ', 'é', 'e\u0301', '😀', '𐐀', '\ud83c\uddf3', '"', '\\', '\n', '\r', '\u2028', '\u0001', '\u007f', '0', '7', '-', '.']
  const text = (most = 12) => Array.from({ length: below(most + 1) }, () => (below(5) ? one(PARTS) : codePoint())).join('')
  return { unit, below, from, one, exact, double, codePoint, text }
}
