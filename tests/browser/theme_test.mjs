// A tenant's own look, and forms in frames of other sites, as Chromium sees them.
//
//     node tests/browser/theme_test.mjs FORMWRIGHT ROOT NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen, stageRun } from './stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core', 'axe-core'], 'themes and frames')
const stage = await stageOpen(args)
await stage.publish('clinic', readFileSync(path.join(stage.root, 'tests/browser/clinic.form'), 'utf8'))
const axe = readFileSync(path.join(stage.modules, 'axe-core/axe.min.js'), 'utf8')
const address = `${stage.url}/f/acme/clinic?lang=en`

const theme = {
  name: 'Acme <b>& Söhne', font: 'Georgia, serif', radius: '0.125rem', width: '36rem',
  light: { accent: '#7a1f5c', background: '#fffaf5', surface: '#f6ece2', text: '#2b1a12', muted: '#6b4f40', border: '#8a6d5c', focus: '#9ae6b4' },
  dark: { accent: 'oklch(0.85 0.09 340)', background: '#1b1016', surface: '#2a1a23', border: '#9a8591' },
}
const set = (body) => stage.api('PUT', '/v1/tenants/acme/theme', JSON.stringify(body))
const frames = (list) => stage.api('PUT', '/v1/tenants/acme/forms/clinic/settings', JSON.stringify({ frame_ancestors: list }))

const reports = []
async function open(target, context = {}) {
  const page = await stage.page(null, {}, context)
  page.on('console', (message) => { if (message.type() === 'error' || /Content Security|Trusted/.test(message.text())) reports.push(message.text()) })
  page.on('requestfailed', (request) => reports.push(`not loaded: ${request.url()}`))
  await page.goto(target)
  return page
}
const color = (page, selector, what) => page.evaluate(([selector, what]) => getComputedStyle(document.querySelector(selector))[what], [selector, what])
async function sound(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  assert.deepEqual(violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`), [])
}
const next = (page) => page.locator('.fw-actions .fw-button').first().click()

await stageRun(stage, {
  async a_page_wears_the_theme_in_light_and_dark_and_axe_finds_nothing() {
    await set(theme)
    for (const [colorScheme, accent, back] of [['light', 'rgb(122, 31, 92)', 'rgb(255, 250, 245)'], ['dark', undefined, 'rgb(27, 16, 22)']]) {
      const page = await open(address, { colorScheme })
      assert.equal(await page.textContent('.fw-brand'), theme.name)
      assert.equal(await color(page, 'body', 'backgroundColor'), back)
      if (accent) assert.equal(await color(page, '.fw-button', 'backgroundColor'), accent)
      assert.match(await color(page, 'body', 'fontFamily'), /^Georgia/)
      await sound(page)
      await page.locator('.fw-tick').nth(1).check()
      await next(page)
      await page.locator('.fw-summary').waitFor()
      await sound(page)
      await page.context().close()
    }
    assert.deepEqual(reports, [])
  },

  async oklch_is_the_colour_that_the_browser_makes_of_it() {
    const page = await open(address, { colorScheme: 'dark' })
    const both = await page.evaluate((text) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
      canvas.fillStyle = text
      canvas.fillRect(0, 0, 1, 1)
      return [`rgb(${[...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).join(', ')})`, getComputedStyle(document.querySelector('.fw-button')).backgroundColor]
    }, theme.dark.accent)
    assert.equal(both[1], both[0])
    await page.context().close()
  },

  async paper_is_white_whatever_the_theme() {
    const page = await open(address)
    await page.emulateMedia({ media: 'print' })
    assert.equal(await color(page, 'body', 'backgroundColor'), 'rgb(255, 255, 255)')
    assert.equal(await color(page, 'body', 'color'), 'rgb(0, 0, 0)')
    await page.context().close()
  },

  async the_element_takes_the_same_properties_on_another_page() {
    const page = await stage.page('/', { '/': `<!DOCTYPE html><html lang="en"><title>Elsewhere</title>
      <link rel="stylesheet" href="${stage.url}/assets/formwright.css"><link rel="stylesheet" href="${stage.url}/assets/acme/theme.css">
      <main><h1>Elsewhere</h1><script type="module" src="${stage.url}/assets/formwright.js"></script>
      <formwright-form src="${stage.url}/v1/p/acme/clinic" lang="en"></formwright-form></main>` }, { colorScheme: 'light' })
    await page.locator('#f-name').waitFor()
    assert.equal(await color(page, '.fw-button', 'backgroundColor'), 'rgb(122, 31, 92)')
    assert.equal(await color(page, '#f-name', 'borderTopLeftRadius'), '2px')
    await page.context().close()
  },

  async without_a_theme_a_page_is_as_it_was() {
    await set({})
    const page = await open(address, { colorScheme: 'light' })
    assert.equal(await color(page, '.fw-button', 'backgroundColor'), 'rgb(29, 78, 216)')
    assert.equal(await page.locator('.fw-brand').count(), 0)
    assert.deepEqual(reports, [])
    await page.context().close()
  },

  async a_frame_shows_a_form_on_the_pages_that_may_and_nowhere_else() {
    const other = `http://localhost:${new URL(stage.origin).port}` // the same server under the name of another origin
    const page = await stage.page(null)
    stage.serve({ '/frame': `<!DOCTYPE html><html lang="en"><title>A frame</title><iframe title="Clinic" src="${address}" width="600" height="600"></iframe>` })
    const shown = async (from) => {
      await page.goto(`${from}/frame`)
      return page.frameLocator('iframe').locator('#f-name').waitFor({ timeout: 4000 }).then(() => true, () => false)
    }
    assert.equal(await shown(stage.origin), false, 'shown in a frame by default')
    await frames([stage.origin])
    assert.equal(await shown(other), false, 'shown in a frame of a foreign origin')
    assert.equal(await shown(stage.origin), true, 'not shown in a frame that may')
    const inner = page.frameLocator('iframe')
    await inner.locator('.fw-actions .fw-button').first().click()
    await inner.locator('.fw-summary').waitFor() // also the pages behind the first
    await frames([])
    assert.equal(await shown(stage.origin), false, 'still shown in a frame')
    await page.context().close()
  },
})
