// A hosted page with script: the page's own form is taken over as it is, live, and posts as it does without.
//
//     node tests/browser/hosted_test.mjs FORMWRIGHT ROOT NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen, stageRun } from './stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core', 'axe-core'], 'hosted pages with script')
const stage = await stageOpen(args)
await stage.publish('clinic', readFileSync(path.join(stage.root, 'tests/browser/clinic.form'), 'utf8'))

const reports = []
async function open(form = 'clinic', { before, waitUntil } = {}) {
  const page = await stage.page(null)
  page.on('console', (message) => { if ((message.type() === 'error' && !/favicon/.test(message.location().url)) || /Content Security|Trusted/.test(message.text())) reports.push(message.text()) })
  await before?.(page)
  await page.goto(`${stage.url}/f/acme/${form}?lang=en`, { waitUntil })
  return page
}
const ready = (page) => page.evaluate(() => customElements.whenDefined('formwright-form').then(() => document.querySelector('formwright-form').ready))
const next = (page) => page.locator('.fw-actions .fw-button').first().click()
async function fillFirst(page) {
  await page.fill('#f-name', 'Ada Lovelace')
  for (const [part, value] of [['', '10'], ['-month', '12'], ['-year', '1990']]) await page.fill(`#f-born${part}`, value)
  await page.fill('#f-mail', 'ada@example.org')
}

const CREW = `edition 2027
form crew "Crew" {
  page one "One" {
    more: boolean "More?"
    repeat people "People" 2..4 { who: text "Name"  repeat tools "Tools" 1..2 { tool: text "Tool" } }
    count: integer "Count" = count(people)
  }
  page two "Two" when more { why: text "Why" }
  page three "Three" { repeat boxes "Boxes" 1..2 { box: text "Box" } }
}
`
await stage.publish('crew', CREW)

