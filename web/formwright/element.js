/* Element: <formwright-form src="https://host/v1/p/acme/contact" lang="de"> draws a form and keeps it live; a hosted page's own form inside of it is taken over.
 *
 *     element.addEventListener('formwright-change', ({ detail }) => detail.changed)        JSON Pointers
 *     element.addEventListener('formwright-submit', (event) => event.preventDefault())     detail.answers; before they are sent
 *     element.addEventListener('formwright-done', ({ detail }) => detail.state)            'sent', 'waiting', 'changed', 'refused'
 *     element.addEventListener('formwright-error', ({ detail }) => detail.errors)          what keeps them from being sent
 *
 * It draws into the page itself, no shadow: labels and ids, autofill, the page's styles, assistive technology and a hosted page's markup work as they
 * do without script. Its look is style.css and its custom properties. */
import { createForm, FIELD, FLAG, LET, PAGE, SECTION } from './core.js'
import { answerOf, momentAnswer } from './spelling.js'
import { drawCheck, drawDone, drawPage, drawPageBody, drawPlace, drawSummary, idOf, isPageRelevant, pageOf, pagesOf, patch, say } from './render.js'
import { CHOICES, RANKING } from './types.js'

/* ---- a form on the page: state, and what is drawn of it. Elements and hosted pages share it. */

/* The controls inside of `place`, by name, as a form sends them. */
function pairsIn(place) {
  const pairs = new Map()
  for (const control of place.querySelectorAll('input,select,textarea')) {
    if (!control.name || control.name[0] === '_' || control.type === 'hidden') continue
    if (!pairs.has(control.name)) pairs.set(control.name, [])
    if ((control.type !== 'radio' && control.type !== 'checkbox') || control.checked) pairs.get(control.name).push(control.value)
  }
  return pairs
}

/* Nodes whose values stand in texts: when they change, what shows them is drawn anew. */
function shownNodes(texts) {
  const shown = new Set()
  JSON.stringify(texts, (key, value) => {
    if (key === 'node' && typeof value === 'number') shown.add(value)
    return value
  })
  return shown
}

function newView(form, texts, words) {
  const view = { form, texts, words, wrong: false, errors: [], typed: new Map(), ranks: new Map(), touched: new Set(), shown: shownNodes(texts), at: 0 }
  view.messageOf = form.parts.messageOf
  view.pages = pagesOf(view)
  view.frames = framesOf(view)
  view.restless = form.module.lists.some(({ offered }) => offered) || [...view.shown].some((node) => form.module.nodes[node].kind === LET)
  return view
}
/* Which pages and sections are shown: they have no place in the answers, so that no pointer tells of them. */
const framesOf = ({ form: { module, parts } }) => module.nodes.filter(({ kind, scope }) => !scope && (kind === PAGE || kind === SECTION)).map((node) => Number(parts.relevant(node, parts.root))).join('')

/* What fields begin with: defaults once, suggestions until somebody edits them. */
function fill(view, asked = view.form.module.nodes) {
  const { form, touched } = view, { parts } = form
  for (const node of asked) {
    if (node.kind !== FIELD || node.computed || (node.default === undefined && !node.suggestion)) continue
    for (const row of parts.allRows(node.scope)) {
      const pointer = parts.pointerOf({ node, row }), suggested = parts.suggestionOf(node, row)
      if (touched.has(pointer) || (!node.suggestion && parts.answerOf(node, row) !== undefined)) continue
      if (!node.suggestion) touched.add(pointer)
      const value = node.suggestion ? suggested : node.default?.call ? momentAnswer(parts.zone, node, parts.now()) : node.default
      if (JSON.stringify(value) !== JSON.stringify(parts.answerOf(node, row))) form.set(pointer, value)
    }
  }
}

/* Takes what is in the controls of one question as its answer. */
function take(view, question) {
  const pointer = question.dataset.pointer, name = pointer.slice(1), { parts } = view.form, place = parts.locate(pointer)
  if (place?.node.kind !== FIELD || place.node.computed) return []
  const pairs = pairsIn(question), { node } = place
  if (![...pairs.keys()].length && node.type !== CHOICES) return []
  const answer = answerOf({ node, name, facts: view.texts.locale, zone: parts.zone }, pairs)
  for (const [control, [text = '']] of pairs) view.typed.set(control, { text, answer: JSON.stringify(answer) })
  if (node.type === RANKING) view.ranks.set(name, [...pairs].filter(([each]) => each !== name).map(([, [code]]) => code))
  view.touched.add(pointer)
  return JSON.stringify(answer) === JSON.stringify(parts.answerOf(node, place.row)) ? [] : view.form.set(pointer, answer)
}

