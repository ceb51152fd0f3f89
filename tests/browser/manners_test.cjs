// What people do with pages besides filling them in: keys alone, reading from right to left, colours of their own, large letters, going back, loading anew,
// sending twice, coming back later.
const { open } = require('./site.cjs')
const { fill, go } = require('./filler.cjs')

const form = `edition 2027
form trip "Trip" {
  languages en, ar
  choices meals { meat "Meat"  fish "Fish"  none "Nothing" }
  page who "Who?" {
    name: text "Your name" required autocomplete "name"
    born: date "Date of birth" required autocomplete "bday"
    alone: boolean "Do you travel alone?" required
    companion: text "Who comes with you?" when not alone required
  }
  page what "What?" {
    matrix food "What do you eat?" of choice(meals) required { noon "At noon"  night "At night" }
    wishes: choices(meals) "Anything else?" other "Something else"
    order: ranking(meals) "Best first"
    budget: money(EUR) "What may it cost?" min 0 required
    at: time "When do you leave?"
    repeat bags "Bags" 0..3 { weight: decimal(1) "Weight" required min 0 max 30 }
    total: decimal(1) "All bags together" = sum(bags.weight)
  }
  translate ar { title "رحلة"  who "من؟"  name "اسمك"  born "تاريخ الميلاد"  alone "هل تسافر وحدك؟"  what "ماذا؟"  food "ماذا تأكل؟"  food.noon "ظهرًا"  food.night "مساءً" }
}
`

// What has the focus.
const focus = page => page.evaluate(() => `${document.activeElement.name || document.activeElement.className}=${document.activeElement.value ?? ''}`)

async function by_keys_alone(site, url) {
  const page = await site.page()
  await page.goto(url)
  const tab = async () => { await page.keyboard.press('Tab'); return focus(page) }
  site.expect((await tab()).includes('fw-skip'), 'the first stop is not the way past the head')
  await page.keyboard.press('Enter')
  site.expect(page.url().endsWith('#main'), 'the way past the head does not lead to the page')
  const seen = []
  for (let i = 0; i < 14; i++) seen.push(await tab())
  for (const name of ['name=', 'born/day=', 'born/month=', 'born/year=', 'alone=true', '_do=next', '_do=save'])
    site.expect(seen.some(at => at === name), `the keyboard does not reach ${name}: ${seen.join(' ')}`)
  await page.focus('[name=name]')
  await page.keyboard.type('Ada')
  await page.keyboard.press('Tab')
  for (const part of ['7', '6', '1980']) { await page.keyboard.type(part); await page.keyboard.press('Tab') }
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter') // goes on, as the first button of the form does
  await page.waitForURL(/s=/)
  site.expect(/\/what\?/.test(page.url()), `Enter does not go on: ${page.url()}`)
  await page.context().close()
}

