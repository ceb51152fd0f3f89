// Statistics against a naive count of the export, after each batch of random submissions.
const fs = require('fs')
const path = require('path')

const [url, work, what] = process.argv.slice(2)
const base = url.replace(/\/$/, '')
const token = Object.fromEntries(['publisher', 'reader'].map(role => [role, fs.readFileSync(path.join(work, role), 'utf8').trim()]))
const acme = `${base}/v1/tenants/acme`

let failures = 0
const fail = text => { failures++; console.log(text) }
const same = (what, got, wanted) => {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) fail(`${what}: ${JSON.stringify(got)}, counted ${JSON.stringify(wanted)}`)
}

let state = 20260109
const random = below => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 4294967296 * below) }

async function ask(method, target, role, body, headers = {}) {
  const response = await fetch(target, { method, headers: { ...(role && { authorization: `Bearer ${token[role]}` }), ...headers }, body })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: /^application\/(problem\+)?json$/.test((response.headers.get('content-type') ?? '').split(';')[0]) ? JSON.parse(text) : null }
}

// ---- three versions: options come and go, a field changes its type, one its scale
const colours = [['red', 'green', 'blue'], ['green', 'red', 'blue', 'grey'], ['grey', 'green'], ['grey', 'green']]
const form = version => `edition 2027
form trip "Trip" {
  languages en, de
  choices colours { ${colours[version].map(code => `${code} "${code.toUpperCase()} ${version}"`).join(' ')} }
  choices places { sea "Sea" hills "Hills" town "Town" }
  choices ranks { first "First" second "Second" third "Third" }
  choices kinds { adult "Adult" child "Child" }
  name: text "Name of {colour}" required
  page money "Money" {
    colour: choice(colours) "Colour" other "Another"
    wants: choices(places) "Wants"
    order: ranking(ranks) "Order"
    agrees: boolean "Agrees"
    fee: ${['money(EUR)', 'money(EUR)', 'decimal(3)', 'decimal(3)'][version]} "Fee"
    age: ${['integer', 'integer', 'text', 'text'][version]} "Age"
    ${version === 1 ? 'extra: decimal(4) "Extra"' : ''}
  }
  secret: integer "Secret" ${version ? '' : 'sensitive'}
  ${version ? 'repeat secrets "Secrets" 0..2 { secret: boolean "Secret" sensitive }' : ''}
  group home "Home" { rooms: integer "Rooms" min -5 max 5 }
  repeat members "Members" 0..4 {
    kind: choice(kinds) "Kind"
    fare: decimal(2) "Fare"
    repeat bags "Bags" 0..3 { weight: decimal(1) "Weight" }
  }
  total: decimal(2) "Total" = sum(members.fare)
  translate de { colour "Farbe" }
  ${version === 3 ? 'migrate from 3 { set name = upper(name) }' : ''}
}
`
const decimal = (digits, scale) => (random(2) ? '-' : '') + `${random(10 ** digits)}.${String(random(10 ** scale)).padStart(scale, '0')}`
const maybe = (object, name, value) => { if (random(4)) object[name] = value }
const some = list => list.filter(() => random(2))
function answers(version) {
  const made = { name: `N${random(1000)}` }
  maybe(made, 'colour', random(5) ? colours[version][random(colours[version].length)] : { other: `pink ${random(9)}` })
  maybe(made, 'wants', some(['sea', 'hills', 'town']))
  maybe(made, 'order', [['first', 'second', 'third'], ['third', 'first', 'second'], ['second', 'first', 'third']][random(3)])
  maybe(made, 'agrees', random(2) === 1)
  maybe(made, 'fee', decimal(9, version >= 2 ? 3 : 2))
  maybe(made, 'age', version >= 2 ? 'old' : random(100))
  if (version === 1) maybe(made, 'extra', decimal(6, 4))
  maybe(made, 'secret', random(50))
  if (version) maybe(made, 'secrets', [{ secret: true }, {}].slice(random(3)))
  maybe(made, 'home', { rooms: random(11) - 5 })
  maybe(made, 'members', Array.from({ length: random(4) }, () => {
    const row = {}
    maybe(row, 'kind', ['adult', 'child'][random(2)])
    maybe(row, 'fare', decimal(3, 2))
    maybe(row, 'bags', Array.from({ length: random(3) }, () => ({ weight: decimal(2, 1) })))
    return row
  }))
  return made
}

async function publish(version) {
  const source = form(version)
  let answer = await ask('PUT', `${acme}/forms/trip/draft`, 'publisher', source, { 'content-type': 'text/plain; charset=utf-8', [version ? 'if-match' : 'if-none-match']: '*' })
  if (answer.status > 299) throw new Error(answer.text)
  answer = await ask('POST', `${acme}/forms/trip/versions?allow_breaking=true`, 'publisher', undefined, { 'audit-reason': 'test' })
  if (answer.status !== 201) throw new Error(answer.text)
}

