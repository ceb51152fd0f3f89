// Strings that attack, in every place that an author or a respondent can write to: all of it is text, in a window that would run scripts.
const fs = require('fs')
const path = require('path')
const { open, root, all } = require('./site.cjs')

const corpus = path.join(root, '..', 'shared', 'corpus', 'sec-strings')
const own = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onfocus=alert(1) autofocus x='", '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>', '<svg/onload=alert(1)>', 'javascript:alert(1)', '&lt;script&gt;alert(1)&lt;/script&gt;', '{{7*7}}${7*7}', '<!--<script>',
  ']]><script>alert(1)</script>', '"></form><form action=https://evil.example>', '<base href=https://evil.example>', '<style>*{display:none}</style>',
  '\u202e\u2066abc', '<meta http-equiv=refresh content="0;url=https://evil.example">', '" style="position:fixed', '%3Cscript%3Ealert(1)%3C/script%3E']

function payloads() {
  if (!fs.existsSync(corpus)) {
    console.log('SKIPPED: the corpus of attacking strings is not beside the repository: only those of the test itself are tried')
    return own
  }
  const list = fs.readFileSync(fs.readdirSync(path.join(corpus, 'xss-payload-list')).map(file => path.join(corpus, 'xss-payload-list', file))
    .sort((a, b) => fs.statSync(b).size - fs.statSync(a).size)[0], 'utf8').split('\n')
  const naughty = JSON.parse(fs.readFileSync(path.join(corpus, 'blns.json'), 'utf8'))
  const found = [...list, ...naughty].filter(text => text.trim() && text.length < 500)
  const step = all ? 12 : 120 // spread over the whole list
  return [...own, ...found.filter((_, i) => i % step === 0)]
}

// As a text of the form language; control characters are in none.
const literal = text => `"${text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\{/g, '\\{')}"`

const form = (name, texts) => `edition 2027
form ${name} ${literal(texts[0])} {
  languages en, de
  page one ${literal(texts[0])} {
    kept: text ${literal(texts[0])} hidden
${texts.map((text, i) => {
  const t = literal(text)
  return `    note n${i} ${t}
    a${i}: text ${t} hint ${t} placeholder ${t} check length(a${i}) < 1 else ${t.slice(0, -1)} {a${i}}"
    c${i}: choice(l${i}) ${t} other ${t} required else ${t}
    section s${i} ${t} { echo${i}: text ${t} = a${i} }
    repeat r${i} ${t.slice(0, -1)} {a${i}}" 1..2 { in${i}: text ${t} multiline }`
}).join('\n')}
  }
  page two "{a0}" { b: text "B {a0}" }
${texts.map((text, i) => `  choices l${i} { ${literal(`${text.trim().slice(0, 40)} ${i}`)} ${literal(text)}  plain "Plain" }`).join('\n')}
  translate de { title ${literal(texts[0])} }
}
`

const tags = new Set(('formwright-form script html head meta title link body a header nav p main div h1 h2 h3 h4 h5 h6 form button input fieldset legend label span select option textarea ' +
  'section ul li dl dt dd output table thead tbody tr th td br').split(' '))

// What came of the strings: no element, attribute or address that is not ours.
async function look(site, page, where) {
  site.pages++
  const odd = await page.evaluate(known => {
    const found = []
    for (const at of document.querySelectorAll('*')) {
      if (!known.includes(at.localName)) found.push(`<${at.localName}>`)
      for (const { name, value } of at.attributes) {
        if (/^on|^style$|^srcdoc$|^formaction$/.test(name)) found.push(`${at.localName} ${name}`)
        if (name === 'src' && !(at.localName === 'script' ? /^\/assets\/formwright-[0-9a-f]+\.js$/ : /^\/v1\/p\/acme\/x[0-9]+\/versions\/1$/).test(value)) found.push(`${at.localName} src=${value}`)
        if (/^(href|action)$/.test(name) && !/^[/#][^/]/.test(value)) found.push(`${at.localName} ${name}=${value}`)
        if (name === 'http-equiv') found.push('a meta')
      }
    }
    return found
  }, [...tags])
  for (const text of new Set(odd)) site.fail(`${where}: ${text}`)
}

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
