/* Headless: all that is known of a form that is being filled in: the state of each place, and the verdict to the byte as the server says it.
 *
 *     const form = createForm(module, { answers: { age: 17 }, texts })
 *     form.set('/age', 18)             ['/age', '/may_vote']: what has changed
 *     form.get('/may_vote').value      'yes'
 *     form.verdict().valid             true
 *
 * What draws a form itself (element.js) does without: it has createCore() alone. */
import { formatInstant } from './clock.js'
import { createCore } from './core.js'
import { isFrame } from './module.js'
import { pointerOf, rowAt } from './rows.js'
import { liesAround } from './rules.js'
import { FIELD, FLAG_HIDDEN, FLAG_KEEP, FLAG_READONLY, FORM, GROUP, LET, REPEAT } from './types.js'
import { writeString, writeValue } from './verdict.js'
import { wordsOf } from './wording.js'

const ERRORS_LISTED = 200
const PARAMS = { too_short: 'length_min', too_long: 'length_max', too_few: 'rows_min', too_many: 'rows_max' }

function paramsText({ code, node, bound, name }) {
  if (code === 'scale') return `"scale":${node.scale}`
  if (code === 'min' || code === 'max') return `"${code}":${writeValue(node, { value: bound })}`
  if (code === 'check') return name ? `"name":${writeString(name)}` : ''
  return PARAMS[code] ? `"${PARAMS[code]}":${bound}` : ''
}