/* ---- drawing what has changed */

const questionsIn = (place) => [...place.querySelectorAll('.fw-question[data-pointer]')]
const errorsOf = ({ form }) => form.parts.errorsFound()

/* Draws the body of the page anew as far as `changed` asks for it. */
function refresh(view, body, changed) {
  const { form, shown, frames } = view, { parts } = form, places = changed.filter(Boolean).map((pointer) => [pointer, parts.locate(pointer)])
  if (changed.includes('')) view.frames = framesOf(view)
  const all = view.wrong || view.frames !== frames || (view.restless && changed.includes('')) || places.some(([, place]) => place?.node.kind !== FIELD || shown.has(place.node.index))
  if (view.wrong) view.errors = errorsOf(view)
  if (all) return patch(body, drawPageBody(view, view.pages[view.at]))
  const spotOf = (pointer) => {
    const spot = body.ownerDocument.getElementById(idOf(pointer.slice(1)))?.closest('.fw-question')
    return spot?.dataset.pointer === pointer ? spot : undefined
  }
  const moved = places.some(([pointer, place]) => pageOf(view, place.node) === view.at && !(place.node.flags & FLAG.HIDDEN) && !!spotOf(pointer) !== parts.relevant(place.node, place.row))
  if (moved) return patch(body, drawPageBody(view, view.pages[view.at]))
  for (const [pointer, place] of places) {
    const spot = spotOf(pointer)
    if (!spot) continue
    if (spot.localName === 'tr') patch(body, drawPageBody(view, view.pages[view.at]))
    else patchOne(spot, drawPlace(view, place, pointer.slice(1), 2))
  }
  return undefined
}
/* What stands for one question only. */
function patchOne(spot, drawn) {
  const [kid] = [drawn].flat()
  if (!kid || kid.tag !== spot.localName) return
  const holder = { childNodes: [spot], firstChild: spot, ownerDocument: spot.ownerDocument, insertBefore() {} }
  patch(holder, [kid])
}

/* ---- the form's own controls: rows */

function addRow(view, name) {
  view.form.insertRow('/' + name)
  fill(view)
}
function removeRow(view, name) {
  const inside = new RegExp(`^/?${name.slice(0, name.lastIndexOf('/')).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/\\d`)
  for (const known of [view.typed, view.ranks, view.touched]) for (const key of [...known.keys()]) if (inside.test(key)) known.delete(key)
  for (const [pointer] of touchedRows(view, name)) view.touched.add(pointer)
  view.form.removeRow('/' + name)
}
/* Answers that rows have already are not filled again when they move up. */
function touchedRows(view, name) {
  const { parts } = view.form, place = parts.locate('/' + name.slice(0, name.lastIndexOf('/')))
  return place ? parts.rowsOf(place.node, place.row).flatMap((row) => view.form.module.nodes.slice(place.node.index + 1, place.node.end).filter(({ kind, scope }) => kind === FIELD && scope === row.s)
    .map((node) => [parts.pointerOf({ node, row })])) : []
}

/* The place an error stands at, and what of it can be focused: the first tick of several. */
function focusOn(root, id) {
  const target = root.querySelector('#' + CSS.escape(id))
  target?.focus()
  target?.scrollIntoView?.({ block: 'nearest' })
}

const fieldOf = ({ form: { module, parts } }, id) => module.nodes.find((node) => node.kind === FIELD && parts.allRows(node.scope).some((row) => idOf(parts.pointerOf({ node, row }).slice(1)) === id))

/* ---- the element */

const KEEP_MS = 200

const Base = globalThis.HTMLElement ?? Object
const tell = (element, name, detail, cancelable = false) => element.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }))
const lookup = (languages, wanted) => {
  const tag = (text) => text.toLowerCase().replaceAll('_', '-')
  for (let range = tag(wanted ?? ''); range; range = range.includes('-') ? range.slice(0, range.lastIndexOf('-')) : '') {
    const found = languages.find((each) => tag(each) === range)
    if (found) return found
  }
  return languages[0]
}
const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|iw|ku|ps|sd|syr|ug|ur|yi)\b/

