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

/* In the page: elements with sorted attributes, one a line; what the server alone has is left out. */
const NORMALISE = `window.normalise = (root) => {
  const lines = [], left = ['value', 'checked', 'selected', 'novalidate']
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
async function compare(page, form, lang, { wrong = false, version = 1 } = {}) {
  await page.evaluate(NORMALISE)
  const server = await page.evaluate(() => ({ body: window.normalise(document.querySelector('.fw-page')), summary: [...document.querySelectorAll('.fw-summary')].flatMap(window.normalise),
    title: window.normalise(document.querySelector('h1')),
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
    return { title: window.normalise(element.querySelector('h1')), body: window.normalise(element.querySelector('.fw-page')), summary: [...element.querySelectorAll('.fw-summary')].flatMap(window.normalise) }
  }, [stage.origin, `${stage.url}/v1/p/acme/${form}/versions/${version}`, lang, answers, server.page, wrong])
  const untabbed = element.title.map((line) => line.replace(' tabindex="-1"', ''))
  assert.deepEqual(untabbed, server.title, `${form} ${server.page}`)
  assert.deepEqual(element.body, server.body, `${form} ${server.page}`)
  assert.deepEqual(element.summary, server.summary, `${form} ${server.page}`)
}

const examples = readdirSync(path.join(stage.root, 'examples')).filter((name) => name.endsWith('.form') && name !== 'nigeria_wards.form').map((name) => name.slice(0, -5))
const tests = {}, published = new Map()
const sourceOf = (name) => (name === 'ledger' ? LEDGER : readFileSync(path.join(stage.root, name === 'clinic' ? 'tests/browser' : 'examples', `${name}.form`), 'utf8'))
/* Gives the language it is looked at in. */
async function publish(name) {
  if (!published.has(name)) published.set(name, stage.publish(name, sourceOf(name)))
  await published.get(name)
  const { languages } = await (await fetch(`${stage.url}/v1/p/acme/${name}`)).json()
  return languages.includes('en') ? 'en' : languages[0]
}
for (const name of [...examples, 'clinic']) {
  tests[`the_markup_of_${name}_is_the_same`] = async () => {
    const source = sourceOf(name), lang = await publish(name)
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
  await publish('clinic')
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
tests.a_broken_date_is_told_by_an_example_in_parts_in_the_order_of_the_language = async () => {
  await stage.publish('dates', 'edition 2027\nform dates "Dates" {\n  languages en, hu, ar\n  day: date "Day"\n  known: partial_date "Known"\n  month: year_month "Month"\n  n: integer "N"\n  check n != 1 else "Not like 2026-01-31" at month\n}\n')
  for (const [lang, day, month] of [['en', '31 1 2026', '1 2026'], ['hu', '2026 1 31', '2026 1'], ['ar', '31 1 2026', '1 2026']]) {
    const page = await open('dates', lang)
    for (const each of await page.locator(':is([data-pointer="/day"], [data-pointer="/known"]) input.fw-input').all()) await each.fill('77')
    await page.fill('#f-n', '1')
    await page.locator('.fw-actions .fw-button').first().click()
    await page.locator('.fw-summary').waitFor()
    assert.match(await page.locator('#f-day-error').innerText(), new RegExp(`${day}$`))
    assert.match(await page.locator('#f-known-error').innerText(), new RegExp(`${day}.* ${month} .*2026$`))
    assert.match(await page.locator('#f-month-error').innerText(), /Not like 2026-01-31$/, 'the words of the author stay')
    assert.match(await page.locator('.fw-summary').innerText(), new RegExp(day))
    await compare(page, 'dates', lang, { wrong: true })
    await page.context().close()
  }
}
/* Half of its texts in two other languages of two directions; the rest only in the first. */
const PARTLY = (first, other, third) => `edition 2027
form partly "Title" {
  languages ${first}, ${other}, ${third}
  choices meals { meat "Meat" fish "Fish" none "Nothing" }
  choices towns { ${Array.from({ length: 12 }, (_, i) => `t${i} "Town ${i}"`).join(' ')} }
  page one "First page" {
    name: text "Name" hint "As in the passport" required
    age: integer "Age" hint "In years" required
    meal: choice(meals) "Meal"
    more: choices(meals) "More" other "Something else"
    town: choice(towns) "Town"
    other: choice(towns) "Other town"
    born: date "Born" hint "A day"
    group place "Place" { street: text "Street" }
    section rest "Rest" hint "All of it" { note told "Note for {name}" }
    matrix habits "Habits" of choice(meals) { sleep "Sleep"  walk "Walk" }
    repeat guests "Guests" 0..3 { guest: text "Guest" }
    total: integer "Total" = count(guests) + 1
    shown: integer "Shown" = count(guests)
  }
  page two "Second page" { last: text "Last" }
  translate ${other} {
    one "T one"
    name "T name"
    age "T age" hint "T years"
    meals.fish "T fish"
    towns.t3 "T town"
    other "T other"
    more.other "T else"
    place "T place"
    rest "T rest"
    habits.walk "T walk"
    total "T total"
  }
}
`
tests.what_is_not_translated_is_marked_with_its_language_alike = async () => {
  let version = 0
  for (const [first, other, third, tag] of [['en', 'ar', 'fr', 'en" dir="ltr'], ['ar', 'en', 'he', 'ar" dir="rtl'], ['pt_BR', 'ur', 'de', 'pt-BR" dir="ltr']]) {
    await stage.publish('partly', PARTLY(first, other, third))
    version++
    for (const lang of [first, other, third]) {
      const page = await open('partly', lang.replace('_', '-')), marked = () => page.locator('main [lang]').evaluateAll((all) => all.map((each) => `${each.localName} ${each.textContent.trim()}|${each.lang}" dir="${each.dir}`))
      const at = (await marked()).filter((each) => each.endsWith('|' + tag))
      if (lang === first) assert.deepEqual(at, [], 'nothing is foreign in its own language')
      else assert.ok(at.some((each) => each.startsWith('p As in the passport')) && at.some((each) => each.startsWith('option Town 0')), at.join())
      await compare(page, 'partly', lang, { version })
      if (lang !== first) {
        assert.deepEqual((await marked()).filter((each) => each.startsWith('p As in the passport')), [`p As in the passport|${tag}`], 'the element marks it, too')
        assert.equal(await page.locator('[data-pointer="/name"] label[lang]').count(), Number(lang === third))
      }
      await page.context().close()
    }
  }
}
tests.rows_in_blocks_are_the_same = async () => {
  await stage.publish('crowd', 'edition 2027\nform crowd "Crowd" {\n  repeat people "People" 45..60 { name: text "Name" }\n  last: text "Last" required\n}\n')
  const page = await open('crowd', 'en')
  for (const i of [0, 19, 20, 44]) await page.fill(`#f-people-${i}-name`, `P${i}`)
  await page.locator('.fw-actions .fw-button').first().click()
  await page.locator('.fw-summary').waitFor()
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.fw-rows')].map((block) => block.children.length)), [20, 5])
  await compare(page, 'crowd', 'en', { wrong: true })
}