let sent = 0
async function submit(version, count) {
  const ids = []
  for (let i = 0; i < count; i++) {
    const answer = await ask('POST', `${base}/v1/p/acme/trip/submissions`, null, JSON.stringify({ version: version + 1, answers: answers(version) }),
      { 'content-type': 'application/json', 'idempotency-key': `stats-${what}-${String(++sent).padStart(24, '0')}` })
    if (answer.status !== 201) throw new Error(answer.text)
    ids.push(answer.body.id)
  }
  return ids
}

// ---- the naive count
const units = (text, scale) => {
  const [whole, fraction = ''] = String(text).replace('-', '').split('.')
  const value = BigInt(whole + fraction.padEnd(scale, '0'))
  return String(text).startsWith('-') ? -value : value
}
const written = (value, scale) => {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  return (value < 0n ? '-' : '') + (scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits)
}
const types = version => ({
  name: 'text', colour: 'choice', wants: 'choices', order: 'ranking', agrees: 'boolean', fee: version >= 2 ? ['decimal', 3] : ['money', 2],
  age: version >= 2 ? 'text' : ['integer', 0], ...(version === 1 && { extra: ['decimal', 4] }), secret: ['integer', 0], ...(version && { secrets: 'repeat', 'secrets.secret': 'boolean' }), 'home.rooms': ['integer', 0], members: 'repeat', 'members.kind': 'choice',
  'members.fare': ['decimal', 2], 'members.bags': 'repeat', 'members.bags.weight': ['decimal', 1], total: ['decimal', 2] })
const offered = {
  wants: ['sea', 'hills', 'town'], order: ['first', 'second', 'third'], agrees: ['false', 'true'], 'secrets.secret': ['false', 'true'], 'members.kind': ['adult', 'child'] }
// Every place of a path in the answers: one, or one in each row, with or without an answer.
function places(value, keys) {
  if (!keys.length) return [value]
  const inside = value?.[keys[0]]
  if (Array.isArray(inside) && keys.length > 1) return inside.flatMap(row => places(row, keys.slice(1)))
  return /^(members|bags|secrets)$/.test(keys[0]) && keys.length > 1 ? [] : places(inside, keys.slice(1))
}
function naive(rows) {
  const fields = new Map(), days = new Map(), versions = new Map()
  for (const version of [...new Set(rows.map(row => row.version))].sort((a, b) => b - a)) {
    for (const [name, type] of Object.entries(types(version - 1))) {
      const [kind, scale] = Array.isArray(type) ? type : [type], key = `${name} ${kind} ${scale}`
      if (!fields.has(key)) fields.set(key, { path: name, type: kind, scale, version, of: 0, answered: 0, other: 0, counts: new Map() })
      const field = fields.get(key)
      const list = name === 'colour' ? colours[version - 1] : offered[name]
      for (const code of list ?? []) if (!field.counts.has(code)) field.counts.set(code, 0)
      for (const row of rows.filter(row => row.version === version)) {
        const keys = name.split('.')
        if (kind === 'repeat') {
          const around = keys.length > 1 ? places(row.answers, keys.slice(0, -1)).flatMap(rows => rows ?? []) : [row.answers]
          field.of += around.length
          for (const one of around) field.answered += one?.[keys.at(-1)]?.length ?? 0
          continue
        }
        for (const value of places(row.answers, keys)) {
          field.of++
          if (value === undefined) continue
          field.answered++
          for (const chosen of kind === 'ranking' ? value.slice(0, 1) : kind === 'choices' ? value : kind === 'choice' || kind === 'boolean' ? [value] : []) {
            if (typeof chosen === 'object') field.other++
            else field.counts.set(String(chosen), field.counts.get(String(chosen)) + 1)
          }
          if (scale === undefined) continue
          const number = units(value, scale)
          field.sum = (field.sum ?? 0n) + number
          if (field.min === undefined || number < field.min) field.min = number
          if (field.max === undefined || number > field.max) field.max = number
        }
      }
    }
  }
  for (const row of rows) {
    const day = `${row.received_at.slice(0, 10)} ${row.version}`
    days.set(day, (days.get(day) ?? 0) + 1)
    versions.set(row.version, (versions.get(row.version) ?? 0) + 1)
  }
  return { fields: [...fields.values()], days, versions }
}

