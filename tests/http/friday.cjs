// A form's whole life: a thousand people answer the first version; the second one renames a field, splits another and drops a third; it is
// compared, tried, rolled out to some, to all, back and out again; what is stored is carried over, exported, judged again, and forgotten for
// one who asks for it. After all of that the audit log is whole.
const { execFileSync } = require('child_process')
const fs = require('fs')
const path = require('path')

const [url, work, formwright] = process.argv.slice(2)
const base = url.replace(/\/$/, '')
const token = Object.fromEntries(['publisher', 'reader'].map(role => [role, fs.readFileSync(path.join(work, role), 'utf8').trim()]))
const people = 1000, tooLong = 10

const first = `edition 2027
form trip "Trip" {
  name: text "Your name" required length 1..60
  born: date "When were you born?" required
  fare: decimal(2) "Fare" min 0
  fax: text "Fax"
  repeat bags "Bags" 0..3 { weight: decimal(1) "Weight in kg" required }
  load: decimal(1) "All bags" = sum(bags.weight)
  remark: text "Anything else?"
}
`
const second = clause => `edition 2027
form trip "Trip" {
  full_name: text "Your full name" required length 1..30
  birth_year: integer "Year of birth" required min 1900 max 2100
  birth_month: integer "Month of birth" required min 1 max 12
  fare: decimal(2) "Fare" min 0
  repeat bags "Bags" 0..3 { weight: decimal(1) "Weight in kg" required }
  load: decimal(1) "All bags" = sum(bags.weight)
  remark: text "Anything else?"
${clause}}
`
const clause = `  migrate from 1 {
    rename name to full_name
    set birth_year = year(born)
    set birth_month = month(born)
    drop born
    drop fax
  }
`

let failures = 0
function check(good, what) {
  if (good) return
  failures++
  console.log(`it is not so that ${what}`)
}

const json = { 'content-type': 'application/json' }, source = { 'content-type': 'text/plain; charset=utf-8' }
async function ask(wanted, method, target, who, headers = {}, body) {
  const response = await fetch(base + target, { method, body, headers: { ...(who ? { authorization: `Bearer ${token[who]}` } : {}), ...headers } })
  const text = await response.text()
  if (response.status !== wanted) {
    failures++
    console.log(`${method} ${target}: ${response.status}, wanted ${wanted}\n${text.slice(0, 2000)}`)
  }
  return { response, text, body: /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '') && text ? JSON.parse(text) : undefined }
}

// The program beside the running server. What it prints, and how it ended.
function run(...args) {
  try {
    return { code: 0, out: execFileSync(formwright, [...args, '--data', path.join(work, 'data')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }) }
  } catch (error) {
    return { code: error.status, out: error.stdout, err: error.stderr }
  }
}

const f = '/v1/tenants/acme/forms/trip', p = '/v1/p/acme/trip'
const pad = number => String(number).padStart(2, '0')
const answersOf = n => ({
  name: n < tooLong ? `Person ${n} of a very long name indeed` : n === 500 ? '=1+1' : `Person ${n}`,
  born: `19${50 + n % 50}-${pad(1 + n % 12)}-${pad(1 + n % 28)}`,
  fare: `${n % 90}.5`, fax: `555-${n}`, bags: Array.from({ length: n % 4 }, (_, i) => ({ weight: `${i + 1}.5` }))
})
const ids = []

async function submit(n, body, query = '') {
  const headers = { ...json, 'idempotency-key': `friday-${String(n).padStart(16, '0')}` }
  return ask(201, 'POST', `${p}/submissions${query}`, undefined, headers, JSON.stringify(body))
}

async function collect() {
  for (let from = 0; from < people; from += 20)
    await Promise.all(Array.from({ length: 20 }, async (_, i) => {
      const stored = await submit(from + i, { version: 1, answers: answersOf(from + i) })
      ids[from + i] = stored.body.id
    }))
}

