/* Alone: what an element does that stands on any page, where no server draws: whole pages, drafts, sending. element.js loads it when there is one.
 *
 *     alone.open(seat, await alone.draftOf(seat))         a seat is what an element has (element.js) */
import { focusOn, tell } from './element.js'
import { isPageRelevant, pageOf, say } from './render.js'
import { drawCheck, drawDone, drawPage } from './sheet.js'
import { carryAnswers, openStore } from './store.js'
import { patch } from './tree.js'
import { errorsOf, fieldOf, fill, languageOf, pad } from './view.js'

const KEEP_MS = 200
const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|iw|ku|ps|sd|syr|ug|ur|yi)\b/

/* One for all forms of the page. */
let shared
const store = () => (shared ??= openStore())

/* ---- drafts */

/* { answers }, and what is to be told where they are of another version. */
export async function draftOf({ version: { module, version, address } }) {
  const kept = address && (await store().load(address).catch(() => undefined))
  return kept?.module && kept.version !== version ? carryAnswers(kept.module, module, kept.answers) : kept
}
const draftFor = (seat, answers) => {
  const { version: { module, version, address } } = seat, { rules, ...shape } = module
  return store().keep(address, { answers, version, module: shape })
}
export function keep(seat) {
  if (!seat.version.address) return
  clearTimeout(seat.keeping)
  seat.keeping = setTimeout(() => {
    draftFor(seat, seat.view.form.answers()).catch(() => {})
    seat.element.headless().catch(() => {}) // what is queued without a network has its claim, too
  }, KEEP_MS)
}

/* ---- pages */

export function open(seat, kept) {
  const { element, view } = seat
  pad(view)
  fill(view, [''], '')
  element.lang = languageOf(view)
  element.dir = RIGHT_TO_LEFT.test(element.lang) ? 'rtl' : 'ltr'
  draw(seat)
  if (kept?.gone?.length || kept?.added?.length) tellChange(seat, kept)
}
export function draw(seat) {
  const { element, view } = seat
  if (view.wrong) view.errors = errorsOf(view)
  patch(element, view.done ? drawDone(view, view.done.id ?? '', view.done.received_at) : view.at >= view.pages.length ? drawCheck(view) : drawPage(view, view.at))
  seat.body = element.querySelector('.fw-page')
}
export function go(seat, page, wrong = false) {
  const { element, view } = seat
  Object.assign(view, { at: page, wrong })
  if (page >= view.pages.length) view.fromCheck = false
  pad(view)
  draw(seat)
  const top = element.querySelector(wrong ? '.fw-summary' : '.fw-page-title')
  if (!wrong) top?.setAttribute('tabindex', '-1')
  top?.focus()
}
/* Back, or to a question from the page of all answers. */
export function follow(seat, id) {
  const { element, view } = seat, page = view.pages.findIndex(({ name }) => name === id)
  const node = page < 0 && view.at >= view.pages.length && fieldOf(view, id)
  if (node) view.fromCheck = true
  if (page >= 0 || node) go(seat, node ? Math.max(0, pageOf(view, node)) : page)
  if (node) focusOn(element, id)
  return page >= 0 || !!node
}
export function proceed(seat, verb) {
  const { view } = seat, next = view.pages.findIndex((page, i) => i > view.at && isPageRelevant(view, page))
  if (verb === 'submit') void submit(seat)
  else go(seat, view.fromCheck || next < 0 ? view.pages.length : next)
}

/* ---- sending */

/* What tells the verdict has come behind the first edit, mostly; where it cannot be had nothing is claimed. */
const claimOf = (element) => element.headless().then((form) => form.claim(true)).catch(() => undefined)

export async function submit(seat) {
  const { element, view, version: { address, version, module } } = seat, answers = view.form.answers(), invitation = (module.invitation && element.getAttribute('invitation')) || undefined
  if (!tell(element, 'submit', { answers }, true)) return { state: 'refused' }
  clearTimeout(seat.keeping)
  element.toggleAttribute('aria-busy', true)
  const outcome = await store().send(address, { answers, version, meta: { locale: view.texts.language, invitation }, claim: await claimOf(element) })
  element.toggleAttribute('aria-busy', false)
  if (outcome.state === 'sent') done(seat, outcome.body)
  else if (outcome.state === 'waiting') wait(seat, outcome.key)
  else if (outcome.state === 'changed') await renew(seat, answers)
  else notice(seat, [outcome.body.errors?.map(({ message }) => message).join(' ') || outcome.body.title || say(view, 'UNAVAILABLE_TEXT')])
  tell(element, 'done', outcome)
  return outcome
}
function done(seat, body) {
  seat.view.done = body
  draw(seat)
  const title = seat.element.querySelector('.fw-page-title')
  title.tabIndex = -1
  title.focus()
}
function wait(seat, key) {
  notice(seat, [say(seat.view, 'NOT_SENT')])
  const stop = store().subscribe((event) => {
    if (event.key !== key || event.state === 'waiting') return
    stop()
    if (event.state === 'sent') done(seat, event.body)
    tell(seat.element, 'done', event)
  })
}
/* The form is another one by now: the new one with the answers that have a place in it. */
async function renew(seat, answers) {
  await draftFor(seat, answers)
  await seat.element.begin()
}

/* ---- what is told at the top */

function tellChange(seat, { gone, added }) {
  const { view } = seat, { nodes } = view.form.module, label = ({ node }) => view.texts.nodes[node]?.label
  const named = added.map((each) => (typeof label(each) === 'string' ? label(each) : nodes[each.node].name)), left = gone.map(({ pointer, value }) => `${pointer.slice(1)} (${typeof value === 'object' ? JSON.stringify(value) : value})`)
  const list = (name, items) => (items.length ? [`${say(view, name)} ${items.join(', ')}`] : [])
  notice(seat, [say(view, 'RETIRED'), say(view, 'CHANGED'), ...list('NOT_ASKED', left), ...list('NEWLY_ASKED', named)])
}
function notice({ element }, paragraphs) {
  const document = element.ownerDocument, place = element.querySelector('.fw-notice') ?? document.createElement('div')
  place.className = 'fw-notice'
  place.setAttribute('role', 'alert')
  place.replaceChildren(...paragraphs.map((text) => Object.assign(document.createElement('p'), { textContent: text })))
  if (!place.isConnected) element.prepend(place)
  place.tabIndex = -1
  place.focus()
}
