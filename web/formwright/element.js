/* Element: <formwright-form src="https://host/v1/p/acme/contact" lang="de"> draws a form and keeps it live; a hosted page's own form inside of it is taken over.
 *
 *     element.addEventListener('formwright-change', ({ detail }) => detail.changed)        JSON Pointers
 *     element.addEventListener('formwright-submit', (event) => event.preventDefault())     detail.answers; before they are sent
 *     element.addEventListener('formwright-done', ({ detail }) => detail.state)            'sent', 'waiting', 'changed', 'refused'
 *     element.addEventListener('formwright-error', ({ detail }) => detail.errors)          what keeps them from being sent
 *
 * It draws into the page itself, no shadow: labels and ids, autofill, the page's styles, assistive technology and a hosted page's markup work as they
 * do without script. Its look is style.css and its custom properties. What only an element outside of hosted pages does is in alone.js. */
import { createCore } from './core.js'
import { fetchNeeds } from './needs.js'
import { drawPageBody, drawProgress, drawSummary, idOf, pageOf, say } from './render.js'
import { patch, patchOne } from './tree.js'
import { errorsOf, languageOf, movedName, newView, pad, questionsIn, refresh, take, watch } from './view.js'

export const tell = (element, name, detail, cancelable = false) => element.dispatchEvent(new CustomEvent('formwright-' + name, { detail, cancelable, bubbles: true, composed: true }))

/* The place an error stands at, and what of it can be focused: the first tick of several. */
export function focusOn(root, id) {
  const target = root.querySelector('#' + CSS.escape(id))
  target?.focus()
  target?.scrollIntoView?.({ block: 'nearest' })
}

/* ---- a seat is what an element has: { element, view, body, version, alone } with `alone` the functions of alone.js, where no server draws */

/* What stands on the page of the server's is taken over as it is; only what was typed before the script came may have changed something. */
function takeOver(seat, server) {
  const { element, view } = seat
  seat.body = server?.querySelector('.fw-page')
  if (!seat.body) return
  view.at = Math.max(0, view.pages.findIndex(({ name }) => name === seat.body.dataset.page))
  view.wrong = !!element.querySelector('.fw-summary')
  pad(view)
  refresh(view, seat.body, questionsIn(seat.body).flatMap((question) => take(view, question)))
  drawSteps(seat)
}
async function savedOnServer(address, key) {
  if (!key || !new URLSearchParams(location.search).has('s')) return undefined
  const response = await fetch(`${address}/saved/${key}`).catch(() => undefined)
  return response?.ok ? response.json() : undefined
}
/* The address of the version that is meant: what the server says lies behind the form's. */
async function versionOf(src) {
  if (/\/versions\/\d+$/.test(src)) return src
  const response = await fetch(src, { method: 'HEAD' })
  if (!response.ok) throw new Error(`${src}: ${response.status}`)
  return new URL(response.headers.get('content-location'), src).href
}

function drawBody({ view, body }) {
  if (view.wrong) view.errors = errorsOf(view)
  patch(body, drawPageBody(view, view.pages[view.at]))
}
/* What stands above the questions and comes and goes: the error summary, and how far the page is. */
function drawAbove({ element }, drawn, selector, before) {
  const spot = element.querySelector(selector), made = !spot && drawn.tag && element.ownerDocument.createElement(drawn.tag)
  if (made) element.querySelector(before).before(made)
  if (drawn.tag) patchOne(made || spot, drawn)
  else spot?.remove()
}
const drawErrorSummary = (seat) => drawAbove(seat, drawSummary(seat.view, seat.view.at), '.fw-summary', '.fw-progress,.fw-page-title')
const drawSteps = (seat) => drawAbove(seat, drawProgress(seat.view, seat.view.at), '.fw-progress', '.fw-page-title')

