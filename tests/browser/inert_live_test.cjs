// The same strings with our own script: hosted pages that are live, and <formwright-form> on a page with a strict policy and Trusted Types, where texts, answers, what the
// server says and what a new version no longer asks are all drawn in the browser.
const { open, all } = require('./site.cjs')
const { own, payloads, form, look } = require('./hostile.cjs')

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
const escaped = text => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;')
const html = (name, lang) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Elsewhere</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/formwright.css"><script type="module" src="/assets/formwright.js"></script></head>
<body><main><h1>Elsewhere</h1><formwright-form src="/v1/p/acme/${name}" lang="${escaped(lang)}"></formwright-form></main></body></html>`

// What is asked for comes from the server itself, or is made up in its name.
async function serve(page, site, state) {
  await page.route(`${site.url}/elsewhere*`, route => route.fulfill({ body: html(state.name, state.lang), contentType: 'text/html', headers: { 'content-security-policy': policy } }))
  await page.route('**/submissions', route => (state.refusal ? route.fulfill({ status: state.refusal.status, contentType: 'application/problem+json', body: JSON.stringify(state.refusal) }) : route.continue()))
}
const drawn = page => page.waitForFunction(() => document.querySelector('formwright-form .fw-form, formwright-form .fw-done'))
const next = page => page.locator('.fw-actions .fw-button').first().click()
async function fillAll(page, texts) {
  for (const [i, text] of texts.entries()) {
    await page.fill(`[name=a${i}]`, text)
    await page.fill(`[name="c${i}/other"]`, text)
    const row = page.locator(`[name="r${i}/0/in${i}"]`)
    if (!(await row.count())) await page.locator(`[value="add:r${i}"]`).click()
    await row.fill(text)
  }
}
const told = async (site, page, text, where) => site.expect((await page.textContent('formwright-form')).includes(text.replace(/[\r\n]/g, '').trim().slice(0, 20)), `${where}: ${JSON.stringify(text)} is not told`)

async function hosted(site, page, name, chunk, url) {
  await page.goto(url)
  await page.evaluate(() => customElements.whenDefined('formwright-form').then(() => document.querySelector('formwright-form').ready))
  await fillAll(page, chunk)
  await look(site, page, `${name} live`)
  await next(page)
  await page.locator('.fw-summary').waitFor()
  await look(site, page, `${name} live, with errors`)
}

async function element(site, page, name, chunk, state) {
  Object.assign(state, { name, lang: chunk[0], refusal: undefined })
  await page.goto(`${site.url}/elsewhere`)
  await drawn(page)
  await look(site, page, `${name} element`)
  await fillAll(page, chunk)
  await look(site, page, `${name} element, filled in`)
  await told(site, page, chunk[0], name)
  await next(page)
  await page.locator('.fw-summary').waitFor()
  await look(site, page, `${name} element, with errors`)
  state.lang = 'de'
  await page.goto(`${site.url}/elsewhere`)
  await drawn(page)
  await look(site, page, `${name} element, in German, with its draft`)
}

// All the way: the second page, answers to check, refusals of the server, a version that is gone, the receipt.
async function toTheEnd(site, page, name, chunk, state) {
  const hostile = chunk.join(' ')
  Object.assign(state, { name, lang: 'en', refusal: { status: 422, title: hostile, code: hostile, detail: hostile, errors: chunk.map(text => ({ pointer: `/${text}`, code: text, message: text })) } })
  await page.goto(`${site.url}/elsewhere`)
  await drawn(page)
  await fillAll(page, chunk)
  await next(page)
  await page.locator('[name=b]').waitFor()
  await look(site, page, `${name} element, second page`)
  await page.fill('[name=b]', chunk[0])
  await next(page)
  await page.locator('.fw-summary-list').first().waitFor()
  await look(site, page, `${name} element, answers to check`)
  await told(site, page, chunk.at(-1), `${name} check`)
  await next(page)
  await page.locator('.fw-notice').waitFor()
  await look(site, page, `${name} element, refused`)
  state.refusal = { status: 409, title: hostile, code: 'version-retired' }
  site.publish(form(name, chunk.slice(0, Math.max(1, chunk.length - 3)), true), name, '--allow-breaking')
  await next(page)
  await page.waitForFunction(() => document.querySelector('.fw-notice')?.textContent.length > 40 && !document.querySelector('.fw-summary-list'))
  await look(site, page, `${name} element, another version`)
  state.refusal = undefined
  for (let i = 0; i < 3 && !(await page.locator('.fw-done').count()); i++) {
    await next(page)
    await page.waitForTimeout(150)
  }
  await page.locator('.fw-done').waitFor()
  await look(site, page, `${name} element, done`)
}

open(async site => {
  const texts = all ? payloads() : own.slice(0, 6), page = await site.page({ javaScriptEnabled: true }), state = {}
  await serve(page, site, state)
  page.on('request', request => site.expect(request.url().startsWith(site.url) || request.url() === 'data:,', `something was fetched from elsewhere: ${request.url()}`))
  console.log(`${texts.length} strings`)
  for (let at = 0; at < texts.length; at += 18) {
    const chunk = texts.slice(at, at + 18), name = `x${at}`
    const url = site.publish(form(name, chunk), name)
    await hosted(site, page, name, chunk, url)
    await element(site, page, name, chunk, state)
    site.publish(form(`y${at}`, chunk, true), `y${at}`)
    await toTheEnd(site, page, `y${at}`, chunk, state)
  }
})
