// Strings that attack, in every place that an author or a respondent can write to: all of it is text, in a window that would run scripts.
const { open } = require('./site.cjs')
const { payloads, form, look } = require('./hostile.cjs')

open(async site => {
  const texts = payloads()
  const page = await site.page({ javaScriptEnabled: true })
  await page.route(/\/assets\/.*\.js/, route => route.abort()) // our own script would draw the form again; any other may run
  page.on('request', request => site.expect(request.url().startsWith(site.url), `something was fetched from elsewhere: ${request.url()}`))
  console.log(`${texts.length} strings`)
  for (let at = 0; at < texts.length; at += 10) {
    const chunk = texts.slice(at, at + 10), name = `x${at}`, url = site.publish(form(name, chunk), name)
    await page.goto(`${url}?kept=${encodeURIComponent(chunk[0])}&nothing=${encodeURIComponent(chunk[0])}`)
    await look(site, page, `${name} empty`)
    for (const [i, text] of chunk.entries()) {
      await page.fill(`[name=a${i}]`, text)
      await page.fill(`[name="c${i}/other"]`, text)
      await page.fill(`[name="r${i}/0/in${i}"]`, text)
    }
    await page.click('.fw-actions button >> nth=0')
    await look(site, page, `${name} with errors`)
    site.expect(page.url().includes('e=1'), `${name}: there are no errors`)
    for (const [i, text] of chunk.entries()) {
      const back = await page.inputValue(`[name=a${i}]`), lines = await page.inputValue(`[name="r${i}/0/in${i}"]`)
      site.expect(back === text.replace(/[\r\n]/g, '').trim(), `${name}: ${JSON.stringify(text)} came back as ${JSON.stringify(back)}`)
      site.expect(lines.trim() === text.replace(/\r\n?/g, '\n').trim(), `${name}: lines of ${JSON.stringify(text)} came back as ${JSON.stringify(lines)}`)
    }
    const key = new URL(page.url()).searchParams.get('s')
    for (const more of ['check', 'two', 'saved']) {
      await page.goto(`${url}/${more}?s=${key}`)
      await look(site, page, `${name} ${more}`)
    }
    await page.goto(`${url}/one?s=${key}&lang=de`)
    await look(site, page, `${name} in German`)
    for (const text of chunk) {
      const sent = await fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ [text]: text, a0: text, _lang: text }) })
      await sent.text()
      const next = sent.headers.get('location')
      if (next) { await page.goto(site.url + next); await look(site, page, `${name}: a name that is not there`) }
      await page.goto(`${url}/${encodeURIComponent(text)}`)
      await look(site, page, `${name}: an address that is not there`)
      await page.goto(`${url}?lang=${encodeURIComponent(text)}&s=${encodeURIComponent(text)}&e=${encodeURIComponent(text)}`)
      await look(site, page, `${name}: parameters`)
    }
  }
})
