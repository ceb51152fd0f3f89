// <formwright-form> in Chromium: drawn from a form's module and texts, live, sent to the real server.
//
//     node tests/browser/element_test.mjs FORMWRIGHT ROOT NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen, stageRun } from './stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core', 'axe-core'], 'the element in a browser')
const stage = await stageOpen(args)
const WEB = path.join(stage.root, 'web/formwright')
for (const name of readdirSync(WEB)) stage.serve({ [`/web/${name}`]: readFileSync(path.join(WEB, name)) })

/* A page of another site that shows one form, as its files and the compiler's output give it; posts go to the server. */
async function show(form, source, { lang = 'en', more = '', headers = {}, context = {} } = {}) {
  await stage.publish(form, source)
  const file = path.join(stage.work, `${form}.form`), at = `/v1/p/acme/${form}/versions/1`
  writeFileSync(file, source)
  stage.serve({ [`${at}/module.js`]: stage.run('module', file), [`${at}/texts/${lang}.json`]: stage.run('texts', file, '--locale', lang),
    [`/${form}`]: { headers, body: `<!doctype html><html lang="${lang}"><meta name=viewport content="width=device-width"><title>Elsewhere</title><link rel=stylesheet href=/web/style.css>
      <script type=module src=/web/element.js></script><main><formwright-form src="${at}"></formwright-form></main>${more}` } })
  const page = await stage.page(`/${form}`, {}, context)
  await page.evaluate(() => customElements.whenDefined('formwright-form').then(() => document.querySelector('formwright-form').ready))
  return page
}

