// A stock react-jsonschema-form, on a page of another site, draws forms from ?format=jsonschema, holds them against its own ajv, and what
// people filled in is accepted by the real server.
//
//     node tests/browser/rjsf_test.mjs FORMWRIGHT ROOT NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen, stageRun } from './stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core', 'esbuild', '@rjsf/core', '@rjsf/utils', '@rjsf/validator-ajv8', 'react', 'react-dom'], 'react-jsonschema-form')
const stage = await stageOpen(args)

const SCRIPT = `
import Form from '@rjsf/core'
import validator from '@rjsf/validator-ajv8'
import { createRoot } from 'react-dom/client'

async function show() {
  const query = new URLSearchParams(location.search)
  const from = query.get('from')
  const { schema, uiSchema, lang, dir } = await (await fetch(from + '?format=jsonschema' + (query.get('lang') ? '&lang=' + query.get('lang') : ''))).json()
  Object.assign(document.documentElement, { lang, dir })
  const submit = async ({ formData }) => {
    const response = await fetch(from + '/submissions', {
      method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify({ answers: formData }) })
    window.answer = { status: response.status, body: await response.json(), sent: formData }
  }
  createRoot(document.getElementById('root')).render(<Form schema={schema} uiSchema={uiSchema} validator={validator} onSubmit={submit}
    showErrorList="top" noHtml5Validate onError={errors => { window.errors = errors.map(e => e.stack) }} />)
}
show()
`
const HTML = '<!doctype html><title>Elsewhere</title><div id=root></div><script src="/rjsf.js"></script>'
stage.serve({ '/': HTML, '/rjsf.js': stage.bundle(SCRIPT) })

const open = async (form, lang = '') => {
  const page = await stage.page(`/?from=${encodeURIComponent(`${stage.url}/v1/p/acme/${form}`)}&lang=${lang}`)
  await page.locator('form').waitFor()
  return page
}
const send = async page => {
  await page.locator('button[type=submit]').click()
  await page.waitForFunction(() => window.answer || window.errors)
  return page.evaluate(() => ({ answer: window.answer, errors: window.errors }))
}

const TRIP = `edition 2027
form trip "Trip" {
  languages en, ar
  choices meals { meat "Meat"  none "Nothing" }
  choices days { mo "Monday"  tu "Tuesday"  we "Wednesday" }
  who: text "Your name" required length 2..20 autocomplete "name" hint "As in your passport"
  mail: email "E-mail" required
  letter: text "A letter" multiline placeholder "Dear …"
  alone: boolean "Do you travel alone?" required
  meal: choice(meals) "Meal" required
  when_free: choices(days) "Free days" required
  first_day: date "First day" required
  at: time "At" required
  month: year_month "Month"
  fare: money(EUR) "Fare" required min 1 max 100
  twice: decimal(2) "Twice" = fare * 2
  10: integer "Ten"
  repeat guests "Guests" 0..3 { name: text "Guest's name" required  age: integer "Age" min 0 }
  group visa "Visa" when not alone { number: text "Number" required }
  translate ar { title "رحلة" who "اسمك" days.mo "الاثنين" }
}
`.replace('  10: integer "Ten"\n', '  ten: integer "Ten" key "10"\n')

