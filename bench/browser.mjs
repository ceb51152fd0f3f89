// In Chromium on a slow telephone: how soon the form of sixty fields can be used, and how long an edit of a thousand rows takes.
//
//     node bench/browser.mjs FORMWRIGHT ROOT NODE_MODULES
//
// CPU slowed down six times; slow 4G as Lighthouse has it: 150 ms there and back, 1.6 Mbit/s. A release build, please.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen } from '../tests/browser/stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core'], 'the speed of pages')
const stage = await stageOpen(args), RUNS = 9
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1]
await stage.publish('benefit', readFileSync(path.join(stage.root, 'bench/benefit.form'), 'utf8'))

const rows = `edition 2027
form rows "Rows" {
  repeat items "Items" 0..1000 {
    a: integer "A" min 0  b: integer "B" min 0  c: integer "C"  d: decimal(2) "D"  e: text "E"  f: text "F"  g: integer "G"
    sum: integer "Sum" = a + b
    product: decimal(2) "Product" = (a + b) * d
    big: boolean "Big" when sum > 1000
  }
  total: integer "Total" = sum(items.sum)
  value: decimal(2) "Value" = sum(items.product)
}
`
await stage.publish('rows', rows)

async function slowPage({ network = true } = {}) {
  const page = await stage.page(null), cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  if (network) await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 })
  return page
}
async function firstUse(at) {
  const parts = {}
  for (let i = 0; i < RUNS; i++) {
    const page = await slowPage()
    await page.goto(at, { waitUntil: 'commit' })
    const told = await page.evaluate(async () => {
      await customElements.whenDefined('formwright-form')
      const script_run_ms = performance.now()
      await document.querySelector('formwright-form').ready
      const live_ms = performance.now()
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
      const all = performance.getEntriesByType('resource'), [page] = performance.getEntriesByType('navigation'), script = all.find(({ name }) => /formwright[^/]*\.js$/.test(name))
      return { page_ms: page.responseEnd, script_asked_ms: script.startTime, script_there_ms: script.responseEnd, first_paint_ms: performance.getEntriesByName('first-contentful-paint')[0]?.startTime, script_run_ms, live_ms,
        bytes: all.concat(page).reduce((sum, { transferSize }) => sum + transferSize, 0) }
    })
    for (const [part, value] of Object.entries(told)) (parts[part] ??= []).push(value)
    await page.context().close()
  }
  return Object.fromEntries(Object.entries(parts).map(([part, values]) => [part, Math.round(median(values))]))
}
console.log(JSON.stringify({ what: 'hosted page, 60 fields, usable at first paint', ...(await firstUse(`${stage.url}/f/acme/benefit?lang=en`)) }))

stage.serve({ '/element': `<!doctype html><html lang=en><meta name=viewport content="width=device-width"><title>Elsewhere</title><link rel=stylesheet href="${stage.url}/assets/formwright.css">
  <link rel=modulepreload href="${stage.url}/v1/p/acme/benefit/versions/1/module.js"><link rel=modulepreload href="${stage.url}/assets/alone.js"><link rel=preload as=fetch crossorigin href="${stage.url}/v1/p/acme/benefit/versions/1/texts/en.json"><script type=module src="${stage.url}/assets/formwright.js"></script><main><formwright-form src="${stage.url}/v1/p/acme/benefit/versions/1"></formwright-form></main>` })
console.log(JSON.stringify({ what: 'element on a page of another site, 60 fields', ...(await firstUse(`${stage.origin}/element`)) }))

/* An edit as somebody makes it: a key is pressed in a field, and all that the main thread does until the frame with the totals is there: the key's own events, script,
 * style, layout, paint. It is told by the main thread's own clock, with the slowing down in it, since a thread that is slowed down spins. Beside it, what the same key
 * takes in a bare <input> of a page that has nothing else, which no page can be faster than, and on a page with the same markup and no script. */
stage.serve({ '/rows': `<!doctype html><html lang=en><title>Rows</title><link rel=stylesheet href="${stage.url}/assets/formwright.css"><script type=module src="${stage.url}/assets/formwright.js"></script><main><formwright-form></formwright-form></main>` })
stage.serve({ '/bare': '<!doctype html><html lang=en><title>Bare</title><input id=bare>', '/markup': `<!doctype html><html lang=en><title>Rows</title><link rel=stylesheet href="${stage.url}/assets/formwright.css"><main></main>` })
const EDITS = 30, STEPS = { script: 'v8.callFunction', style: 'UpdateLayoutTree', layout: 'Layout', prepaint: 'PrePaint', paint: 'Paint', layerize: 'Layerize' }