export class FormElement extends Base {
  static observedAttributes = ['src', 'lang']
  #view
  #body
  #loading
  #version
  #keeping

  /* The headless form of createForm(), when it is there. */
  get form() {
    return this.#view?.form
  }
  /* The name of the page that is shown, as the hosted pages' addresses have it; "check" is the last. */
  get page() {
    return this.#view?.pages[this.#view.at]?.name ?? 'check'
  }
  set page(name) {
    const found = this.#view.pages.findIndex((page) => page.name === name)
    this.#go(found < 0 ? this.#view.pages.length : found)
  }
  /* Settles when the form is drawn. */
  get ready() {
    return this.#loading ?? Promise.resolve()
  }
  /* One for all forms of the page; loaded when the first of them asks. */
  get #store() {
    return (FormElement.shared ??= import('./store.js').then((library) => ({ ...library, ...library.openStore() })))
  }

  connectedCallback() {
    this.addEventListener('input', this.#edited)
    this.addEventListener('change', this.#edited)
    this.addEventListener('click', this.#clicked)
    this.addEventListener('submit', this.#submitted)
    this.#begin()
  }
  disconnectedCallback() {
    for (const [name, listener] of [['input', this.#edited], ['change', this.#edited], ['click', this.#clicked], ['submit', this.#submitted]]) this.removeEventListener(name, listener)
  }
  attributeChangedCallback(name, before, now) {
    if (this.isConnected && before !== now && this.#view && !this.#hosted) this.#begin()
  }
  get #hosted() {
    return this.hasAttribute('hosted')
  }

  #begin() {
    if (!this.getAttribute('src')) return
    this.#loading = this.#load().catch((error) => {
      tell(this, 'formwright-error', { errors: [], reason: String(error) })
      throw error
    })
    this.#loading.catch(() => {})
  }
  /* The address of the version that is meant: what the server says lies behind the form's. */
  async #versionOf(src) {
    if (/\/versions\/\d+$/.test(src)) return src
    const response = await fetch(src, { method: 'HEAD' })
    if (!response.ok) throw new Error(`${src}: ${response.status}`)
    return new URL(response.headers.get('content-location'), src).href
  }
  async #load() {
    const src = new URL(this.getAttribute('src'), this.ownerDocument.baseURI).href, at = await this.#versionOf(src)
    const { default: module } = await import(`${at}/module.js`)
    const language = lookup(module.languages, this.getAttribute('lang') ?? this.closest('[lang]')?.lang ?? navigator.language)
    const response = await fetch(`${at}/texts/${language}.json`)
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`)
    await this.show(module, await response.json(), { version: Number(/\d+$/.exec(at)[0]), address: at.replace(/\/versions\/\d+$/, '') })
  }

  /* Draws a form from a module and texts that are there. `address`: of the form, to submit to. */
  async show(module, texts, { version = module.version, address, answers } = {}) {
    this.#version = { module, version, address }
    const server = this.querySelector('form.fw-form')
    const kept = answers ? { answers } : this.#hosted ? await this.#savedOnServer(server) : address ? await this.#store.then((store) => store.load(address)).catch(() => undefined) : undefined
    const carried = kept?.module && kept.version !== version ? (await this.#store).carryAnswers(kept.module, module, kept.answers) : undefined
    const form = createForm(module, { texts, answers: carried?.answers ?? kept?.answers })
    this.#view = newView(form, texts, texts.phrases ?? (await import('./words.js')).WORDS)
    if (this.#hosted) return this.#takeOver(server)
    fill(this.#view)
    this.lang = texts.language.replaceAll('_', '-')
    this.dir = RIGHT_TO_LEFT.test(this.lang) ? 'rtl' : 'ltr'
    this.draw()
    if (carried && (carried.gone.length || carried.added.length)) this.#tellChange(carried)
    tell(this, 'formwright-ready', {})
  }

  /* ---- on a hosted page: what the server has drawn stays, and posts go to it */

  async #savedOnServer(server) {
    const key = server?.elements._saved?.value
    if (!key || !new URLSearchParams(location.search).has('s')) return undefined
    const response = await fetch(`${this.#version.address}/saved/${key}`).catch(() => undefined)
    return response?.ok ? response.json() : undefined
  }
  #takeOver(server) {
    const view = this.#view
    this.#body = server?.querySelector('.fw-page')
    if (!this.#body) return
    view.at = Math.max(0, view.pages.findIndex(({ name }) => name === this.#body.dataset.page))
    view.wrong = !!this.querySelector('.fw-summary')
    questionsIn(this.#body).forEach((question) => take(view, question))
    if (view.wrong) view.errors = errorsOf(view)
    patch(this.#body, drawPageBody(view, view.pages[view.at]))
    tell(this, 'formwright-ready', {})
  }

  /* ---- drawing */

  draw() {
    const view = this.#view
    if (view.wrong) view.errors = errorsOf(view)
    patch(this, view.done ? drawDone(view, view.done.id ?? '', view.done.received_at) : view.at >= view.pages.length ? drawCheck(view) : drawPage(view, view.at))
    this.#body = this.querySelector('.fw-page')
  }
  #keep() {
    const { module, version, address } = this.#version
    if (!address || this.#hosted) return
    const { rules, ...shape } = module
    clearTimeout(this.#keeping)
    this.#keeping = setTimeout(() => this.#store.then((store) => store.keep(address, { answers: this.form.answers(), version, module: shape })).catch(() => {}), KEEP_MS)
  }
  #after(changed) {
    const view = this.#view
    if (!changed.length) return
    fill(view)
    refresh(view, this.#body, changed)
    if (view.wrong) this.#drawSummary()
    this.#keep()
    tell(this, 'formwright-change', { changed })
  }
  #drawSummary() {
    const place = this.querySelector('.fw-summary'), drawn = drawSummary(this.#view, this.#view.at)
    if (!place && drawn.tag) this.querySelector('.fw-progress, .fw-page-title').before(Object.assign(this.ownerDocument.createElement('div'), { id: 'fw-summary' }))
    const spot = this.querySelector('#fw-summary')
    if (!drawn.tag) spot?.remove()
    else if (spot) patchOne(spot, drawn)
  }

  /* ---- what people do */

  #edited = (event) => {
    const question = this.#body?.contains(event.target) && event.target.closest('.fw-question[data-pointer]')
    if (question) this.#after(take(this.#view, question))
  }
  #clicked = (event) => {
    const link = event.target.closest?.('a[href^="#"]'), button = event.target.closest?.('button[name=_do]'), [verb, name] = button?.value.split(':') ?? []
    if (verb === 'add' || verb === 'remove') {
      event.preventDefault()
      this.#changeRows(verb, name)
    } else if (link && !this.#hosted && this.#follow(link.hash.slice(1))) event.preventDefault()
    else if (link?.closest('.fw-summary')) {
      event.preventDefault()
      focusOn(this, decodeURIComponent(link.hash.slice(1)))
    }
  }
  #changeRows(verb, name) {
    const view = this.#view, repeat = verb === 'add' ? name : name.slice(0, name.lastIndexOf('/'))
    if (verb === 'add') addRow(view, name)
    else removeRow(view, name)
    refresh(view, this.#body, ['/' + repeat])
    this.#keep()
    tell(this, 'formwright-change', { changed: ['/' + repeat] })
    const rows = this.querySelector('#' + CSS.escape(idOf(repeat)))?.querySelectorAll(':scope > .fw-row')
    const target = verb === 'add' ? rows?.[rows.length - 1] : rows?.[Math.min(Number(name.slice(repeat.length + 1)), rows.length - 1)]
    ;(target ?? this.querySelector('#' + CSS.escape(idOf(repeat))))?.focus()
  }
  /* Back, or to a question from the page of all answers. */
  #follow(id) {
    const view = this.#view, page = view.pages.findIndex(({ name }) => name === id)
    if (page >= 0) return this.#go(page) || true
    const node = view.at >= view.pages.length && fieldOf(view, id)
    if (!node) return false
    view.fromCheck = true
    this.#go(Math.max(0, pageOf(view, node)))
    focusOn(this, id)
    return true
  }
  #go(page, wrong = false) {
    const view = this.#view
    Object.assign(view, { at: page, wrong })
    if (page >= view.pages.length) view.fromCheck = false
    this.draw()
    const top = this.querySelector(wrong ? '.fw-summary' : '.fw-page-title')
    if (!wrong) top?.setAttribute('tabindex', '-1')
    top?.focus()
  }

  #submitted = (event) => {
    const verb = event.submitter?.value ?? 'next', view = this.#view
    if (!view || verb === 'save' || event.target.closest('form') !== this.querySelector('form.fw-form')) return
    questionsIn(this).forEach((question) => take(view, question))
    const wrong = errorsOf(view).filter((error) => view.at >= view.pages.length || pageOf(view, error.node) === view.at)
    if (wrong.length) {
      event.preventDefault()
      this.#refuse(wrong)
    } else if (!this.#hosted) {
      event.preventDefault()
      this.#proceed(verb)
    }
  }
  #refuse(errors) {
    const view = this.#view
    if (this.#hosted) {
      Object.assign(view, { wrong: true, errors: errorsOf(view) })
      patch(this.#body, drawPageBody(view, view.pages[view.at]))
      this.#drawSummary()
      const title = this.ownerDocument.title, mark = say(view, 'ERROR') + ' '
      if (!title.startsWith(mark)) this.ownerDocument.title = mark + title
      this.querySelector('.fw-summary')?.focus()
    } else this.#go(view.at, true)
    tell(this, 'formwright-error', { errors: errors.map((error) => ({ pointer: view.form.parts.pointerOf(error), code: error.code, message: view.messageOf(error) })) })
  }
  #proceed(verb) {
    const view = this.#view, next = view.pages.findIndex((page, i) => i > view.at && isPageRelevant(view, page))
    if (verb === 'submit') void this.submit()
    else this.#go(view.fromCheck || next < 0 ? view.pages.length : next)
  }

  /* Sends what is there. What comes of it is told by `formwright-done`, too. */
  async submit() {
    const { address, version, module } = this.#version, view = this.#view, answers = this.form.answers(), invitation = (module.invitation && this.getAttribute('invitation')) || undefined
    if (!tell(this, 'formwright-submit', { answers }, true)) return { state: 'refused' }
    clearTimeout(this.#keeping)
    this.toggleAttribute('aria-busy', true)
    const outcome = await (await this.#store).send(address, { answers, version, meta: { locale: view.texts.language, invitation }, claim: await this.form.claim(true) })
    this.toggleAttribute('aria-busy', false)
    if (outcome.state === 'sent') this.#done(outcome.body)
    else if (outcome.state === 'waiting') await this.#wait(outcome.key)
    else if (outcome.state === 'changed') await this.#renew(module, answers)
    else this.#notice([outcome.body.errors?.map(({ message }) => message).join(' ') || outcome.body.title || say(view, 'UNAVAILABLE_TEXT')])
    tell(this, 'formwright-done', outcome)
    return outcome
  }
  #done(body) {
    this.#view.done = body
    this.draw()
    const title = this.querySelector('.fw-page-title')
    title.tabIndex = -1
    title.focus()
  }
  async #wait(key) {
    const store = await this.#store
    this.#notice([say(this.#view, 'NOT_SENT')])
    const stop = store.subscribe((event) => {
      if (event.key !== key || event.state === 'waiting') return
      stop()
      if (event.state === 'sent') this.#done(event.body)
      tell(this, 'formwright-done', event)
    })
  }
  /* The form is another one by now: the new one with the answers that have a place in it. */
  async #renew(module, answers) {
    const { rules, ...shape } = module
    await (await this.#store).keep(this.#version.address, { answers, version: this.#version.version, module: shape })
    this.#begin()
    await this.#loading
  }
  #tellChange({ gone, added }) {
    const view = this.#view, { nodes } = view.form.module, label = ({ node }) => view.texts.nodes[node]?.label
    const named = added.map((each) => (typeof label(each) === 'string' ? label(each) : nodes[each.node].name))
    this.#notice([say(view, 'RETIRED'), say(view, 'CHANGED'), ...(gone.length ? [`${say(view, 'NOT_ASKED')} ${gone.map(({ pointer, value }) => `${pointer.slice(1)} (${typeof value === 'object' ? JSON.stringify(value) : value})`).join(', ')}`] : []),
      ...(named.length ? [`${say(view, 'NEWLY_ASKED')} ${named.join(', ')}`] : [])])
  }
  #notice(paragraphs) {
    const document = this.ownerDocument, notice = this.querySelector('.fw-notice') ?? document.createElement('div')
    notice.className = 'fw-notice'
    notice.setAttribute('role', 'alert')
    notice.replaceChildren(...paragraphs.map((text) => Object.assign(document.createElement('p'), { textContent: text })))
    if (!notice.isConnected) this.prepend(notice)
    notice.tabIndex = -1
    notice.focus()
  }
}

export function defineElement(name = 'formwright-form') {
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, FormElement)
}
defineElement()