async function compare() {
  await ask(200, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': '*' }, second(''))
  const diff = (await ask(200, 'GET', `${f}/diff`, 'publisher')).body
  const has = (code, field) => diff.changes.some(change => change.code === code && change.path === field)
  check(diff.class === 'breaking', 'the difference is breaking')
  for (const field of ['name', 'born', 'fax']) check(has('field-removed', field), `${field} is told to be removed`)
  for (const field of ['full_name', 'birth_year', 'birth_month']) check(has('required-field-added', field), `${field} is told to be new and required`)
  check(!diff.changes.some(change => JSON.stringify(change).includes('fare')), 'nothing is told of what stayed')
  const refused = await ask(409, 'POST', `${f}/versions?channel=none`, 'publisher')
  check(refused.body.code === 'breaking-change', 'without a clause it is refused')
}

// Every stored submission, a page at a time.
async function tryMigration() {
  await ask(200, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': '*' }, second(clause))
  let after = 0, carried = 0, refused = []
  for (let more = true; more;) {
    const page = (await ask(200, 'POST', `${f}/migrations:dry-run`, 'publisher', json, JSON.stringify({ from: 1, after }))).body
    carried += page.carried
    refused.push(...page.items.filter(item => !item.carried))
    const some = page.items.find(item => item.id === ids[42])
    if (some) check(JSON.stringify(some.answers) === JSON.stringify({ full_name: 'Person 42', birth_year: 1992, birth_month: 7, fare: '42.50', bags: [{ weight: '1.5' }, { weight: '2.5' }], load: '4.0' }), `a trial makes of one: ${JSON.stringify(some.answers)}`)
    more = page.more
    after = page.next_after
  }
  check(carried === people - tooLong, `all but ${tooLong} can be carried; ${carried} can`)
  check(refused.length === tooLong && refused.every(item => item.errors[0].pointer === '/full_name' && item.errors[0].code === 'too_long'), 'those with long names cannot, and are told why')
  const untouched = (await ask(200, 'GET', `${f}/submissions/${ids[42]}`, 'reader')).body
  check(untouched.version === 1 && !untouched.carried, 'a trial keeps nothing')
}

const versionOf = answer => Number(answer.response.headers.get('content-location').split('/').pop())

// What each of a hundred buckets, and somebody without one, is served.
async function served() {
  const versions = []
  for (let b = 0; b < 100; b += 10)
    versions.push(...await Promise.all(Array.from({ length: 10 }, async (_, i) => versionOf(await ask(200, 'GET', `${p}?b=${b + i}`)))))
  return [...versions, versionOf(await ask(200, 'GET', p))]
}

async function rollOut() {
  const channel = (version, percent) => ask(200, 'PUT', `${f}/channels/live`, 'publisher', { ...json, 'audit-reason': 'Friday' }, JSON.stringify({ version, percent }))
  const published = await ask(201, 'POST', `${f}/versions?channel=none`, 'publisher')
  check(published.body.version === 2, 'the second version is made')
  let last = await served()
  check(last.every(version => version === 1), 'nobody gets it yet')
  for (const percent of [10, 40, 100]) {
    await channel(2, percent)
    const now = await served(), again = await served()
    check(now.filter((version, b) => b < 100 && version === 2).length === percent, `${percent} of a hundred get it`)
    check(now.every((version, b) => version === again[b]), 'whoever asks again gets the same')
    check(now.every((version, b) => version >= last[b]), 'nobody who has the new one gets the old one')
    const candidate = now.indexOf(2)
    await submit(`roll-${percent}`, { answers: { full_name: 'Eve', birth_year: 1980, birth_month: 2 } }, `?b=${candidate}`)
    last = now
  }
  check(last[100] === 2, 'at last everybody gets it')
  await channel(1)
  check((await served()).every(version => version === 1), 'everybody is back')
  await submit('late', { version: 2, answers: { full_name: 'Had it open', birth_year: 1980, birth_month: 2 } })
  await channel(2)
  check((await served()).every(version => version === 2), 'and forward again')
  await submit('begun', { version: 1, answers: answersOf(77) })
}

async function migrate() {
  const carried = run('migrate', 'acme', 'trip', '1', '2', '--why', 'full names')
  check(carried.code === 1 && carried.out.includes(`version 1 to 2: ${people + 1 - tooLong} carried, ${tooLong} cannot be`), `formwright migrate says ${carried.out} ${carried.err ?? ''}`)
  const now = (await ask(200, 'GET', `${f}/submissions/${ids[42]}`, 'reader')).body
  check(now.version === 2 && now.submitted_version === 1 && now.answers.birth_year === 1992 && now.carried[0].from === 1, `one was carried: ${JSON.stringify(now)}`)
  const then = (await ask(200, 'GET', `${f}/submissions/${ids[42]}?as=submitted`, 'reader')).body
  check(then.version === 1 && then.answers.born === '1992-07-15' && then.answers.fax === '555-42', `and stays as it was: ${JSON.stringify(then.answers)}`)
}

async function exported() {
  const lines = (await ask(200, 'GET', `${f}/submissions:export`, 'reader')).text.trim().split('\n').map(line => JSON.parse(line))
  const table = (await ask(200, 'GET', `${f}/submissions:csv`, 'reader')).text.trim().split('\r\n')
  const bags = (await ask(200, 'GET', `${f}/submissions:csv?table=bags`, 'reader')).text.trim().split('\r\n')
  return { lines, table, bags }
}

async function readAll(stored) {
  const { lines, table, bags } = await exported()
  check(lines.length === stored && table.length === stored + 1, `an export has ${stored} lines, and a head in CSV: ${lines.length}, ${table.length}`)
  check(new Set(lines.map(line => line.id)).size === stored, 'each is there once')
  check(bags.length - 1 === lines.reduce((sum, line) => sum + (line.answers.bags ?? []).length, 0), `every row of a repeat is there: ${bags.length - 1}`)
  check(['name', 'full_name', 'birth_year', 'born'].every(name => table[0].split(',').includes(name)), `the columns are of both versions: ${table[0]}`)
  check(!table.some(line => /(^|,)"?=1\+1/.test(line)) && table.some(line => line.includes("'=1+1")), 'no cell is a formula')
  return lines
}

function judgeAgain(stored) {
  const replay = run('replay', '--tenant', 'acme')
  check(replay.code === 0 && replay.out.includes(`${stored} submissions judged again, ${stored} same`), `a replay says ${replay.out} ${replay.err ?? ''}`)
}

async function forget(stored) {
  const one = `${f}/submissions/${ids[42]}`
  await ask(400, 'DELETE', one, 'publisher')
  await ask(204, 'DELETE', one, 'publisher', { 'audit-reason': 'asked to be forgotten' })
  await ask(410, 'GET', one, 'reader')
  const lines = await readAll(stored - 1)
  check(!lines.some(line => line.id === ids[42] || JSON.stringify(line.answers).includes('Person 42"')), 'who is forgotten is in no export')
  const again = run('migrate', 'acme', 'trip', '1', '2')
  check(again.code === 0 && again.out.includes('0 carried, 0 cannot be'), 'nothing is left to carry, and nothing comes back')
}

async function main() {
  const file = path.join(work, 'trip.form')
  fs.writeFileSync(file, first)
  check(run('publish', 'acme', file).code === 0, 'the first version is published')
  await ask(200, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': '*' }, first)
  await collect()
  await compare()
  await tryMigration()
  await rollOut()
  await migrate()
  const stored = people + 5
  await readAll(stored)
  judgeAgain(stored)
  await forget(stored)
  judgeAgain(stored - 1)
  const log = run('audit', 'verify', 'acme')
  check(log.code === 0, `the audit log is whole: ${log.out} ${log.err ?? ''}`)
  const told = run('audit', 'list', 'acme').out
  for (const action of ['version.publish', 'channel.set', 'operation.begin', 'submissions.carry', 'operation.state', 'submission.erase'])
    check(told.includes(action), `the log tells of ${action}`)
  check(told.includes('asked to be forgotten') && !told.includes('Person'), 'with reasons, and without answers')
}

main().then(() => process.exit(failures ? 1 : 0), error => { console.log(error); process.exit(1) })
