// Takes the pictures of docs/images anew: forms as the server draws them, light, dark, from right to left, on a phone, with errors, in print.
//
//     node tests/browser/pictures.mjs FORMWRIGHT ROOT NODE_MODULES [FOLDER]        then look at them
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen } from './stage.mjs'

const args = process.argv.slice(2), folder = args[3] ?? path.join(args[1], 'docs/images')
stageNeeds(args[2], ['playwright-core'], 'what the pages look like')
const stage = await stageOpen(args)
const WIDE = { width: 820, height: 1000 }, PHONE = { width: 360, height: 1000 }

await stage.publish('clinic', readFileSync(path.join(stage.root, 'tests/browser/clinic.form'), 'utf8'))
for (const name of ['phq9', 'invoice', 'person_and_job', 'benefit_application']) await stage.publishExample(name)

async function picture(name, form, act, { viewport = WIDE, lang = 'en', full = true, ...context } = {}) {
  const page = await stage.page(`${stage.url}/f/acme/${form}?lang=${lang}`, {}, { viewport, locale: lang, ...context })
  if (process.env.STYLE) await page.route('**/assets/*.css', (route) => route.fulfill({ path: process.env.STYLE, contentType: 'text/css' })).then(() => page.reload())
  await act?.(page)
  await page.waitForTimeout(200)
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: full })
  await page.context().close()
}
const next = (page) => page.locator('.fw-actions .fw-button').first().click()
const fillClinic = async (page) => {
  await page.fill('#f-name', 'Ada Lovelace')
  await page.fill('#f-born', '10')
  await page.fill('#f-born-month', '12')
  await page.fill('#f-born-year', '1990')
  await page.fill('#f-mail', 'ada@example.org')
  await page.locator('.fw-tick').nth(1).check()
}

await picture('light', 'clinic', fillClinic)
await picture('dark', 'phq9', undefined, { colorScheme: 'dark', viewport: { width: 820, height: 900 }, full: false })
await picture('right-to-left', 'clinic', fillClinic, { lang: 'ar' })
await picture('phone', 'clinic', async (page) => {
  await fillClinic(page)
  await next(page)
  await page.locator('.fw-tick').nth(1).check()
  await page.getByRole('button', { name: 'Add' }).click()
  await page.fill('#f-companions-0-who', 'Bo')
  await page.evaluate(() => window.scrollTo(0, 0))
}, { viewport: PHONE, full: false, deviceScaleFactor: 2, isMobile: true, hasTouch: true })
await picture('errors', 'clinic', async (page) => {
  await page.fill('#f-name', 'A')
  await page.fill('#f-born', '31')
  await page.fill('#f-born-month', '2')
  await page.fill('#f-born-year', '1990')
  await next(page)
})
await picture('rows', 'invoice', async (page) => {
  for (const [i, [model, count]] of [['item1', '3'], ['item2', '1']].entries()) {
    await page.getByRole('button', { name: 'Add' }).click()
    await page.locator(`input[name="q1/${i}/phone_model"][value="${model}"]`).check()
    await page.fill(`#f-q1-${i}-quantity`, count)
  }
})
await picture('check', 'clinic', async (page) => {
  await fillClinic(page)
  await next(page)
  await page.locator('.fw-tick').nth(1).check()
  for (const row of ['sleep', 'smoke', 'walk']) await page.locator(`input[name="habits/${row}"]`).nth(1).check()
  await next(page)
})
await stage.api('PUT', '/v1/tenants/acme/theme', JSON.stringify({
  name: 'Harbour Clinic', font: 'Georgia, DejaVu Serif, serif', radius: '0.125rem', width: '38rem',
  light: { accent: '#0f5c4d', background: '#fffdf8', surface: '#f3efe4', text: '#1d2b27', muted: '#4d5f58', border: '#6f8078', line: '#ddd8c9' },
  dark: { accent: 'oklch(0.85 0.09 175)', accent_text: '#06251f', background: '#101917', surface: '#1a2623' },
}))
await picture('theme', 'clinic', fillClinic)
if (process.env.ALL) {
  await picture('theme-dark', 'clinic', fillClinic, { colorScheme: 'dark' })
  await picture('forced', 'clinic', fillClinic, { forcedColors: 'active' })
  await picture('matrix', 'clinic', async (page) => { await fillClinic(page); await next(page) })
  await picture('matrix-dark-errors', 'clinic', async (page) => { await fillClinic(page); await next(page); await next(page) }, { colorScheme: 'dark' })
  await picture('select', 'person_and_job', undefined)
  await picture('print', 'clinic', async (page) => { await fillClinic(page); await page.emulateMedia({ media: 'print' }) })
}
await stage.close()