async function nothing_is_lost(site, url) {
  const page = await site.page()
  await page.goto(url)
  await page.fill('[name=name]', 'Ada')
  await page.fill('[name="born/day"]', 'seven')
  await page.fill('[name="born/year"]', '1980')
  await go(page)
  site.expect(await page.inputValue('[name="born/day"]') === 'seven' && await page.inputValue('[name="born/year"]') === '1980', 'a wrong date is lost')
  site.expect(await page.inputValue('[name=name]') === 'Ada', 'a right answer is lost beside a wrong one')
  await page.fill('[name="born/day"]', '7')
  await page.fill('[name="born/month"]', '6')
  await page.check('[name=alone][value=false]')
  await go(page) // the page has a new question now, which nobody has been asked
  site.expect(await page.$('[name=companion]'), 'the new question is not there')
  site.expect(!(await page.$('.fw-error')), 'what was never asked is complained about')
  await page.fill('[name=companion]', 'Bo')
  await go(page)
  site.expect(/\/what\?/.test(page.url()), `there is no second page: ${page.url()}`)
  await page.goBack()
  site.expect(await page.inputValue('[name=companion]') === 'Bo', 'going back loses an answer')
  await page.check('[name=alone][value=true]')
  await go(page)
  await page.click('.fw-back')
  site.expect(!(await page.$('[name=companion]')), 'a question that is not relevant is drawn')
  await page.check('[name=alone][value=false]')
  await go(page)
  site.expect(/\/what\?/.test(page.url()), 'what was answered before was forgotten')
  await page.click('[value="add:bags"]')
  await page.fill('[name="bags/0/weight"]', '12.5')
  await page.click('[value="add:bags"]')
  await page.fill('[name="bags/1/weight"]', '7,5')
  await page.reload()
  site.expect(await page.inputValue('[name="bags/0/weight"]') === '12.5', 'loading anew loses a row')
  await page.fill('[name="bags/1/weight"]', '7,5')
  await page.click('[value="add:bags"]')
  site.expect((await page.textContent('#f-total')).trim() === '20.0', 'the total is not told')
  await page.click('[value="remove:bags/2"]')
  await page.click('[value="remove:bags/0"]')
  site.expect(await page.inputValue('[name="bags/0/weight"]') === '7.5', 'another row was removed')
  await page.check('[name=wishes][value=fish]')
  await page.fill('[name="wishes/other"]', 'Cake')
  await page.selectOption('[name="order/0"]', 'fish')
  await page.fill('[name=at]', '09:30')
  await page.click('[value=save]')
  const later = await page.getAttribute('.fw-button', 'href')
  await site.check(page, 'saved')
  await page.context().close()

  const again = await site.page()
  await again.goto(site.url + later)
  site.expect(await again.inputValue('[name=name]') === 'Ada', 'what was saved is not there later')
  await go(again)
  site.expect(await again.isChecked('[name=wishes][value=fish]') && await again.inputValue('[name="wishes/other"]') === 'Cake', 'choices were not saved')
  site.expect(await again.inputValue('[name="order/0"]') === 'fish' && await again.inputValue('[name=at]') === '09:30', 'a rank or a time was not saved')
  await fill(again, { noon: 'meat', night: 'fish', budget: '1,234.50' })
  await again.check('[name="food/noon"][value=meat]')
  await again.check('[name="food/night"][value=fish]')
  await go(again)
  if (!/\/check\?/.test(again.url())) { await fill(again, { 'order/0': 'fish', 'order/1': 'meat', 'order/2': 'none' }); await go(again) }
  site.expect(/\/check\?/.test(again.url()), `there is nothing to check: ${await again.$$eval('.fw-summary li', list => list.map(at => at.textContent))}`)
  await site.check(again, 'check')
  site.expect((await again.textContent('main')).includes('1,234.50'), 'the amount is not told in the language')
  await again.click('.fw-summary-change a >> nth=0')
  site.expect(/from=check/.test(again.url()), 'changing does not know where it came from')
  await again.fill('[name=name]', 'Ada L.')
  await go(again)
  site.expect(/\/check\?/.test(again.url()), 'after a change the answers are not checked again')
  const checked = again.url(), key = new URL(checked).searchParams.get('s')
  const body = new URLSearchParams({ _saved: key, _do: 'submit', _lang: 'en' })
  const send = () => fetch(`${url}/check`, { method: 'POST', redirect: 'manual', body })
  const [one, two] = await Promise.all([send(), send()]) // two at once, and one behind
  const three = await send()
  const ids = new Set([one, two, three].map(at => new URL(at.headers.get('location') ?? '/', site.url).searchParams.get('r')))
  site.expect(ids.size === 1 && [...ids][0], `one submission became ${ids.size}: ${[one, two, three].map(at => at.status)}`)
  await again.goto(checked)
  site.expect((await again.textContent('h1')).includes('already'), 'an old address does not say that all was sent')
  await again.context().close()
}

async function in_other_colours_and_sizes(site, url) {
  for (const [what, options] of [['forced colours', { forcedColors: 'active' }], ['dark', { colorScheme: 'dark' }], ['little motion', { reducedMotion: 'reduce' }]]) {
    const page = await site.page(options)
    await page.goto(url)
    await go(page)
    site.looker = undefined
    const look = site.page.bind(site)
    site.page = more => look({ ...more, ...options })
    await site.check(page, what)
    site.page = look
    await site.looker.context().close()
    site.looker = undefined
    await site.picture(page, `trip-${what.replace(' ', '-')}`)
    await page.context().close()
  }
  const page = await site.page({ locale: 'ar' })
  await page.goto(url)
  site.expect(await page.evaluate(() => document.documentElement.dir) === 'rtl', 'Arabic is not written from right to left')
  await go(page)
  await site.check(page, 'from right to left')
  await site.narrow(page, 'from right to left')
  await site.picture(page, 'trip-rtl')
  site.expect((await page.textContent('.fw-summary-title')).includes('مشكلة'), 'errors are not told in Arabic')
  await page.click('.fw-languages a')
  site.expect(await page.evaluate(() => document.documentElement.lang) === 'en', 'the link to English leads to another language')
  await page.setViewportSize({ width: 500, height: 400 }) // a window of 1000 at 200 %
  site.expect(await page.evaluate(() => document.documentElement.scrollWidth) <= 500, 'at 200 % the page must be moved sideways')
  await page.context().close()
}

open(async site => {
  const url = site.publish(form, 'trip')
  await by_keys_alone(site, url)
  await nothing_is_lost(site, url)
  await in_other_colours_and_sizes(site, url)
})