/* Who is in a row that has moved is there again. */
function refocus(at, id, caret) {
  const there = id && at.ownerDocument.getElementById(id)
  if (!there) at.blur()
  else if (there !== at) {
    there.focus()
    if (caret >= 0) there.setSelectionRange(caret, caret)
  }
}
/* Draws what has changed, whoever has changed it. What has been sent stays. */
function drawChanged(seat, changed, moves) {
  const { element, view } = seat, at = element.ownerDocument.activeElement, { selectionEnd } = at, inside = moves && seat.body?.contains(at) && at.id
  if (view.done) return
  if (!seat.body) seat.alone?.draw(seat)
  else {
    refresh(view, seat.body, changed)
    drawSteps(seat)
    if (view.wrong) drawErrorSummary(seat)
    if (inside) refocus(at, movedName(inside, moves, idOf), selectionEnd ?? -1)
  }
  seat.alone?.keep(seat)
  tell(element, 'change', { changed })
}
function changeRows(seat, verb, name) {
  const { element, view } = seat, repeat = verb === 'add' ? name : name.slice(0, name.lastIndexOf('/'))
  view.form[verb === 'add' ? 'insertRow' : 'removeRow']('/' + name)
  pad(view)
  const box = element.querySelector('#' + CSS.escape(idOf(repeat))), rows = box?.querySelectorAll(':scope > .fw-row, :scope > .fw-rows > .fw-row') ?? []
  ;(rows[Math.min(verb === 'add' ? Infinity : name.slice(repeat.length + 1), rows.length - 1)] ?? box)?.focus()
}
function refuse(seat, errors) {
  const { element, view } = seat, { ownerDocument: document } = element, mark = say(view, 'ERROR') + ' '
  view.wrong = true
  if (seat.alone) seat.alone.go(seat, view.at, true)
  else {
    drawBody(seat)
    drawErrorSummary(seat)
    if (!document.title.startsWith(mark)) document.title = mark + document.title
    element.querySelector('.fw-summary')?.focus()
  }
  tell(element, 'error', { errors: errors.map((error) => ({ pointer: view.form.parts.pointerOf(error), code: error.code, message: view.messageOf(error) })) })
}

/* ---- what people do */

function edited(seat, { target }) {
  const question = seat.body?.contains(target) && target.closest('.fw-question[data-pointer]')
  if (question) take(seat.view, question)
}
function clicked(seat, event) {
  const { target } = event, link = target.closest?.('a[href^="#"]'), button = target.closest?.('button[name=_do]'), [verb, name] = button?.value.split(':') ?? []
  if (verb === 'add' || verb === 'remove') changeRows(seat, verb, name)
  else if (!link || !seat.alone?.follow(seat, link.hash.slice(1))) {
    if (!link?.closest('.fw-summary')) return
    focusOn(seat.element, decodeURIComponent(link.hash.slice(1)))
  }
  event.preventDefault()
}
function submitted(seat, event) {
  const verb = event.submitter?.value ?? 'next', { element, view, alone } = seat
  if (!view || verb === 'save' || event.target.closest('form') !== element.querySelector('form.fw-form')) return
  questionsIn(element).forEach((question) => take(view, question))
  const wrong = errorsOf(view).filter((error) => view.at >= view.pages.length || pageOf(view, error.node) === view.at)
  if (wrong.length || alone) event.preventDefault()
  if (wrong.length) refuse(seat, wrong)
  else alone?.proceed(seat, verb)
}

const LISTENERS = { input: edited, change: edited, click: clicked, submit: submitted }

/* ---- the element */

const Base = globalThis.HTMLElement ?? Object

export class FormElement extends Base {
  static observedAttributes = ['src', 'lang']
  #seat = { element: this }
  #loading
  #turn = 0
  #listeners = Object.entries(LISTENERS).map(([name, act]) => [name, (event) => act(this.#seat, event)])

