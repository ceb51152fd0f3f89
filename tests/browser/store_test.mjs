// The store of web/formwright in Chromium, against the real server that is stopped and started again: one submission is stored, whatever happens.
//
//     node tests/browser/store_test.mjs FORMWRIGHT ROOT NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen, stageRun } from './stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core'], 'the offline queue in a browser')
const stage = await stageOpen(args)
stage.serve({ '/': '<!doctype html><title>Elsewhere</title>', '/store.js': readFileSync(path.join(stage.root, 'web/formwright/store.js')) })

const CONTACT = `edition 2027
form contact "Contact" { name: text "Your name" required  n: integer "Number" }
`
const begin = (page) => page.evaluate(async () => {
  const { openStore } = await import('/store.js')
  window.told = []
  window.store = openStore({ random: () => 0.05 })
  window.store.subscribe((event) => window.told.push(event))
  await window.store.ready
})
const send = (page, answers) => page.evaluate(([form, answers]) => window.store.send(form, { answers, version: 1 }), [`${stage.url}/v1/p/acme/contact`, answers])
const untilEmpty = (page) => page.evaluate(async () => {
  for (let i = 0; i < 300 && (await window.store.waiting()).length; i++) await new Promise((done) => setTimeout(done, 100))
})
const count = async () => (await stage.submissions('contact')).length

await stageRun(stage, {
  async what_is_sent_while_the_server_is_away_is_stored_once_when_it_is_back() {
    await stage.publish('contact', CONTACT)
    const page = await stage.page('/')
    await begin(page)
    await stage.stop()
    assert.equal((await send(page, { name: 'Ada', n: 1 })).state, 'waiting')
    await stage.start()
    await untilEmpty(page)
    assert.equal(await count(), 1)
    const told = await page.evaluate(() => window.told.map(({ state }) => state))
    assert.equal(told.filter((state) => state === 'sent').length, 1)
    await page.context().close()
  },

  async a_page_that_is_opened_later_sends_what_an_earlier_one_could_not() {
    const before = await count(), first = await stage.page('/')
    await begin(first)
    await stage.stop()
    assert.equal((await send(first, { name: 'Bo', n: 2 })).state, 'waiting')
    const context = first.context()
    await first.close()
    await stage.start()
    const second = await context.newPage()
    await second.goto(stage.origin + '/')
    await begin(second)
    await untilEmpty(second)
    assert.equal(await count(), before + 1)
    await context.close()
  },

  async a_server_that_ends_while_it_answers_and_three_tabs_make_no_second_submission() {
    const before = await count(), first = await stage.page('/'), pages = [first]
    while (pages.length < 3) {
      const page = await first.context().newPage()
      await page.goto(stage.origin + '/')
      pages.push(page)
    }
    for (const page of pages) await begin(page)
    const sending = pages.map((page, n) => send(page, { name: 'Cy', n }))
    await stage.stop()
    await Promise.all(sending)
    await stage.start()
    for (const page of pages) await untilEmpty(page)
    assert.equal(await count(), before + 3)
    await first.context().close()
  },

  async a_browser_that_is_offline_sends_when_it_is_online_again() {
    const before = await count(), page = await stage.page('/')
    await begin(page)
    await page.context().setOffline(true)
    assert.equal((await send(page, { name: 'Di', n: 3 })).state, 'waiting')
    assert.equal(await count(), before)
    await page.context().setOffline(false)
    await untilEmpty(page)
    assert.equal(await count(), before + 1)
    await page.context().close()
  },

  async what_the_server_refuses_is_told_with_its_errors_and_not_tried_again() {
    const before = await count(), page = await stage.page('/')
    await begin(page)
    const outcome = await send(page, { n: 4 })
    assert.equal(outcome.state, 'refused')
    assert.equal(outcome.body.errors[0].pointer, '/name')
    assert.equal(await count(), before)
    assert.equal(await page.evaluate(async () => (await window.store.waiting()).length), 0)
  },

  async a_version_that_was_retired_meanwhile_is_told_as_changed() {
    await stage.publish('contact', CONTACT.replace('n: integer "Number"', 'town: text "Town"'), '?allow_breaking=true')
    await stage.api('POST', '/v1/tenants/acme/forms/contact/versions/1/state', JSON.stringify({ to: 'retired', grace_seconds: 0 }), { headers: { 'audit-reason': 'a test' } })
    const page = await stage.page('/')
    await begin(page)
    assert.equal((await send(page, { name: 'Ed' })).state, 'changed')
  },
})