function drawRows(page, rows) {
  return page.evaluate(async ([at, rows]) => {
    await customElements.whenDefined('formwright-form')
    const element = document.querySelector('formwright-form'), { default: module } = await import(`${at}/module.js`), texts = await (await fetch(`${at}/texts/en.json`)).json()
    const items = Array.from({ length: rows }, (_, i) => ({ a: i % 7, b: i % 11, c: 1, d: '1.25', e: 'x', f: 'y', g: 2 }))
    const begun = performance.now()
    await element.show(module, texts, { answers: { items } })
    const drawn = performance.now() - begun
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    return { drawn_ms: Math.round(drawn), painted_ms: Math.round(performance.now() - begun) }
  }, [`${stage.url}/v1/p/acme/rows/versions/1`, rows])
}
/* The page without its script, as it stands. */
async function withoutScript(page) {
  const html = await page.locator('main').innerHTML()
  await page.goto(`${stage.origin}/markup`)
  await page.evaluate((html) => { document.querySelector('main').innerHTML = html }, html)
}
/* What one key costs, of the trace between two marks: from the first event of the key to the end of the frame's last step behind the event `input`. */
function costOf(span) {
  const end = (event) => event.tts + event.tdur, typed = (type) => span.find(({ name, args }) => name === 'EventDispatch' && args.data.type === type), key = typed('keydown'), input = typed('input')
  const last = span.find(({ name, ts }) => name === 'Layerize' && ts > input.ts) ?? input, inside = span.filter(({ ts }) => ts >= key.ts && ts <= last.ts), cost = { main: 0 }
  let until = key.tts
  for (const task of span.filter(({ name }) => name === 'ThreadControllerImpl::RunTask')) {
    cost.main += Math.max(0, Math.min(end(task), end(last)) - Math.max(task.tts, until))
    until = Math.max(until, end(task))
  }
  for (const [step, named] of Object.entries(STEPS)) {
    let until = 0
    cost[step] = inside.filter(({ name }) => name === named).reduce((sum, event) => (event.tts < until ? sum : ((until = end(event)), sum + event.tdur)), 0)
  }
  return cost
}
async function keysOn(page, idAt) {
  const browser = await stage.launch()
  await browser.startTracing(page, { categories: ['-*', 'toplevel', 'devtools.timeline', 'v8', 'blink.user_timing'] })
  for (let i = 0; i < EDITS; i++) {
    await page.evaluate((id) => { /* what a click and a look at the field cost is nobody's edit */
      const input = document.getElementById(id)
      input.scrollIntoView({ block: 'center' })
      input.focus()
      input.select()
      return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 500)))
    }, idAt(i))
    await page.evaluate(() => { performance.mark('edit-begun') })
    await page.keyboard.press(String(1 + (i % 9)))
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))))
    await page.evaluate(() => { performance.mark('edit-over') })
  }
  const { traceEvents } = JSON.parse(await browser.stopTracing()), mark = traceEvents.find(({ name }) => name === 'edit-begun')
  const all = traceEvents.filter(({ pid, tid }) => pid === mark.pid && tid === mark.tid).sort((a, b) => a.ts - b.ts), marks = (which) => all.filter(({ name }) => name === which).map(({ ts }) => ts), over = marks('edit-over')
  const costs = marks('edit-begun').map((from, i) => costOf(all.filter(({ ph, ts }) => ph === 'X' && ts >= from && ts < over[i])))
  return Object.fromEntries(Object.keys(costs[0]).map((step) => [step, Number((median(costs.map((cost) => cost[step])) / 1e3).toFixed(1))]))
}
const tell = (what, costs) => console.log(JSON.stringify({ what: `a key pressed ${what}: ms of the main thread until it is shown, and of what; median of ${EDITS}`, ...costs }))
async function pageOf(at, act) {
  const page = await slowPage({ network: false })
  await page.goto(stage.origin + at)
  await act(page)
  await page.context().close()
}
await pageOf('/bare', async (page) => tell('in a bare <input>', await keysOn(page, () => 'bare')))
for (const rows of [1, 1000]) {
  const idAt = (i) => `f-items-${(i * 31) % rows}-${i % 2 ? 'a' : 'd'}`
  await pageOf('/rows', async (page) => {
    console.log(JSON.stringify({ what: `${rows} rows of 10 fields drawn on one page`, ...(await drawRows(page, rows)) }))
    tell(`in one of ${rows} rows, with its totals`, await keysOn(page, idAt))
  })
  await pageOf('/rows', async (page) => {
    await drawRows(page, rows)
    await withoutScript(page)
    tell(`in the same markup of ${rows} rows without script`, await keysOn(page, idAt))
  })
}
await stage.close()