/* Edits at random, and after each what was drawn anew piece by piece beside a whole drawing. */
const wander = ([web, at, lang, steps, seed]) => (async () => {
  const load = (name) => import(`${web}/web/${name}.js`)
  const [{ createCore }, { fetchNeeds }, { drawPageBody }, { patch }, { errorsOf, fill, newView, refresh, take, watch }] = await Promise.all(['core', 'needs', 'render', 'tree', 'view'].map(load))
  const { default: module } = await import(`${at}/module.js`), texts = await (await fetch(`${at}/texts/${lang}.json`)).json()
  await fetchNeeds(module)
  const view = newView(createCore(module, { texts }), texts, texts.phrases), body = document.createElement('div')
  const random = (most) => (seed = (seed * 1103515245 + 12345) % 2147483648, (seed >> 8) % most)
  const whole = (place) => patch(place, drawPageBody(view, view.pages[view.at])), pool = ['', '1', '2', '12.5', '30', '-4', 'Ada', '1990', 'ada@example.org', 'x y']
  document.querySelector('main').replaceChildren(body)
  fill(view, [''], '')
  whole(body)
  let told
  watch(view, (changed) => {
    told = changed
    refresh(view, body, changed)
  })
  const edit = (controls) => {
    const control = controls[random(controls.length)]
    if (control.matches('button')) {
      const [verb, name] = control.value.split(':')
      return view.form[verb === 'add' ? 'insertRow' : 'removeRow']('/' + name)
    }
    if (control.type === 'radio' || control.type === 'checkbox') control.checked = control.type === 'radio' || !control.checked
    else if (control.matches('select')) control.selectedIndex = random(control.options.length)
    else control.value = control.type === 'time' ? '09:30' : control.type === 'datetime-local' ? '2026-01-31T14:30' : pool[random(pool.length)]
    return take(view, control.closest('.fw-question'))
  }
  /* As a script of the page does it: an answer anywhere, rows at either end or in the middle, all answers anew. */
  const script = () => {
    const { form } = view, { parts } = form, repeats = form.module.nodes.filter(({ kind, scope }) => kind === 3 && !scope)
    const fields = form.module.nodes.filter(({ kind, computed, flags }) => kind === 4 && !computed && !(flags & 64))
    const repeat = repeats.length && repeats[random(repeats.length)], rows = repeat ? parts.rowsOf(repeat, parts.root) : []
    const what = random(10)
    if (what === 0) return form.setAnswers(form.answers())
    if (what < 3 && repeat) return form.insertRow(parts.pointerOf({ node: repeat, row: parts.root }), random(rows.length + 1))
    if (what < 5 && rows.length) return form.removeRow(parts.pointerOf({ node: repeat, row: rows[random(rows.length)] }))
    const node = fields[random(fields.length)], at = parts.allRows(node.scope)
    return at.length ? form.set(parts.pointerOf({ node, row: at[random(at.length)] }), [undefined, '', 1, '12.5', 'Ada', true, pool][random(7)]) : []
  }
  for (let i = 0; i < steps; i++) {
    const controls = [...body.querySelectorAll('.fw-question :is(input:not([type=hidden], [name$="/other"]), select, textarea), button[name=_do]')]
    if (i % 10 === 9 || !controls.length) {
      Object.assign(view, { at: random(view.pages.length), wrong: random(3) === 0 })
      view.errors = view.wrong ? errorsOf(view) : []
      whole(body)
      continue
    }
    told = []
    if (random(3)) edit(controls)
    else script()
    const fresh = document.createElement('div')
    whole(fresh)
    const [drawn, wanted] = [body, fresh].map(window.normalise)
    if (JSON.stringify(drawn) !== JSON.stringify(wanted)) {
      const at = drawn.findIndex((line, k) => line !== wanted[k])
      return { step: i, told, wrong: view.wrong, drawn: drawn.slice(Math.max(0, at - 3), at + 3), wanted: wanted.slice(Math.max(0, at - 3), at + 3) }
    }
  }
  return undefined
})()
const LEDGER = `edition 2027
form ledger "Ledger" {
  choices kinds { cheap "Cheap" dear "Dear" }
  choices towns with kind: choice(kinds) {
    ${Array.from({ length: 14 }, (_, i) => `t${i} "Town ${i}" (${i < 2 ? 'cheap' : 'dear'})`).join('\n    ')}
  }
  rate: integer "Rate" default 2
  which: choice(kinds) "Which"
  town: choice(towns where kind = outer.which) "Town"
  deep: boolean "Deep"
  repeat lines "Lines" 0..60 {
    what: text "What" required
    kind: choice(kinds) "Kind of {what}"
    count: integer "Count" min 0 max 20
    twice: integer "Twice" suggest count * 2
    shown: integer "Shown" = twice * rate
    why: text "Why is it dear?" when kind = "dear" required
    section more "More" { extra: integer "Extra" when count > 1  note told "Of {what}: {shown}" }
    repeat parts "Parts" 0..4 when deep { part: text "Part" required  size: integer "Size" when part != ""  }
    size: integer "Size" = sum(parts.size)
    check (count ?? 0) < 15 else "Fewer, please." at count
    check (extra ?? 0) <= 12 else "Less." at lines
  }
  total: integer "Total" = sum(lines.shown)
  all: integer "All" = sum(lines.size)
  note sum "It is {all} and {total}."
}
`
tests.what_an_edit_draws_anew_is_what_a_whole_drawing_would_draw = async () => {
  const all = process.env.BROWSER_ALL === '1', steps = all ? 40 : 20
  for (const [i, form] of [...(all ? examples : []), 'clinic', 'ledger', 'ledger', ...(all ? ['ledger', 'ledger', 'ledger'] : [])].entries()) {
    const lang = await publish(form), page = await open(form, lang)
    assert.deepEqual(await page.evaluate(wander, [stage.origin, `${stage.url}/v1/p/acme/${form}/versions/1`, lang, form === 'ledger' ? steps * 6 : steps, i + 1]), undefined, form)
    await page.context().close()
  }
}
await stageRun(stage, tests)
