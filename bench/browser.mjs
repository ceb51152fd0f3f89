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

/* An edit as somebody makes it: the handler of the input alone, then all until the frame is there. Wall time is what somebody waits; that of the main thread's
 * own clock is what it costs, with the slowing down in it, since a thread that is slowed down spins. One row is what a frame costs at least. */
stage.serve({ '/rows': `<!doctype html><html lang=en><title>Rows</title><link rel=stylesheet href="${stage.url}/assets/formwright.css"><script type=module src="${stage.url}/assets/formwright.js"></script><main><formwright-form></formwright-form></main>` })
const EDITS = 60
async function editsOf(rows) {
  const page = await slowPage({ network: false }), browser = await stage.launch()
  await page.goto(`${stage.origin}/rows`)
  const drawn = await page.evaluate(async ([at, rows]) => {
    await customElements.whenDefined('formwright-form')
    const element = document.querySelector('formwright-form'), { default: module } = await import(`${at}/module.js`), texts = await (await fetch(`${at}/texts/en.json`)).json()
    const items = Array.from({ length: rows }, (_, i) => ({ a: i % 7, b: i % 11, c: 1, d: '1.25', e: 'x', f: 'y', g: 2 }))
    const begun = performance.now()
    await element.show(module, texts, { answers: { items } })
    const drawn = performance.now() - begun
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    return { drawn_ms: Math.round(drawn), painted_ms: Math.round(performance.now() - begun) }
  }, [`${stage.url}/v1/p/acme/rows/versions/1`, rows])
  await browser.startTracing(page, { categories: ['blink.user_timing'] })
  for (let i = 0; i < EDITS; i++) {
    await page.evaluate(([i, rows]) => { /* what a click and a look at the field cost is nobody's edit */
      window.input = document.getElementById(`f-items-${(i * 31) % rows}-${i % 2 ? 'a' : 'd'}`)
      window.input.scrollIntoView({ block: 'center' })
      window.input.focus()
      return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))
    }, [i, rows])
    await page.evaluate(async (i) => {
      input.value = String(100 + i)
      const frame = new Promise((done) => requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0) }))
      performance.mark('edit-begun')
      input.dispatchEvent(new Event('input', { bubbles: true }))
      performance.mark('edit-handled')
      await frame
      performance.mark('edit-shown')
    }, i)
  }
  const { traceEvents } = JSON.parse(await browser.stopTracing()), marks = (name) => traceEvents.filter((event) => event.name === name).sort((a, b) => a.ts - b.ts)
  const [begun, handled, shown] = ['edit-begun', 'edit-handled', 'edit-shown'].map(marks)
  const spread = (from, to, clock) => {
    const all = from.map((event, i) => (to[i][clock] - event[clock]) / 1e3).sort((a, b) => a - b)
    return [all[EDITS >> 1], all[Math.floor(EDITS * 0.95)], all[EDITS - 1]].map((ms) => Number(ms.toFixed(1)))
  }
  const costs = { script: spread(begun, handled, 'ts'), frame: spread(begun, shown, 'ts'), script_cpu: spread(begun, handled, 'tts'), frame_cpu: spread(begun, shown, 'tts') }
  const total = await page.locator('#f-total').innerText()
  await page.context().close()
  return { drawn, costs, total }
}
for (const rows of [1, 1000]) {
  const { drawn, costs, total } = await editsOf(rows)
  console.log(JSON.stringify({ what: `${rows} rows of 10 fields drawn on one page`, ...drawn }))
  console.log(JSON.stringify({ what: 'an edit of one of them with its totals; median, 95 %, most, in ms', ...costs, total }))
}
await stage.close()
