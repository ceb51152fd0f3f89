/* Tree: elements of a page as a tree says they are; what is there already stays: focus, what is typed, where the page is scrolled to.
 *
 *     patch(place, [h('p', { class: 'fw-note' }, 'Texts are text, ', 'never markup')])
 *
 * Trees are of { tag, attrs, kids }; texts become text nodes and attributes are set by name. Of a control `live` is what is typed in it, `checked` and
 * `selected` what is chosen. */

const flat = (kids) => kids.flat(Infinity).filter((kid) => kid !== undefined && kid !== false && kid !== '')
export const h = (tag, attrs, ...kids) => ({ tag, attrs: attrs ?? {}, kids: flat(kids) })

const keyOf = (attrs) => attrs['data-pointer'] ?? attrs.id ?? ''
const nodeKey = (node) => node.getAttribute?.('data-pointer') ?? node.id ?? ''
const isEmptyText = (node) => node.nodeType !== 1 && !(node.nodeType === 3 && node.data.trim())

/* The one of what is there that a tree stands for; none is taken twice. */
function match(kid, free) {
  const fits = typeof kid === 'string' ? (node) => node.nodeType === 3
    : (node) => node.localName === kid.tag && nodeKey(node) === keyOf(kid.attrs) && node.type === (kid.attrs.type ?? node.type) && (kid.attrs.name ?? '') === (node.getAttribute('name') ?? '')
  const at = free.findIndex(fits)
  return at < 0 ? undefined : free.splice(at, 1)[0]
}

/* What somebody has in the control stays as long as it says the same. */
function fillControl(node, { value, checked, selected }) {
  if (checked !== undefined && node.checked !== checked) node.checked = checked
  if (selected !== undefined && node.value !== selected) node.value = selected
  if (value !== undefined && node.value !== value) node.value = value
}

const LIVE = ['checked', 'selected', 'live']

function patchElement(node, { attrs, kids }, isNew) {
  if (!isNew) for (const { name } of [...node.attributes]) if (attrs[name] === undefined && !LIVE.includes(name) && name !== 'value') node.removeAttribute(name)
  for (const [name, value] of Object.entries(attrs)) {
    const text = value === true ? '' : value
    if (!LIVE.includes(name) && value !== undefined && value !== false && node.getAttribute(name) !== text) node.setAttribute(name, text)
  }
  if (node.localName !== 'textarea') patch(node, kids)
  fillControl(node, { value: attrs.live, checked: attrs.checked, selected: attrs.selected })
  return node
}

function make(kid, document) {
  return typeof kid === 'string' ? document.createTextNode(kid) : patchElement(document.createElement(kid.tag), kid, true)
}

/* Makes one element what a tree says; another one stands in its place where that is of another kind. */
export function patchOne(spot, drawn) {
  const [kid] = [drawn].flat()
  if (kid?.tag === spot.localName) patchElement(spot, kid)
  else if (kid) spot.replaceWith(make(kid, spot.ownerDocument))
}

/* Makes the children of `place` what `kids` say, and moves none that stays. */
export function patch(place, kids) {
  const free = [...place.childNodes].filter((node) => !isEmptyText(node)), joined = []
  for (const kid of flat(kids)) {
    if (typeof kid === 'string' && typeof joined.at(-1) === 'string') joined[joined.length - 1] += kid
    else joined.push(kid)
  }
  const found = joined.map((kid) => match(kid, free))
  free.forEach((node) => node.remove())
  let cursor = place.firstChild
  joined.forEach((kid, i) => {
    while (cursor && isEmptyText(cursor)) cursor = cursor.nextSibling
    const node = found[i] ?? make(kid, place.ownerDocument)
    if (node === cursor) cursor = cursor.nextSibling
    else place.insertBefore(node, cursor)
    if (found[i] && typeof kid !== 'string') patchElement(node, kid)
    else if (found[i] && node.data.trim() !== kid.trim()) node.data = kid
  })
}