async function compare(when, query = '') {
  const exported = await ask('GET', `${acme}/forms/trip/submissions:export${query}`, 'reader')
  const rows = exported.text.split('\n').filter(Boolean).map(line => JSON.parse(line))
  const stats = await ask('GET', `${acme}/forms/trip/stats${query}`, 'reader')
  if (stats.status !== 200) return fail(`${when}: ${stats.status} ${stats.text}`)
  const wanted = naive(rows), got = stats.body
  same(`${when}: submissions`, got.submissions, rows.length)
  same(`${when}: behind`, [got.behind, got.unread], [0, 0])
  same(`${when}: days`, got.days.map(day => [`${day.day} ${day.version}`, day.submissions]), [...wanted.days].sort())
  same(`${when}: versions`, got.versions.map(version => [version.version, version.submissions]), [...wanted.versions].sort((a, b) => a[0] - b[0]))
  same(`${when}: fields`, got.fields.map(field => `${field.path} ${field.type}`).sort(), wanted.fields.map(field => `${field.path} ${field.type}`).sort())
  for (const field of wanted.fields) {
    const told = got.fields.find(one => one.path === field.path && one.type === field.type)
    if (!told) continue
    const number = value => value === undefined ? undefined : written(value, field.scale)
    same(`${when}: ${field.path}`, [told.version, told.of, told.answered, told.sum, told.min, told.max, told.other ?? 0],
      [field.version, field.of, field.answered, number(field.sum), number(field.min), number(field.max), field.other])
    if (field.counts.size) same(`${when}: options of ${field.path}`, told.options.map(option => [option.code, option.count]), [...field.counts])
  }
  return stats
}

async function fill() {
  await publish(0)
  const ids = await submit(0, 60)
  let told = await compare('one version')
  const again = await ask('GET', `${acme}/forms/trip/stats`, 'reader', undefined, { 'if-none-match': told.headers.get('etag') })
  same('asked again', again.status, 304)
  ids.push(...await submit(0, 1))
  const changed = await ask('GET', `${acme}/forms/trip/stats`, 'reader', undefined, { 'if-none-match': told.headers.get('etag') })
  same('asked after one more', changed.status, 200)
  await publish(1)
  ids.push(...await submit(1, 40), ...await submit(0, 20))
  await compare('two versions')
  await publish(2)
  for (let i = 0; i < 6; i++) {
    ids.push(...await submit(random(3), 1 + random(15)))
    await compare(`batch ${i}`)
  }
  for (let i = 0; i < 4; i++) {
    for (let gone = random(20); gone > 0; gone--) {
      const [id] = ids.splice(i ? random(ids.length) : ids.length - 1, 1), target = `${acme}/forms/trip/submissions/${id}`
      same('erased', (await ask('DELETE', target, 'publisher', undefined, { 'audit-reason': 'asked for' })).status, 204)
    }
    if (i > 1) ids.push(...await submit(random(3), 4))
    await compare(`after erasures ${i}`)
  }
  const seen = role => ask('GET', `${acme}/forms/trip/stats`, role).then(answer => [answer.body.fields.filter(field => field.path.includes('secret')).map(field => field.path), answer.body.sensitive])
  same('who may see it', await seen('reader'), [['secret', 'secrets', 'secrets.secret'], 0])
  same('who may not', await seen('publisher'), [['secrets'], 2])
  for (const version of [1, 2, 3]) await compare(`version ${version} alone`, `?version=${version}`)
  told = await compare('in German')
  const label = async (locale, path) => (await ask('GET', `${acme}/forms/trip/stats?locale=${locale}`, 'reader')).body.fields.find(field => field.path === path).label
  same('labels', [await label('de-CH', 'colour'), await label('fr', 'colour'), await label('de', 'name')], ['Farbe', 'Colour', 'Name of {colour}'])
  await publish(3)
  const before = told.body
  let operation = await ask('POST', `${acme}/forms/trip/migrations:apply`, 'publisher', JSON.stringify({ from: 3, to: 4 }), { 'content-type': 'application/json', 'audit-reason': 'test' })
  while (/^(queued|running)$/.test(operation.body.state)) {
    await new Promise(done => setTimeout(done, 50))
    operation = await ask('GET', `${base}${operation.body.self}`, 'publisher')
  }
  const carried = operation.body.state === 'done' && operation.body.done
  if (!carried) fail('nothing was carried to version 4')
  told = await compare('after a migration')
  same('a migration changes', [told.body.submissions, told.body.fields], [before.submissions, before.fields])
  ids.push(...await submit(3, 3))
  await compare('after a migration and three more')
  const colour = before.fields.find(field => field.path === 'colour')
  same('option labels', colour.options.map(option => option.label), ['GREY 2', 'GREEN 2', 'RED 1', 'BLUE 1'])
  same('currency', before.fields.filter(field => field.path === 'fee').map(field => field.currency), [undefined, 'EUR'])
  told = await compare('at the end')
  same('usage', [told.body.judging.stored, told.body.saved, told.body.erased], [sent, 0, sent - ids.length])
}

async function again() {
  await compare('after a restart')
  await submit(1, 5)
  await compare('and five more')
  const none = await ask('GET', `${acme}/forms/nothing/stats`, 'reader')
  same('no form', none.status, 404)
}

;(what === 'fill' ? fill() : again()).then(() => process.exit(failures ? 1 : 0), error => { console.log(error); process.exit(1) })
