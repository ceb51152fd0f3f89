// The element draws what the server draws: the markup of hosted pages and of <formwright-form>, normalised, is the same for every example, in several states.
//
//     node tests/browser/markup_test.mjs FORMWRIGHT ROOT NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen, stageRun } from './stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core'], 'the markup of the element')
const stage = await stageOpen(args)
stage.serveWeb()

/* In the page: elements with sorted attributes, one a line; what the server alone has, and what the language of a single text is, is left out. */
const NORMALISE = `window.normalise = (root) => {
  const lines = [], left = ['lang', 'dir', 'value', 'checked', 'selected', 'novalidate']
  const walk = (node, depth) => {
    if (node.nodeType === 3) { if (node.data.trim()) lines.push(' '.repeat(depth) + JSON.stringify(node.data.replace(/\\s+/g, ' ').trim())); return }
    if (node.nodeType !== 1) return
    const live = node.matches('input,select,textarea') ? [['=', node.type === 'radio' || node.type === 'checkbox' ? node.value + (node.checked ? ' on' : '') : node.value]] : []
    const attributes = [...node.attributes].filter(({ name }) => !left.includes(name)).map(({ name, value }) => [name, value]).concat(live).sort(([a], [b]) => (a < b ? -1 : 1))
    lines.push(' '.repeat(depth) + node.localName + attributes.map(([name, value]) => ' ' + name + '=' + JSON.stringify(value)).join(''))
    if (node.localName !== 'textarea') node.normalize(), node.childNodes.forEach((each) => walk(each, depth + 1))
  }
  walk(root, 0)
  return lines
}`

async function open(form, lang) {
  const page = await stage.page(null, {}, { bypassCSP: true, locale: lang })
  await page.route('**/assets/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
  await page.goto(`${stage.url}/f/acme/${form}?lang=${lang}`)
  await page.evaluate(NORMALISE)
  return page
}
/* What the server has drawn, and what the element draws of the same answers. */
async function compare(page, form, lang, { wrong = false } = {}) {
  await page.evaluate(NORMALISE)
  const server = await page.evaluate(() => ({ body: window.normalise(document.querySelector('.fw-page')), summary: [...document.querySelectorAll('.fw-summary')].flatMap(window.normalise),
    page: document.querySelector('.fw-page').dataset.page, saved: document.querySelector('[name=_saved]')?.value }))
  const saved = server.saved ? await fetch(`${stage.url}/v1/p/acme/${form}/saved/${server.saved}`) : undefined
  const answers = saved?.ok ? (await saved.json()).answers : {}
  const element = await page.evaluate(async ([web, at, lang, answers, name, wrong]) => {
    const { default: module } = await import(`${at}/module.js`), texts = await (await fetch(`${at}/texts/${lang}.json`)).json()
    await import(web + '/web/element.js')
    const element = document.createElement('formwright-form')
    document.querySelector('main').replaceChildren(element)
    await element.show(module, texts, { answers })
    element.page = name
    if (wrong) element.querySelector('form').requestSubmit()
    return { body: window.normalise(element.querySelector('.fw-page')), summary: [...element.querySelectorAll('.fw-summary')].flatMap(window.normalise) }
  }, [stage.origin, `${stage.url}/v1/p/acme/${form}/versions/1`, lang, answers, server.page, wrong])
  assert.deepEqual(element.body, server.body, `${form} ${server.page}`)
  assert.deepEqual(element.summary, server.summary, `${form} ${server.page}`)
}

const examples = readdirSync(path.join(stage.root, 'examples')).filter((name) => name.endsWith('.form') && name !== 'nigeria_wards.form').map((name) => name.slice(0, -5))
const tests = {}
for (const name of [...examples, 'clinic']) {
  const from = path.join(stage.root, name === 'clinic' ? 'tests/browser' : 'examples', `${name}.form`)
  tests[`the_markup_of_${name}_is_the_same`] = async () => {
    const source = readFileSync(from, 'utf8')
    await stage.publish(name, source)
    const { languages } = await (await fetch(`${stage.url}/v1/p/acme/${name}`)).json(), lang = languages.includes('en') ? 'en' : languages[0]
    const first = await open(name, lang)
    /* What a page begins with is worked with from its first post on; the element does so at once. */
    if (!/ default /.test(source)) await compare(first, name, lang)
    await first.context().close()
    const sent = await open(name, lang)
    await sent.locator('.fw-actions .fw-button').first().click()
    if (await sent.locator('.fw-page').count()) await compare(sent, name, lang, { wrong: (await sent.locator('.fw-summary').count()) > 0 })
    await sent.context().close()
  }
}
tests.rows_conditions_and_later_pages_are_the_same = async () => {
  const page = await open('clinic', 'en')
  await page.fill('#f-name', 'Ada Lovelace')
  for (const [part, value] of [['', '10'], ['-month', '12'], ['-year', '1990']]) await page.fill(`#f-born${part}`, value)
  await page.fill('#f-mail', 'ada@example.org')
  await page.locator('.fw-tick').nth(1).check()
  await page.locator('.fw-actions .fw-button').first().click()
  await page.locator('.fw-tick').nth(2).check()
  await page.getByRole('button', { name: 'Add' }).click()
  await page.fill('#f-companions-0-who', 'Bo')
  await page.fill('#f-share', '12.5')
  await page.getByRole('button', { name: 'Add' }).click()
  await compare(page, 'clinic', 'en')
}
await stageRun(stage, tests)