/* A form of createCore() with the rest. */
export function headlessOf(core) {
  const { module: form, parts } = core, { view, relevant, errorsFound, rowsBound, optionsOf, messageOf } = parts, { cellAt, texts } = view, { nodes, scopes } = form, top = nodes[0]
  const errorText = (error, told) =>
    `{"pointer":${writeString(parts.pointerOf(error))},"code":"${error.code}","params":{${paramsText(error)}}${told ? `,"message":${writeString(messageOf(error))}` : ''}}`

  /* ---- the verdict */

  function memberText(node, row) {
    const { kind, slot } = node, cell = row.c[slot]
    if (kind === GROUP) {
      const inside = objectText(node, row)
      return inside && `{${inside}}`
    }
    if (kind === REPEAT) return rowsText_(node, row)
    if (node.flags & FLAG_KEEP && !relevant(node, row)) return cell && !cell.code ? writeValue(node, cell) : ''
    return row[slot] === undefined ? '' : writeValue(node, cellAt(node.index, row))
  }
  function rowsText_(node, row) {
    const { state, rows } = row.k[node.ownScope], inside = state ? rows.map((each) => objectText(node, each)) : []
    return state && (relevant(node, row) || inside.some((text) => text)) ? `[${inside.map((text) => `{${text}}`)}]` : ''
  }
  const objectText = (node, row) =>
    node.members.map((member) => [member, memberText(member, row)]).filter(([, text]) => text).map(([{ key }, text]) => `${writeString(key)}:${text}`).join()

  function hiddenIn(first, end, row, found) {
    for (let i = first; i < end; i++) {
      const node = nodes[i], { kind } = node
      if (isFrame(node) || kind === LET) continue
      const hidden = !relevant(node, row)
      if (hidden) found.push(pointerOf(node, row))
      else if (kind === REPEAT) for (const each of row.k[node.ownScope].rows) hiddenIn(i + 1, node.end, each, found)
      if (hidden || kind === REPEAT) i = node.end - 1
    }
    return found
  }
  /* The first in the order of the rules; what follows may be its consequence. */
  function faultFound() {
    for (const rule of parts.rules)
      for (const row of parts.hasFaults(rule) ? parts.allRows(rule.scope) : []) {
        const kind = parts.faultOf(rule, row)
        let node = rule.check?.node ?? rule.node
        while (node.kind === LET) node = node.parent
        if (kind) return { kind, pointer: pointerOf(node, node.kind === REPEAT && liesAround(scopes, node.ownScope, row.s) ? rowAt(row, node.ownScope) : rowAt(row, node.scope)) }
      }
    return undefined
  }
  function bodyText(told) {
    const found = errorsFound(), total = found.length > ERRORS_LISTED ? `,"errors_total":${found.length}` : ''
    const errors = found.slice(0, ERRORS_LISTED).map((error) => errorText(error, told))
    return `{"valid":${!found.length},"errors":[${errors}]${total},"answers":{${objectText(top, parts.root)}},"hidden":${JSON.stringify(hiddenIn(1, nodes.length, parts.root, []))},"form":{"name":${writeString(form.form)},"hash":"${form.hash}"}`
  }
  /* The bytes of the server's verdict, but for its steps and the version's number. */
  function verdictText() {
    const fault = faultFound()
    if (fault) return JSON.stringify({ fault })
    const at = formatInstant(parts.now(), 0), locale = texts?.language ?? form.languages[0]
    return `${bodyText(true)},"evaluated":{"now":"${at}","zone":${writeString(parts.zone)},"locale":${writeString(locale)}}}`
  }
  /* What both sides must agree on, whatever the clock and the language. */
  const claimText = () => (faultFound() ? undefined : bodyText(false) + '}')
  /* What goes along with the answers as "claim"; undefined where there is no such thing: it takes a page that came over TLS. */
  async function claim(whole) {
    const text = claimText(), subtle = globalThis.crypto?.subtle
    if (!text || !subtle) return undefined
    const bytes = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)))
    const hash = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return whole ? { hash, verdict: JSON.parse(text) } : { hash }
  }

  /* ---- what is there to be drawn */

  const textsOf = (node) => (node.kind === FORM ? { label: texts?.title } : texts?.nodes[node.index]) ?? {}
  function stateOf(node, row, isRow, errors) {
    const at = rowAt(row, node.scope), { label, hint, placeholder } = texts ? textsOf(node) : {}, cell = cellAt(node.index, at), array = node.kind === REPEAT && !isRow ? at.k[node.ownScope] : undefined
    const suggested = at[node.suggestion?.slot]
    return {
      pointer: pointerOf(node, row), node, relevant: relevant(node, row), hidden: !!(node.flags & FLAG_HIDDEN), required: node.required || !!at.q[node.slot],
      readonly: !!(node.flags & FLAG_READONLY) || at[node.readonlyFlag?.slot] === true, computed: node.computed,
      value: node.kind === FIELD && cell ? JSON.parse(writeValue(node, cell)) : undefined,
      suggestion: suggested === undefined ? undefined : JSON.parse(writeValue(node, { value: suggested })),
      lengthMin: at[node.lengthLow?.slot] ?? node.lengthMin, lengthMax: at[node.lengthHigh?.slot] ?? node.lengthMax,
      rowsMin: array && rowsBound(node, at, true), rowsMax: array && rowsBound(node, at, false), rows: array?.rows.length,
      label: texts && wordsOf(view, label, row), hint: texts && wordsOf(view, hint, row), placeholder: texts && wordsOf(view, placeholder, row),
      options: optionsOf(node, at), errors: errors.filter((error) => error.node === node && error.row === row).map(({ code, node, row, ...error }) => ({ code, message: messageOf({ code, node, row, ...error }) })),
    }
  }
  function get(pointer) {
    const place = parts.locate(pointer)
    return place && { ...stateOf(place.node, place.row, place.isRow, errorsFound()), answer: parts.answerAt(pointer) }
  }
  /* The tree of what is there: pages, groups, repeats with their rows, fields, notes. */
  function items() {
    const errors = errorsFound()
    const inside = (node, row) => {
      const found = []
      for (let i = node.index + 1; i < node.end; i = nodes[i].end) {
        if (nodes[i].kind === LET) continue
        const item = { ...stateOf(nodes[i], row, false, errors), answer: nodes[i].kind === FIELD ? parts.answerOf(nodes[i], row) : undefined }
        if (nodes[i].kind === REPEAT) item.items = row.k[nodes[i].ownScope].rows.map((each) => ({ ...stateOf(nodes[i], each, true, errors), items: inside(nodes[i], each) }))
        else if (nodes[i].kind !== FIELD) item.items = inside(nodes[i], row)
        found.push(item)
      }
      return found
    }
    return { ...stateOf(top, parts.root, false, errors), items: inside(top, parts.root) }
  }

  return { ...core, get, items, verdictText, claimText, claim, verdict: () => JSON.parse(verdictText()) }
}

export const createForm = (module, options) => headlessOf(createCore(module, options))