const PARTY = `edition 2027
form party "Party" {
  choices meals { meat "Meat" fish "Fish" none "Nothing" }
  name: text "Your name" required length 1..20 autocomplete "name"
  coming: boolean "Are you coming, {name}?" required
  meal: choice(meals) "Meal" when coming required
  born: date "Date of birth" max "2020-01-01"
  gift: money(EUR) "Gift" min 0
  double: decimal(2) "Twice the gift" = gift * 2
  repeat guests "Guests" 0..3 when coming { guest: text "Guest" required  age: integer "Age" min 0 max 120 }
  total: integer "People" = count(guests) + 1
}
`
await stageRun(stage, {
  async it_draws_a_form_and_keeps_it_live() {
    const page = await show('party', PARTY)
    assert.equal(await page.locator('h1').innerText(), 'Party')
    assert.equal(await page.locator('[data-pointer="/meal"]').count(), 0)
    await page.fill('#f-name', 'Ada')
    assert.match(await page.locator('[data-pointer="/coming"] legend').innerText(), /Are you coming, Ada\?/)
    await page.getByLabel('Yes').check()
    assert.equal(await page.locator('[data-pointer="/meal"]').count(), 1)
    assert.equal(await page.inputValue('#f-name'), 'Ada')
    await page.fill('#f-gift', '12.5')
    assert.equal(await page.locator('#f-double').innerText(), '25.00')
    assert.equal(await page.inputValue('#f-gift'), '12.5')
    await page.getByRole('button', { name: 'Add an entry' }).click()
    assert.equal(await page.locator('#f-total').innerText(), '2')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'f-guests-0')
    await page.fill('#f-guests-0-guest', 'Bo')
    await page.getByRole('button', { name: 'Add an entry' }).click()
    await page.fill('#f-guests-1-guest', 'Cy')
    await page.getByRole('button', { name: 'Remove entry 1' }).click()
    assert.equal(await page.inputValue('#f-guests-0-guest'), 'Cy')
    assert.equal(await page.locator('#f-total').innerText(), '2')
    await page.getByLabel('No', { exact: true }).check()
    assert.equal(await page.locator('[data-pointer="/guests"]').count(), 0)
    assert.equal(await page.locator('#f-total').innerText(), '1')
  },

  async errors_are_told_as_on_hosted_pages_and_the_summary_takes_the_focus() {
    const page = await show('party2', PARTY.replace('form party', 'form party2'))
    await page.getByRole('button', { name: 'Send' }).click()
    assert.equal(await page.evaluate(() => document.activeElement.id), 'fw-summary')
    assert.equal(await page.locator('.fw-summary a').count(), 2)
    assert.equal(await page.locator('.fw-summary a').first().innerText(), 'Enter your name')
    assert.match(await page.locator('#f-name-error').innerText(), /Enter your name/)
    assert.equal(await page.getAttribute('#f-name', 'aria-invalid'), 'true')
    assert.equal(await page.getAttribute('#f-name', 'aria-describedby'), 'f-name-error')
    await page.locator('.fw-summary a').nth(1).click()
    assert.equal(await page.evaluate(() => document.activeElement.id), 'f-coming')
    await page.fill('#f-name', 'Ada')
    assert.equal(await page.locator('#f-name-error').count(), 0)
    await page.getByLabel('No', { exact: true }).check()
    assert.equal(await page.locator('.fw-summary').count(), 0)
  },

  async texts_of_authors_and_respondents_are_never_markup_and_no_script_runs() {
    const evil = '<img src=x onerror=window.evil=1><script>window.evil=1</script>"\'>'
    const source = `edition 2027
form evil "${evil.replaceAll('"', '\\"')}" {
  choices c { a "${evil.replaceAll('"', '\\"')}"  b "B {name}" }
  name: text "${evil.replaceAll('"', '\\"')}" hint "${evil.replaceAll('"', '\\"')}" placeholder "${evil.replaceAll('"', '\\"')}" required
  pick: choice(c) "Of {name}"
  note said "You said {name}"
  shown: text "Shown" = name
}
`
    const csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
    const page = await show('evil', source.replace(' "B {name}"', ' "B"'), { headers: { 'content-security-policy': csp } })
    const reports = []
    page.on('console', (message) => { if (/Content Security|Trusted/.test(message.text())) reports.push(message.text()) })
    await page.fill('#f-name', evil)
    assert.match(await page.locator('.fw-note').innerText(), /You said <img src=x/)
    assert.equal(await page.locator('#f-shown').innerText(), evil)
    await page.fill('#f-name', '')
    await page.getByRole('button', { name: 'Send' }).click()
    assert.equal(await page.evaluate(() => window.evil), undefined)
    assert.equal(await page.locator('formwright-form img, formwright-form script').count(), 0)
    assert.deepEqual(reports, [])
  },

  async axe_finds_nothing_at_first_and_with_errors() {
    const page = await show('party3', PARTY.replace('form party', 'form party3'))
    const axe = readFileSync(path.join(stage.modules, 'axe-core/axe.min.js'), 'utf8')
    await page.evaluate(axe)
    const look = () => page.evaluate(async () => (await window.axe.run(document.querySelector('main'), { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { 'target-size': { enabled: false } } }))
      .violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 2)}`))
    assert.deepEqual(await look(), [])
    await page.getByLabel('Yes').check()
    await page.getByRole('button', { name: 'Add an entry' }).click()
    await page.getByRole('button', { name: 'Send' }).click()
    assert.deepEqual(await look(), [])
  },

  async what_is_typed_stays_as_it_is_typed_and_dates_come_in_parts() {
    const page = await show('party4', PARTY.replace('form party', 'form party4'))
    await page.locator('#f-gift').pressSequentially('1,234.50')
    assert.equal(await page.inputValue('#f-gift'), '1,234.50')
    assert.equal(await page.locator('#f-double').innerText(), '2,469.00')
    await page.fill('#f-born', '1')
    await page.fill('#f-born-month', '2')
    await page.fill('#f-born-year', '1990')
    const answers = await page.evaluate(() => document.querySelector('formwright-form').form.answers())
    assert.equal(answers.born, '1990-02-01')
    assert.equal(answers.gift, '1234.50')
    assert.equal(await page.inputValue('#f-born'), '1')
  },
})
