// <formwright-form> in Chromium: drawn from a form's module and texts, live, sent to the real server.
//
//     node tests/browser/element_test.mjs FORMWRIGHT ROOT NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen, stageRun } from './stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core', 'axe-core'], 'the element in a browser')
const stage = await stageOpen(args)
stage.serveWeb()

/* A page of another site that shows one form. */
async function show(form, source, { lang = 'en', headers = {}, context = {}, waits = true, watch } = {}) {
  if (source) await stage.publish(form, source)
  stage.serve({ [`/${form}`]: { headers, body: `<!doctype html><html lang="${lang}"><meta name=viewport content="width=device-width"><title>Elsewhere</title><link rel=stylesheet href=/web/style.css>
    <script type=module src=/web/element.js></script><main><formwright-form src="${stage.url}/v1/p/acme/${form}"></formwright-form></main>` } })
  const page = await stage.page(null, {}, context)
  if (watch) page.on('request', watch)
  await page.goto(`${stage.origin}/${form}`)
  if (waits) await ready(page)
  return page
}
const ready = (page) => page.evaluate(() => customElements.whenDefined('formwright-form').then(() => document.querySelector('formwright-form').ready))

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
await stageRun(stage, {
  async a_repeat_begins_with_the_rows_that_it_must_have_and_each_page_with_its_own() {
    const page = await show('crew', CREW), answers = () => page.evaluate(() => document.querySelector('formwright-form').form.answers())
    assert.equal(await page.locator('#f-count').innerText(), '2')
    await page.fill('#f-people-1-tools-0-tool', 'Saw')
    await page.locator('[value="add:people"]').click()
    assert.deepEqual(await answers(), { people: [{ tools: [{}] }, { tools: [{ tool: 'Saw' }] }, { tools: [{}] }] })
    assert.equal(await page.locator('.fw-progress').innerText(), 'Step 1 of 2')
    await page.getByLabel('Yes').check()
    assert.equal(await page.locator('.fw-progress').innerText(), 'Step 1 of 3')
    await page.getByLabel('No', { exact: true }).check()
    assert.equal(await page.locator('.fw-progress').innerText(), 'Step 1 of 2')
    await page.locator('.fw-actions button').click()
    assert.equal(await page.locator('h1').innerText(), 'Three')
    assert.equal(await page.locator('#f-boxes-0-box').count(), 1)
    await page.waitForTimeout(600)
    await page.reload()
    await ready(page)
    assert.equal(await page.locator('.fw-row[data-pointer^="/people/"]:not([data-pointer*="tools"])').count(), 3, 'a draft has its rows already')
    await page.context().close()
  },
  async its_invitation_is_sent_where_the_form_asks_for_one() {
    const page = await show('guests', 'edition 2027\nform guests "Guests" {\n  name: text "Your name" required\n  unique per invitation\n}\n')
    const sent = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(JSON.parse(request.postData())))
    await page.fill('#f-name', 'Ada')
    const outcome = await page.evaluate(() => document.querySelector('formwright-form').submit())
    assert.equal(outcome.status, 403)
    await page.evaluate(() => document.querySelector('formwright-form').setAttribute('invitation', 'abc'))
    assert.equal((await page.evaluate(() => document.querySelector('formwright-form').submit())).body.code, 'invitation-invalid')
    assert.deepEqual(sent.map(({ meta }) => meta.invitation), [undefined, 'abc'])
    const other = await show('open', 'edition 2027\nform open "Open" {\n  name: text "Your name" required\n}\n')
    await other.evaluate(() => document.querySelector('formwright-form').setAttribute('invitation', 'abc'))
    await other.fill('#f-name', 'Ada')
    assert.equal((await other.evaluate(() => document.querySelector('formwright-form').submit())).state, 'sent')
    await page.close()
    await other.close()
  },
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

  async it_is_loaded_once_and_another_language_keeps_what_was_typed_a_moment_ago() {
    const asked = []
    const page = await show('twice', 'edition 2027\nform twice "Twice" {\n  languages en, de\n  name: text "Name"\n  translate de {\n    title "Zwei"\n    name "Ihr Name"\n  }\n}\n', { watch: (request) => asked.push(request.url()) })
    assert.equal(asked.filter((url) => /\/v1\/.*(texts\/|module\.js)/.test(url)).length, 2)
    await page.fill('#f-name', 'Ada')
    await page.evaluate(() => Object.assign(document.querySelector('formwright-form'), { lang: 'de' }).ready)
    assert.equal(await page.locator('label[for=f-name]').innerText(), 'Ihr Name (freiwillig)')
    assert.equal(await page.inputValue('#f-name'), 'Ada')
    assert.equal(asked.filter((url) => /texts\//.test(url)).length, 2)
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
    const csp = `default-src 'none'; script-src 'self' ${stage.url}; style-src 'self'; connect-src ${stage.url}; require-trusted-types-for 'script'; trusted-types 'none'`
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
    const look = () => page.evaluate(async () => (await window.axe.run(document.querySelector('main'), { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
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

  async pages_are_walked_checked_and_sent_and_the_server_has_what_was_typed() {
    const page = await show('clinic', readFileSync(path.join(stage.root, 'tests/browser/clinic.form'), 'utf8')), go = () => page.locator('.fw-actions .fw-button').first().click()
    await page.fill('#f-name', 'Ada Lovelace')
    for (const [part, value] of [['', '10'], ['-month', '12'], ['-year', '1990']]) await page.fill(`#f-born${part}`, value)
    await page.fill('#f-mail', 'ada@example.org')
    await page.getByLabel('Pain or injury').check()
    await go()
    assert.equal(await page.evaluate(() => document.activeElement.id), 'fw-summary', 'the question that the choice brought is demanded')
    await page.fill('#f-since', 'Monday')
    await go()
    await page.locator('h1', { hasText: 'Your visit' }).waitFor() // the next page may have to load first
    assert.equal(await page.locator('h1').innerText(), 'Your visit')
    assert.equal(await page.locator('.fw-progress').innerText(), 'Step 2 of 2')
    await page.getByLabel('Morning').check()
    for (const row of ['sleep', 'smoke', 'walk']) await page.locator(`input[name="habits/${row}"]`).nth(1).check()
    await page.fill('#f-share', '12.50')
    await go()
    assert.equal(await page.locator('h1').innerText(), 'Check your answers')
    await page.locator('.fw-summary-row', { hasText: 'Full name' }).getByRole('link').click()
    assert.equal(await page.evaluate(() => document.activeElement.id), 'f-name')
    await page.fill('#f-name', 'Ada King')
    await go()
    assert.equal(await page.locator('h1').innerText(), 'Check your answers')
    await go()
    await page.locator('.fw-done').waitFor()
    const [stored] = await stage.submissions('clinic'), { answers } = await stage.api('GET', `/v1/tenants/acme/forms/clinic/submissions/${stored.id}`, undefined, { as: stage.reader })
    assert.deepEqual(answers, { name: 'Ada King', born: '1990-12-10', mail: 'ada@example.org', reason: 'pain', since: 'Monday', times: ['morning'], habits: { sleep: 'sometimes', smoke: 'sometimes', walk: 'sometimes' }, people: 1, share: '12.50' })
  },

  async what_is_filled_in_is_there_again_after_the_page_is_closed() {
    const page = await show('party')
    await page.fill('#f-name', 'Ada')
    await page.getByLabel('Yes').check()
    await page.waitForTimeout(600)
    await page.reload()
    await ready(page)
    assert.equal(await page.inputValue('#f-name'), 'Ada')
    assert.equal(await page.locator('[data-pointer="/meal"]').count(), 1)
  },

  async what_cannot_be_sent_is_kept_told_and_sent_when_the_server_is_back() {
    const page = await show('party5', PARTY.replace('form party', 'form party5'))
    await page.fill('#f-name', 'Ada')
    await page.getByLabel('No', { exact: true }).check()
    await stage.stop()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.fw-notice').waitFor()
    assert.match(await page.locator('.fw-notice').innerText(), /Nothing is lost/)
    await stage.start()
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await page.locator('.fw-done').waitFor()
    assert.equal((await stage.submissions('party5')).length, 1)
  },

  async what_tells_the_verdict_comes_behind_the_first_edit_so_that_what_waits_has_its_claim() {
    const asked = []
    const page = await show('party7', PARTY.replace('form party', 'form party7'), { watch: (request) => asked.push(request.url()) }), claims = () => asked.filter((url) => url.endsWith('/headless.js')).length
    assert.equal(claims(), 0, 'nobody needs it before')
    const came = page.waitForResponse(/headless\.js$/)
    await page.fill('#f-name', 'Ada')
    await (await came).finished()
    await page.getByLabel('No', { exact: true }).check()
    await stage.stop()
    await page.route('**/*.js', (route) => route.abort())
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.fw-notice').waitFor()
    const waiting = await page.evaluate(async () => {
      const open = indexedDB.open('formwright')
      await new Promise((done) => { open.onsuccess = done })
      const all = open.result.transaction('queue').objectStore('queue').getAll()
      await new Promise((done) => { all.onsuccess = done })
      return all.result.map(({ body }) => JSON.parse(body))
    })
    await stage.start()
    assert.equal(waiting.length, 1)
    assert.match(waiting[0].claim.hash, /^[0-9a-f]{64}$/)
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await page.locator('.fw-done').waitFor()
    assert.equal((await stage.submissions('party7')).length, 1)
  },

  async what_hangs_on_a_suggestion_follows_it() {
    const page = await show('follow', 'edition 2027\nform follow "Follow" {\n  n: integer "N"\n  shown: integer "Shown" = thrice + 1\n  thrice: integer "Thrice" suggest twice + n\n  twice: integer "Twice" suggest n * 2\n}\n')
    await page.fill('#f-n', '5')
    assert.equal(await page.inputValue('#f-twice'), '10')
    assert.equal(await page.inputValue('#f-thrice'), '15')
    assert.equal(await page.locator('#f-shown').innerText(), '16')
  },

  async what_a_script_of_the_page_changes_is_drawn_like_what_is_typed_and_what_is_being_typed_stays() {
    const page = await show('party8', PARTY.replace('form party', 'form party8')), form = (run) => page.evaluate(`(() => { const { form } = document.querySelector('formwright-form'); return (${run})(form) })()`)
    await page.evaluate(() => {
      window.drawn = []
      document.addEventListener('formwright-change', ({ detail }) => window.drawn.push(detail.changed))
    })
    await page.locator('#f-gift').pressSequentially('12.')
    await form((form) => form.set('/name', 'Ada'))
    assert.equal(await page.inputValue('#f-name'), 'Ada')
    assert.match(await page.locator('[data-pointer="/coming"] legend').innerText(), /Are you coming, Ada\?/)
    await form((form) => form.set('/coming', true))
    assert.equal(await page.getByLabel('Yes').isChecked(), true)
    assert.equal(await page.locator('[data-pointer="/meal"]').count(), 1, 'the condition follows')
    await form((form) => form.insertRow('/guests'))
    await form((form) => form.set('/guests/0/guest', 'Bo'))
    assert.equal(await page.inputValue('#f-guests-0-guest'), 'Bo')
    assert.equal(await page.locator('#f-total').innerText(), '2')
    assert.equal(await page.inputValue('#f-gift'), '12.', 'what is half typed stays')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'f-gift')
    await page.keyboard.type('5')
    assert.equal(await page.inputValue('#f-gift'), '12.5')
    assert.equal(await page.locator('#f-double').innerText(), '25.00')
    await page.evaluate(() => { window.drawn = [] })
    await page.keyboard.type('0')
    assert.equal((await page.evaluate(() => window.drawn)).length, 1, 'what is typed is drawn once')
    await form((form) => form.set('/name', 'Ada'))
    assert.equal((await page.evaluate(() => window.drawn)).length, 1, 'what is the same already is no change')
    await form((form) => form.setAnswers({ ...form.answers(), coming: false, name: 'Cy' }))
    assert.equal(await page.inputValue('#f-name'), 'Cy')
    assert.equal(await page.locator('[data-pointer="/guests"]').count(), 0)
    assert.equal(await page.inputValue('#f-gift'), '12.50', 'as it was typed')
    await page.evaluate(() => document.querySelector('formwright-form').headless().then((form) => form.set('/name', 'Di')))
    assert.equal(await page.inputValue('#f-name'), 'Di', 'what has all of createForm() sets the same form')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.fw-done').waitFor()
    await form((form) => form.set('/name', 'Eve'))
    assert.equal(await page.locator('.fw-done').count(), 1, 'what is sent is sent')
  },

  async rows_that_a_script_puts_before_those_that_somebody_is_in_take_nothing_away_from_them() {
    const page = await show('rows', 'edition 2027\nform rows "Rows" {\n  repeat items "Items" 0..5 {\n    name: text "Name"\n    price: decimal(2) "Price"\n    born: date "Born"\n    unit: text "Unit" default "kg"\n    twice: decimal(2) "Twice" suggest price * 2\n  }\n  last: text "Last"\n}\n')
    const rows = (run) => page.evaluate(`(${run})(document.querySelector('formwright-form').form)`), focused = () => page.evaluate(() => { const { id, selectionStart } = document.activeElement; return [id, selectionStart] })
    for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Add an entry' }).click()
    assert.equal(await page.inputValue('#f-items-1-unit'), 'kg')
    await page.fill('#f-items-1-twice', '9')
    await page.fill('#f-items-1-born', '31')
    await page.fill('#f-items-1-unit', '')
    await page.locator('#f-items-1-price').pressSequentially('1,000.')
    await page.keyboard.press('ArrowLeft')
    await rows((form) => form.insertRow('/items', 0))
    assert.deepEqual(await focused(), ['f-items-2-price', 5], 'who is in a row goes with it')
    assert.equal(await page.inputValue('#f-items-2-price'), '1,000.')
    assert.equal(await page.inputValue('#f-items-2-born'), '31')
    assert.deepEqual(await page.locator('[id$=-unit].fw-input').evaluateAll((all) => all.map(({ value }) => value)), ['kg', 'kg', ''], 'a default comes once')
    await rows((form) => form.removeRow('/items/1'))
    assert.deepEqual(await focused(), ['f-items-1-price', 5])
    await page.keyboard.type('1')
    assert.equal(await page.inputValue('#f-items-1-price'), '1,0001.')
    assert.equal(await page.inputValue('#f-items-1-twice'), '9', 'what somebody has said follows no suggestion')
    await rows((form) => form.set('/items/0/price', '2'))
    assert.equal(await page.inputValue('#f-items-0-twice'), '4.00')
    await rows((form) => form.removeRow('/items/1'))
    assert.equal((await focused())[0], '', 'nobody types into another row than the one that is gone')
    await page.evaluate(() => { document.querySelector('formwright-form').form.subscribe(({ changed }) => changed.includes('/items/0/name') && document.querySelector('formwright-form').form.set('/last', 'Z')) })
    await page.fill('#f-items-0-name', 'Ada')
    assert.equal(await page.inputValue('#f-last'), 'Z', 'what listens may set as well')
  },

  async a_key_draws_only_what_is_worked_out_from_it_and_the_field_keeps_its_size() {
    const page = await show('sums', 'edition 2027\nform sums "Sums" {\n  a: integer "A"\n  b: integer "B"\n  sum: integer "Sum" = a + b\n}\n'), height = () => page.locator('#f-a').evaluate((input) => input.getBoundingClientRect().height)
    const before = await height()
    await page.fill('#f-b', '2')
    await page.focus('#f-a')
    assert.equal(await height(), before)
    await page.evaluate(() => {
      window.seen = []
      new MutationObserver((all) => seen.push(...all.map(({ type, target }) => `${type} ${target.parentNode.id}`))).observe(document.querySelector('formwright-form'), { subtree: true, childList: true, attributes: true, characterData: true })
    })
    await page.keyboard.type('40')
    assert.equal(await page.locator('#f-sum').innerText(), '42')
    assert.deepEqual(await page.evaluate(() => [...new Set(seen)]), ['characterData f-sum'])
    await page.evaluate(() => document.querySelector('formwright-form').form.set('/a', 1))
    assert.deepEqual([await page.inputValue('#f-a'), await page.locator('#f-sum').innerText()], ['1', '3'])
    await page.close()
  },
  async a_script_may_change_what_is_looked_at_on_the_page_of_all_answers() {
    const page = await show('late', 'edition 2027\nform late "Late" {\n  page a "A" { name: text "Name" required }\n  page b "B" { age: integer "Age" }\n}\n')
    await page.fill('#f-name', 'Ada')
    await page.evaluate(() => { document.querySelector('formwright-form').page = 'check' })
    await page.evaluate(() => { document.querySelector('formwright-form').form.set('/age', 7) })
    assert.match(await page.locator('.fw-summary-row', { hasText: 'Age' }).innerText(), /7/)
  },

  async another_answer_than_is_suggested_is_there_again_after_the_page_is_closed() {
    const page = await show('own', 'edition 2027\nform own "Own" {\n  n: integer "N"\n  twice: integer "Twice" suggest n * 2\n  thrice: integer "Thrice" suggest n * 3\n}\n')
    await page.fill('#f-n', '2')
    await page.fill('#f-twice', '5')
    await page.waitForTimeout(600)
    await page.reload()
    await ready(page)
    assert.equal(await page.inputValue('#f-twice'), '5')
    await page.fill('#f-n', '3')
    assert.equal(await page.inputValue('#f-twice'), '5')
    assert.equal(await page.inputValue('#f-thrice'), '9', 'what was filled in follows on')
    await page.evaluate(() => { document.querySelector('formwright-form').form.setAnswers({ n: 4, thrice: 1 }) })
    assert.equal(await page.inputValue('#f-twice'), '8')
    assert.equal(await page.inputValue('#f-thrice'), '1')
  },

  async a_version_that_changed_meanwhile_is_shown_with_all_answers_and_what_is_new_and_gone() {
    const old = `edition 2027
form survey "Survey" { name: text "Name" required  nick: text "Nick" }
`
    const page = await show('survey', old)
    await page.fill('#f-name', 'Ada')
    await page.fill('#f-nick', 'Countess')
    await stage.publish('survey', old.replace('nick: text "Nick"', 'town: text "Town"'), '?allow_breaking=true')
    await stage.api('POST', '/v1/tenants/acme/forms/survey/versions/1/state', JSON.stringify({ to: 'retired', grace_seconds: 0 }), { headers: { 'audit-reason': 'a test' } })
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('#f-town').waitFor()
    assert.equal(await page.inputValue('#f-name'), 'Ada')
    const told = await page.locator('.fw-notice').innerText()
    assert.match(told, /This form has changed/)
    assert.match(told, /nick \(Countess\)/)
    assert.match(told, /Town/)
    await page.fill('#f-town', 'London')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.fw-done').waitFor()
    assert.equal((await stage.submissions('survey')).length, 1)
  },

  async events_tell_what_happens_and_may_keep_answers_here() {
    const page = await show('party6', PARTY.replace('form party', 'form party6'))
    await page.evaluate(() => {
      window.heard = []
      for (const name of ['change', 'submit', 'error', 'done']) document.addEventListener(`formwright-${name}`, (event) => { window.heard.push([name, event.detail]); if (name === 'submit') event.preventDefault() })
    })
    await page.getByRole('button', { name: 'Send' }).click()
    await page.fill('#f-name', 'Ada')
    await page.getByLabel('No', { exact: true }).check()
    await page.getByRole('button', { name: 'Send' }).click()
    const heard = await page.evaluate(() => window.heard)
    assert.deepEqual(heard[0][1].errors.map(({ pointer, code }) => pointer + code), ['/namerequired', '/comingrequired'])
    assert.ok(heard.some(([name, detail]) => name === 'change' && detail.changed.includes('/name')))
    assert.deepEqual(heard.at(-1), ['submit', { answers: { name: 'Ada', coming: false } }])
    assert.equal((await stage.submissions('party6')).length, 0)
  },

  async defaults_begin_suggestions_follow_until_somebody_edits() {
    const page = await show('begin', `edition 2027
form begin "Begin" { n: integer "N" default 3  twice: integer "Twice" suggest n * 2  day: date "Day" default today()  readonly_one: text "Fixed" readonly default "x" }
`)
    assert.equal(await page.inputValue('#f-n'), '3')
    assert.equal(await page.inputValue('#f-twice'), '6')
    assert.equal(await page.inputValue('#f-day-year'), String(new Date().getUTCFullYear()))
    await page.fill('#f-n', '5')
    assert.equal(await page.inputValue('#f-twice'), '10')
    await page.fill('#f-twice', '11')
    await page.fill('#f-n', '6')
    assert.equal(await page.inputValue('#f-twice'), '11')
    assert.equal(await page.evaluate(() => document.querySelector('formwright-form').form.answers().twice), 11)
  },
})