await stageRun(stage, {
  async a_form_with_every_usual_type_is_drawn_filled_in_and_accepted() {
    await stage.publish('trip', TRIP)
    const page = await open('trip')
    assert.equal(await page.locator('#root_letter').evaluate(e => e.tagName), 'TEXTAREA')
    assert.equal(await page.locator('#root_letter').getAttribute('placeholder'), 'Dear …')
    assert.equal(await page.locator('#root_who').getAttribute('autocomplete'), 'name')
    assert.equal(await page.locator('#root_mail').getAttribute('type'), 'email')
    assert.equal(await page.locator('#root_first_day').getAttribute('type'), 'date')
    assert.equal(await page.locator('#root_twice').count(), 0)
    assert.match(await page.locator('#root_who__description').innerText(), /As in your passport/)
    const labels = await page.locator('fieldset#root > div > label, fieldset#root > .form-group > label').allInnerTexts()
    assert.ok(labels.indexOf('Ten') > labels.indexOf('Month'), `in the form's order: ${labels}`)

    const refused = await send(page)
    assert.ok(refused.errors.length >= 6, 'its own checks demand what the form demands')
    await page.fill('#root_who', 'Ada')
    await page.fill('#root_mail', 'ada@example.org')
    await page.getByRole('group', { name: 'alone' }).or(page.locator('#root_alone')).getByLabel('yes').check()
    await page.locator('#root_meal').getByLabel('Nothing').check()
    await page.locator('#root_when_free').getByLabel('Tuesday').check()
    await page.fill('#root_first_day', '2026-11-30')
    await page.fill('#root_at', '10:30')
    await page.fill('#root_fare', '12.34')
    await page.locator('button.rjsf-array-item-add, .rjsf-array-item-add button').first().click()
    await page.fill('#root_guests_0_name', 'Bo')
    await page.evaluate(() => { window.errors = window.answer = undefined })
    const { answer, errors } = await send(page)
    assert.deepEqual(errors, undefined)
    assert.equal(answer.status, 201, JSON.stringify(answer))
    const [stored] = await stage.submissions('trip')
    const whole = await stage.api('GET', `/v1/tenants/acme/forms/trip/submissions/${stored.id}`, undefined, { as: stage.reader })
    assert.equal(whole.answers.fare, '12.34')
    assert.equal(whole.answers.twice, '24.68')
    assert.deepEqual(whole.answers.when_free, ['tu'])
    assert.deepEqual(whole.answers.guests, [{ name: 'Bo' }])
    assert.equal(whole.answers.alone, true)
    assert.equal(whole.answers.visa, undefined)
  },

  async titles_come_in_the_language_asked_for_with_its_direction() {
    const page = await open('trip', 'ar-EG')
    assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl')
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'ar')
    assert.match(await page.locator('body').innerText(), /اسمك/)
    assert.equal(await page.locator('#root_when_free').getByLabel('الاثنين').count(), 1)
    assert.equal(await page.locator('#root_alone').getByLabel('نعم').count(), 1)
  },

  async an_example_form_is_drawn_filled_in_and_accepted() {
    await stage.publishExample('person_and_job')
    const page = await open('person_and_job')
    await page.fill('#root_person_name_first', 'Ada')
    await page.fill('#root_person_name_last', 'Lovelace')
    await page.fill('#root_person_birth_date', '1990-12-10')
    await page.locator('#root_person_race').getByLabel('White').check()
    await page.fill('#root_person_address_line_1', '1 Main Street')
    await page.fill('#root_person_address_city', 'Springfield')
    await page.locator('#root_person_address_state').selectOption({ label: 'CA' })
    await page.fill('#root_person_address_postal_code', '12345')
    await page.locator('#root_employment_job_type').getByLabel('Company').check()
    await page.fill('#root_employment_business', 'Analytical Engines')
    await page.fill('#root_employment_location_city', 'Springfield')
    await page.locator('#root_employment_location_state').selectOption({ label: 'NY' })
    const { answer, errors } = await send(page)
    assert.deepEqual(errors, undefined)
    assert.equal(answer.status, 201, JSON.stringify(answer))
    assert.equal((await stage.submissions('person_and_job')).length, 1)
  },

  async every_example_is_a_schema_that_the_stock_validator_takes_and_the_renderer_draws() {
    const names = readdirSync(path.join(stage.root, 'examples')).filter(name => name.endsWith('.form') && name !== 'nigeria_wards.form')
    assert.ok(names.length >= 20)
    const page = await stage.page('/all', { '/all': '<!doctype html><title>All</title><div id=root></div><script src="/all.js"></script>', '/all.js': stage.bundle(`
import Form from '@rjsf/core'
import validator from '@rjsf/validator-ajv8'
import { createRoot } from 'react-dom/client'
import { flushSync } from 'react-dom'
window.draw = ({ schema, uiSchema }) => {
  const root = createRoot(document.getElementById('root'))
  flushSync(() => root.render(<Form schema={schema} uiSchema={uiSchema} validator={validator} />))
  const result = { controls: document.querySelectorAll('input,select,textarea,button:not([type=submit])').length, alarms: [...document.querySelectorAll('.unsupported-field,.panel-danger')].map(e => e.textContent),
    errors: validator.rawValidation(schema, {}).validationError?.message }
  root.unmount()
  return result
}`) })
    for (const name of names) {
      const text = stage.run('schema', path.join(stage.root, 'examples', name), '--form')
      const result = await page.evaluate(drawn => window.draw(drawn), JSON.parse(text))
      assert.deepEqual(result.alarms, [], name)
      assert.equal(result.errors, undefined, name)
      assert.ok(result.controls > 0, name)
    }
  },

  async a_pinned_version_says_the_same_for_ever_and_other_formats_are_refused() {
    const pinned = await fetch(`${stage.url}/v1/p/acme/trip/versions/1?format=jsonschema`)
    assert.equal(pinned.status, 200)
    assert.match(pinned.headers.get('cache-control'), /immutable/)
    const live = await fetch(`${stage.url}/v1/p/acme/trip?format=jsonschema`)
    assert.equal(await live.text(), await pinned.text())
    assert.match(live.headers.get('cache-control'), /no-cache/)
    const again = await fetch(`${stage.url}/v1/p/acme/trip?format=jsonschema`, { headers: { 'if-none-match': live.headers.get('etag') } })
    assert.equal(again.status, 304)
    assert.equal((await fetch(`${stage.url}/v1/p/acme/trip?format=yaml`)).status, 400)
    assert.equal((await fetch(`${stage.url}/v1/p/acme/trip?lang=ar`)).status, 200)
  },
})