  /* The form of createCore(), when it is there. */
  get form() {
    return this.#seat.view?.form
  }
  /* All of createForm(), for those who ask for states and verdicts as well. */
  async headless() {
    return (await import('./headless.js')).headlessOf(this.form)
  }
  /* The name of the page that is shown, as the hosted pages' addresses have it; "check" is the last. */
  get page() {
    const { view } = this.#seat
    return view?.pages[view.at]?.name ?? 'check'
  }
  set page(name) {
    const { view, alone } = this.#seat, found = view.pages.findIndex((page) => page.name === name)
    alone?.go(this.#seat, found < 0 ? view.pages.length : found)
  }
  /* Settles when the form is drawn. */
  get ready() {
    return this.#loading ?? Promise.resolve()
  }

  connectedCallback() {
    for (const [name, listener] of this.#listeners) this.addEventListener(name, listener)
    this.begin()
  }
  disconnectedCallback() {
    for (const [name, listener] of this.#listeners) this.removeEventListener(name, listener)
  }
  /* The language that it was drawn in is told by an attribute as well: that asks for nothing new. */
  attributeChangedCallback(name, before, now) {
    const drawn = name === 'lang' && now === languageOf(this.#seat.view)
    if (this.isConnected && before !== now && this.#loading && !this.#hosted && !drawn) this.begin()
  }
  get #hosted() {
    return this.hasAttribute('hosted')
  }

  /* Loads what `src` and `lang` name; what is being loaded already is not drawn any more. */
  begin() {
    if (!this.getAttribute('src')) return undefined
    this.#loading = this.#load(++this.#turn).catch((error) => {
      tell(this, 'error', { errors: [], reason: String(error) })
      throw error
    })
    this.#loading.catch(() => {})
    return this.#loading
  }
  /* All that need not wait is asked for at once. */
  async #load(turn) {
    const src = new URL(this.getAttribute('src'), this.ownerDocument.baseURI).href, alone = this.#hosted ? undefined : import('./alone.js')
    const at = await versionOf(src), address = at.replace(/\/versions\/\d+$/, ''), saved = this.#hosted && savedOnServer(address, this.querySelector('[name=_saved]')?.value)
    const asked = this.getAttribute('lang') || this.closest('[lang]')?.lang || navigator.language
    const language = /^[a-z\d-]{2,35}$/i.test(asked) ? asked : 'und' // what is no tag gets the form's first
    const [{ default: module }, texts] = await Promise.all([import(`${at}/module.js`), fetch(`${at}/texts/${language}.json`), alone])
    if (!texts.ok) throw new Error(`${texts.url}: ${texts.status}`)
    const words = await texts.json()
    return turn === this.#turn ? this.show(module, words, { version: Number(/\d+$/.exec(at)[0]), address, saved }) : this.#loading
  }

  /* Draws a form from a module and texts that are there. `address`: of the form, to submit to. */
  async show(module, texts, { version = module.version, address, answers, saved } = {}) {
    const seat = this.#seat, server = this.querySelector('form.fw-form'), turn = ++this.#turn, shown = { version: { module, version, address } }
    seat.alone ??= this.#hosted ? undefined : await import('./alone.js')
    const [words] = await Promise.all([texts.phrases ?? import('./words.js').then(({ WORDS }) => WORDS), fetchNeeds(module)])
    const same = seat.view && !seat.view.done && seat.version.address === address && seat.version.version === version
    const kept = answers || same ? { answers: answers ?? seat.view.form.answers() } : await (seat.alone ? seat.alone.draftOf(shown) : saved)
    if (turn !== this.#turn) return this.#loading
    Object.assign(seat, shown, { view: newView(createCore(module, { texts, answers: kept?.answers }), texts, words) })
    seat.stop?.()
    if (seat.alone) seat.alone.open(seat, kept)
    else takeOver(seat, server)
    seat.stop = watch(seat.view, (changed, moves) => drawChanged(seat, changed, moves))
    tell(this, 'ready', {})
    return undefined
  }
  /* Sends what is there. What comes of it is told by `formwright-done`, too. */
  submit() {
    return this.#seat.alone.submit(this.#seat)
  }
}

export function defineElement(name = 'formwright-form') {
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, FormElement)
}
defineElement()