await stageRun(stage, {
  async rows_that_must_be_there_count_from_the_beginning() {
    const page = await open('crew')
    await ready(page)
    assert.equal(await page.locator('#f-count').innerText(), '2')
    await page.fill('#f-people-1-tools-0-tool', 'Saw')
    await page.fill('#f-people-0-who', 'Ada')
    await page.locator('[value="add:people"]').click()
    assert.equal(await page.locator('#f-count').innerText(), '3')
    assert.equal(await page.inputValue('#f-people-1-tools-0-tool'), 'Saw')
    assert.equal(await page.locator('#f-people-2-tools-0-tool').count(), 1, 'a row that is added has its own')
    assert.equal(await page.locator('[value="remove:people/2/tools/0"]').count(), 0)
    assert.deepEqual(await page.evaluate(() => document.querySelector('formwright-form').form.answers()), { people: [{ who: 'Ada', tools: [{}] }, { tools: [{ tool: 'Saw' }] }, { tools: [{}] }] })
    await page.context().close()
  },

  async how_far_a_page_is_follows_pages_that_come_and_go() {
    const page = await open('crew'), told = () => page.locator('.fw-progress').innerText()
    await ready(page)
    assert.equal(await told(), 'Step 1 of 2')
    await page.getByLabel('Yes').check()
    assert.equal(await told(), 'Step 1 of 3')
    await next(page)
    await page.locator('h1', { hasText: 'Two' }).waitFor()
    assert.equal(await told(), 'Step 2 of 3')
    await page.locator('.fw-back').click()
    await page.locator('h1', { hasText: 'One' }).waitFor()
    await ready(page)
    await page.getByLabel('No', { exact: true }).check()
    assert.equal(await told(), 'Step 1 of 2')
    await stage.publish('brief', 'edition 2027\nform brief "Brief" { page one "One" { more: boolean "More?" }  page two "Two" when more { why: text "Why" } }\n')
    await page.goto(`${stage.url}/f/acme/brief?lang=en`)
    await ready(page)
    assert.equal(await page.locator('.fw-progress').count(), 0)
    await page.getByLabel('Yes').check()
    assert.equal(await page.locator('.fw-progress + h1').count(), 1)
    assert.equal(await told(), 'Step 1 of 2')
    await page.getByLabel('No', { exact: true }).check()
    assert.equal(await page.locator('.fw-progress').count(), 0)
    await page.context().close()
  },

  async taking_over_changes_nothing_that_the_server_has_drawn() {
    for (const wrong of [false, true]) {
      const page = await open('clinic', { before: (page) => page.addInitScript(() => {
        window.changes = []
        new MutationObserver((records) => { if (window.customElements.get('formwright-form')) window.changes.push(...records.map(({ type, target, attributeName }) => `${type} ${target.className ?? target.nodeName} ${attributeName ?? ''}`)) })
          .observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
      }) })
      await ready(page)
      if (wrong) {
        await page.evaluate(() => document.querySelector('form').submit())
        await page.waitForURL(/e=1|you/)
        await ready(page)
      }
      assert.deepEqual(await page.evaluate(() => window.changes), [])
      await page.context().close()
    }
  },

  async what_was_typed_before_the_script_came_stays_and_counts() {
    let letGo
    const waits = new Promise((done) => { letGo = done })
    const page = await open('clinic', { before: (page) => page.route('**/assets/*.js', async (route) => { await waits; await route.continue() }), waitUntil: 'commit' })
    await page.fill('#f-name', 'Grace')
    await page.getByLabel('Pain or injury').check()
    letGo()
    await page.locator('#f-since').waitFor()
    assert.equal(await page.inputValue('#f-name'), 'Grace')
    assert.match(await page.locator('[data-pointer="/since"] label').innerText(), /Since when does it hurt, Grace\?/)
  },

  async a_page_is_live_checked_before_it_is_posted_and_posted_as_without_script() {
    const page = await open()
    await ready(page)
    const first = page.url()
    await page.getByLabel('Pain or injury').check()
    assert.equal(await page.locator('#f-since').count(), 1)
    await next(page)
    assert.equal(page.url(), first, 'nothing was posted')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'fw-summary')
    assert.match(await page.title(), /^Error: /)
    await fillFirst(page)
    await page.fill('#f-since', 'Monday')
    assert.equal(await page.locator('.fw-summary').count(), 0)
    await next(page)
    await page.locator('h1', { hasText: 'Your visit' }).waitFor()
    await ready(page)
    const second = page.url()
    await page.getByRole('button', { name: 'Add' }).click()
    await page.fill('#f-companions-0-who', 'Bo')
    assert.equal(page.url(), second)
    assert.equal(await page.locator('#f-people').innerText(), '2')
    await page.getByLabel('Morning').check()
    for (const row of ['sleep', 'smoke', 'walk']) await page.locator(`input[name="habits/${row}"]`).nth(1).check()
    await next(page)
    await page.locator('h1', { hasText: 'Check your answers' }).waitFor()
    await next(page)
    await page.locator('.fw-done').waitFor()
    const [stored] = await stage.submissions('clinic'), { answers } = await stage.api('GET', `/v1/tenants/acme/forms/clinic/submissions/${stored.id}`, undefined, { as: stage.reader })
    assert.deepEqual(answers.companions, [{ who: 'Bo' }])
    assert.equal(answers.since, 'Monday')
    assert.equal(answers.people, 2)
  },

  async a_form_that_keeps_its_logic_to_itself_has_pages_without_script() {
    await stage.publish('quiet', 'edition 2027\nform quiet "Quiet" { name: text "Name" required }\n')
    await stage.api('PUT', '/v1/tenants/acme/forms/quiet/settings', JSON.stringify({ client_logic: 0 }))
    const page = await open('quiet')
    assert.equal(await page.locator('script, formwright-form').count(), 0)
    await page.fill('#f-name', 'Ada')
    await next(page)
    await page.locator('.fw-done').waitFor()
  },

  async axe_finds_nothing_on_live_pages() {
    const page = await stage.page(null, {}, { bypassCSP: true })
    await page.goto(`${stage.url}/f/acme/clinic?lang=en`)
    await ready(page)
    await page.evaluate(readFileSync(path.join(stage.modules, 'axe-core/axe.min.js'), 'utf8'))
    const look = () => page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 2)}`))
    assert.deepEqual(await look(), [])
    await page.getByLabel('Pain or injury').check()
    await next(page)
    assert.deepEqual(await look(), [])
  },

  async no_policy_was_broken_and_nothing_was_refused() {
    assert.deepEqual(reports, [])
  },
})
