// Strings that attack, a form that has them in every place, and a look at what came of them.
const fs = require('fs')
const path = require('path')
const { root, all } = require('./site.cjs')

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

// A form with them in each place that an author has; `calm`: without what makes every answer wrong.
const form = (name, texts, calm) => `edition 2027
form ${name} ${literal(texts[0])} {
  languages en, de
  page one ${literal(texts[0])} {
    kept: text ${literal(texts[0])} hidden
${texts.map((text, i) => {
  const t = literal(text)
  return `    note n${i} ${t}
    a${i}: text ${t} hint ${t} placeholder ${t}${calm ? '' : ` check length(a${i}) < 1 else ${t.slice(0, -1)} {a${i}}"`}
    c${i}: choice(l${i}) ${t} other ${t}${calm ? '' : ` required else ${t}`}
    group g${i} ${t} { y${i}: boolean ${t} hint ${t} }
    matrix m${i} ${t} of choice(l${i}) { m${i}a ${t} }
    section s${i} ${t} { echo${i}: text ${t} = a${i} }
    repeat r${i} ${t.slice(0, -1)} {a${i}}" 1..2 { in${i}: text ${t} multiline }`
}).join('\n')}
  }
  page two "{a0}" { b: text "B {a0}" }
${texts.map((text, i) => `  choices l${i} { ${literal(`${text.trim().slice(0, 40)} ${i}`)} ${literal(text)}  plain "Plain" }`).join('\n')}
  translate de { title ${literal(texts[0])}  a0 ${literal(texts.at(-1))}  l0.plain ${literal(texts.at(-1))} }
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
      const ours = at.localName === 'style' && at.parentNode === document.head && !at.attributes.length && at.textContent.startsWith("/* The look of Formwright's forms") // of the page on which somebody begins
      if (!ours && !known.includes(at.localName)) found.push(`<${at.localName}>`)
      for (const { name, value } of at.attributes) {
        if (/^on|^style$|^srcdoc$|^formaction$/.test(name)) found.push(`${at.localName} ${name}`)
        if (name === 'src' && !(at.localName === 'script' ? /^\/assets\/formwright(-[0-9a-f]+)?\.js$/ : /^\/v1\/p\/acme\/[xy][0-9]+(\/versions\/[0-9]+)?$/).test(value)) found.push(`${at.localName} src=${value}`)
        if (/^(href|action)$/.test(name) && !(at.localName === 'link' && value === 'data:,') && !/^[/#][^/]/.test(value)) found.push(`${at.localName} ${name}=${value}`)
        if (name === 'http-equiv') found.push('a meta')
      }
    }
    return found
  }, [...tags])
  for (const text of new Set(odd)) site.fail(`${where}: ${text}`)
}

module.exports = { own, payloads, form, look }
