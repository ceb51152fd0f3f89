// Five forms from the first page to the receipt, without script: every page and every page with errors is looked at by axe and a validator of HTML, and
// fits a window of 320 pixels.
const { open, all } = require('./site.cjs')
const { fill, go } = require('./filler.cjs')

const forms = {
  phq9: {},
  household_members: {},
  person_and_job: {},
  invoice: {},
  community_fund: {},
  ...(all ? { benefit_application: {}, child_vaccination: {}, socio_economic_survey: {} } : {}),
}

async function walk(site, name, values) {
  const url = site.publish(`examples/${name}.form`)
  const page = await site.page()
  await page.goto(url)
  let stuck = 0
  for (let step = 0; step < 60 && !/\/done\?/.test(page.url()); step++) {
    const where = `${name} ${new URL(page.url()).pathname.split('/').pop()}`
    await site.check(page, where)
    await site.narrow(page, where)
    const address = page.url(), before = address.split('?')[0]
    if (step === 0 || /\/check$/.test(before)) await site.picture(page, `${name}-${step}`)
    if (!/\/check$/.test(before) && stuck === 0) {
      await go(page) // empty: what is asked for is complained about
      if (page.url().includes('e=1')) {
        await site.check(page, `${where} with errors`)
        await site.narrow(page, `${where} with errors`)
        site.expect((await page.title()).startsWith('Error: '), `${where}: the title does not say that there are errors`)
        for (const link of await page.$$('.fw-summary a')) {
          const at = await link.getAttribute('href')
          site.expect(await page.$(`[id="${at.slice(1)}"]`), `${where}: the summary leads nowhere: ${at}`)
        }
      } else if (page.url().split('?')[0] !== before) await page.goto(address)
    }
    if (!/\/check$/.test(before)) await fill(page, values, stuck)
    await go(page)
    const same = page.url().split('?')[0] === before
    stuck = same ? stuck + 1 : 0
    if (stuck > 6) {
      site.fail(`${name}: no way on from ${page.url()}: ${await page.$$eval('.fw-summary li', list => list.map(at => at.textContent.trim()).join('; '))}`)
      return
    }
  }
  site.expect(/\/done\?/.test(page.url()), `${name} was not sent: ${page.url()}`)
  await site.check(page, `${name} done`)
  await page.context().close()
}

open(async site => {
  for (const [name, values] of Object.entries(forms)) await walk(site, name, values)
})
