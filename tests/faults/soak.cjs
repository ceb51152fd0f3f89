// Hours in minutes: a server takes mixed load at a moderate rate, is watched meanwhile, and does nothing afterwards. Its memory, descriptors, threads and write-ahead log are flat
// over the second half, every answer is one that was to be expected, and idle it takes less than a hundredth of a core. Writes FOLDER/soak.json and FOLDER/soak.md.
//
//   node soak.cjs FORMWRIGHT FOLDER [MINUTES] [REQUESTS_A_SECOND]
const { spawn, execFileSync } = require('node:child_process')
const http = require('node:http')
const net = require('node:net')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const [formwright, folder, minutes = '30', rate = '100'] = process.argv.slice(2)
// What counts as flat. Of memory: its growth over the second half, by the line that fits best, as a part of what there is, or so many MiB, whichever is more, and as much again as the
// file has grown meanwhile: erasing leaves a row, auditing too, and what is read and written of them stays in caches of pages until those are full.
const memoryGrowthMost = 0.05, memoryGrowthMiB = 1.5, descriptorGrowthMost = 4, walMiBMost = 16, idlePercentMost = 1, pageCachesMiB = 8
const slowClients = 40, keptSubmissions = 500, sampleMs = Math.max(250, Number(minutes) * 60000 / 240), idleSeconds = 5

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'formwright-soak-'))
const data = path.join(work, 'data')
const run = (...args) => execFileSync(formwright, [...args, '--data', data], { encoding: 'utf8' }).trim()
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
const settings = ['--limits.address_per_second', '0', '--limits.submit_per_minute', '0', '--limits.token_per_minute', '0', '--http.idle_seconds', String(idleSeconds),
  '--http.header_ms', '2000', '--http.grace_ms', '2000', '--cache.bytes_max', '2097152', '--http.admin_listen', 'none', '--quiet']
const form = round => `edition 2027
form visit "Visit, round ${round}" {
  name: text "Your name" required length 1..40
  age: integer "Your age" min 0 max 150
  adult: boolean = age >= 18
  guardian: text "Who looks after you?" when age < 18 required
  repeat pets "Pets" 0..5 { pet: text "Its name" required  weight: decimal(1) "Weight" }
  total: decimal(1) = sum(pets.weight)
}
`
// Fills every page cache before anything is measured: what grows afterwards is no cache.
const ballast = { form: 'edition 2027 form ballast "Ballast" { note: text "Note" length 0..50000 }', submissions: 600, bytes: 40000 }
let server
process.on('exit', () => { server?.kill('SIGKILL'); fs.rmSync(work, { recursive: true, force: true }) })

async function start() {
  server = spawn(formwright, ['serve', '--data', data, '--listen', '127.0.0.1:0', ...settings], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    let text = ''
    server.stdout.on('data', part => { text += part; const found = /listening on (\S+)\n/.exec(text); if (found) resolve(new URL(found[1])) })
    server.on('exit', code => reject(new Error(`the server ended with ${code}`)))
  })
}

// ---- what is asked

const agent = new http.Agent({ keepAlive: true, maxSockets: 32, scheduling: 'fifo' }) // none rests so long that the server closes it while it is taken again
const stored = []
let url, tokens, number = 0, round = 1, going = true, putOff = 0
const times = new Map(), statuses = new Map(), surprises = []

function ask(kind, method, target, { token, body, headers = {}, wanted, take }) {
  const begun = performance.now()
  if (token) headers.authorization = `Bearer ${tokens[token]}`
  if (body !== undefined) Object.assign(headers, { 'content-type': headers['content-type'] ?? 'application/json', 'content-length': Buffer.byteLength(body) })
  return new Promise(resolve => {
    const end = (status, text) => {
      const list = times.get(kind) ?? times.set(kind, []).get(kind)
      list.push(performance.now() - begun)
      statuses.set(`${kind} ${status}`, (statuses.get(`${kind} ${status}`) ?? 0) + 1)
      if (status === 429) putOff++
      else if (!wanted.includes(status) && surprises.length < 20) surprises.push(`${kind}: ${status} ${text.slice(0, 300)}`)
      if (wanted.includes(status)) take?.(text)
      resolve(status)
    }
    const request = http.request(new URL(target, url), { agent, method, headers }, response => {
      let text = ''
      response.on('data', part => { if (text.length < 4096) text += part }).on('end', () => end(response.statusCode, text)).on('error', error => end(0, error.message))
    })
    // A kept connection that the server has closed for its rest just before: every client asks again.
    request.on('error', error => request.reusedSocket ? resolve(ask(kind, method, target, { token, body, headers, wanted, take })) : end(0, error.message))
    request.end(body)
  })
}

const answers = () => ({ name: `N ${number}`, age: 18 + number % 60, pets: [{ pet: 'Rex', weight: '7.5' }, { pet: 'Mia', weight: '0.3' }].slice(number % 3 % 2) })
const posted = body => JSON.stringify({ answers: body })
const mine = '/v1/tenants/acme/forms/visit'
const kinds = {
  get: () => ask('get', 'GET', '/v1/p/acme/visit', { wanted: [200] }),
  page: () => ask('page', 'GET', '/f/acme/visit', { wanted: [200] }),
  evaluate: () => ask('evaluate', 'POST', '/v1/p/acme/visit/evaluate', { body: posted({ age: number % 90, pets: [{ weight: '1.1' }] }), wanted: [200] }),
  submit: () => ask('submit', 'POST', '/v1/p/acme/visit/submissions',
    { body: posted(answers()), headers: { 'idempotency-key': `soak-${process.pid}-${String(number).padStart(16, '0')}` }, wanted: [201], take: text => stored.push(JSON.parse(text).id) }),
  invalid: () => ask('invalid', 'POST', '/v1/p/acme/visit/submissions',
    { body: posted({ age: 200 }), headers: { 'idempotency-key': `soak-bad-${process.pid}-${String(number).padStart(16, '0')}` }, wanted: [422] }),
  save: () => ask('save', 'PUT', `/v1/p/acme/visit/saved/soakAbCdEfGhIjKlMnOpQrStUvWx${String(number % 500).padStart(4, '0')}`, { body: posted({ age: number % 90 }), wanted: [200] }),
  saved: () => ask('saved', 'GET', `/v1/p/acme/visit/saved/soakAbCdEfGhIjKlMnOpQrStUvWx${String(number % 500).padStart(4, '0')}`, { wanted: [200, 404] }),
  list: () => ask('list', 'GET', `${mine}/submissions?limit=20`, { token: 'reader', wanted: [200] }),
  stats: () => ask('stats', 'GET', `${mine}/stats`, { token: 'reader', wanted: [200] }),
  export: () => ask('export', 'GET', `${mine}/submissions:export`, { token: 'reader', wanted: [200] }),
  csv: () => ask('csv', 'GET', `${mine}/submissions:csv`, { token: 'reader', wanted: [200] }),
  // As many go as come, so that what is stored stays the same; eight at a time, since each waits for the disk.
  erase: () => Promise.all(Array.from({ length: 8 }, async () => {
    while (going && stored.length > keptSubmissions)
      await ask('erase', 'DELETE', `${mine}/submissions/${stored.shift()}`, { token: 'publisher', headers: { 'audit-reason': 'soak' }, wanted: [204] })
  })),
  publish: async () => {
    const headers = { 'audit-reason': 'soak', 'content-type': 'text/plain; charset=utf-8', 'if-match': '*' }
    await ask('draft', 'PUT', `${mine}/draft`, { token: 'publisher', body: form(++round), headers, wanted: [200, 201] })
    await ask('publish', 'POST', `${mine}/versions`, { token: 'publisher', headers: { 'audit-reason': 'soak' }, wanted: [201] })
  },
}
// Of a thousand requests.
const mix = { get: 400, evaluate: 230, submit: 150, page: 60, invalid: 20, save: 60, saved: 40, list: 20, stats: 10, erase: 10 }
const wheel = Object.entries(mix).flatMap(([kind, count]) => Array(count).fill(kind))
for (let i = wheel.length - 1, state = 20260109; i > 0; i--) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  const j = state % (i + 1)
  ;[wheel[i], wheel[j]] = [wheel[j], wheel[i]]
}

// A slow client in one of four ways, and again when it has been cut off.
const cut = { head: 0, body: 0, read: 0, idle: 0 }
function crawl(kind) {
  if (!going) return
  const socket = net.connect({ port: url.port, host: '127.0.0.1' })
  const begin = { head: 'GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ', body: 'POST /v1/p/acme/visit/evaluate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{',
    read: 'GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(100), idle: '' }[kind]
  const timer = setInterval(() => { if (kind === 'head' || kind === 'body') socket.write('x') }, 500)
  socket.on('connect', () => { socket.write(begin); if (kind === 'read') socket.pause(); else socket.resume() })
  if (kind === 'read') setTimeout(() => socket.destroy(), 4000 + Math.random() * 2000) // what it has not read keeps it from seeing the end
  socket.on('error', () => {})
  socket.on('close', () => { clearInterval(timer); cut[kind]++; setTimeout(crawl, 100, kind) })
}

// ---- what is watched

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const size = file => { try { return fs.statSync(path.join(data, file)).size } catch { return 0 } }
function cpuSeconds() {
  const fields = fs.readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticks
}
function sample(seconds) {
  const status = fs.readFileSync(`/proc/${server.pid}/status`, 'utf8')
  const field = name => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1])
  let files = 0, sockets = 0
  for (const fd of fs.readdirSync(`/proc/${server.pid}/fd`)) {
    try { fs.readlinkSync(`/proc/${server.pid}/fd/${fd}`).startsWith('socket:') ? sockets++ : files++ } catch { /* gone meanwhile */ }
  }
  return { seconds, rssMiB: field('VmRSS') / 1024, files, sockets, threads: field('Threads'), walMiB: (size('tenants/acme/data.db-wal') + size('system.db-wal')) / 1048576,
    fileMiB: size('tenants/acme/data.db') / 1048576, cpu: cpuSeconds(), asked: number }
}
// How much the line that fits best rises from one end to the other.
function rise(samples, name) {
  const count = samples.length, mean = key => samples.reduce((sum, one) => sum + one[key], 0) / count
  const x = mean('seconds'), y = mean(name)
  const over = samples.reduce((sum, one) => sum + (one.seconds - x) * (one[name] - y), 0), under = samples.reduce((sum, one) => sum + (one.seconds - x) ** 2, 0)
  return under ? over / under * (samples.at(-1).seconds - samples[0].seconds) : 0
}
const most = (samples, name) => Math.max(...samples.map(one => one[name]))
const at = (list, part) => list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))]

async function load() {
  const begun = performance.now(), samples = [], open = new Set(), end = Number(minutes) * 60000
  const go = kind => { const promise = kinds[kind]().finally(() => open.delete(promise)); open.add(promise) }
  let sampled = 0, dear = 0, erasing = null
  for (let i = 0; i < slowClients; i++) crawl(Object.keys(cut)[i % 4])
  while (performance.now() - begun < end) {
    const now = performance.now() - begun
    while (number * 1000 / Number(rate) <= now && open.size < 500) {
      const kind = wheel[number++ % wheel.length]
      if (kind !== 'erase') go(kind)
      else erasing ??= kinds.erase().finally(() => { erasing = null })
    }
    if (now >= dear * 5000) go(['export', 'csv', 'publish'][dear++ % 3])
    if (now >= sampled * sampleMs) { samples.push(sample(now / 1000)); sampled++ }
    await sleep(2)
  }
  going = false
  await Promise.all([...open, erasing])
  agent.destroy()
  return samples
}

async function main() {
  url = await start()
  const before = sample(0)
  run('tenant', 'create', 'acme')
  run('tenant', 'quota', 'acme', 'requests=1000000', 'submissions=1000000', 'judgings=1000', 'versions=100000', '--why', 'soak')
  tokens = Object.fromEntries(['publisher', 'reader'].map(role => [role, run('token', 'create', 'acme', '--role', role)]))
  fs.writeFileSync(path.join(work, 'visit.form'), form(round))
  run('publish', 'acme', path.join(work, 'visit.form'))
  fs.writeFileSync(path.join(work, 'ballast.form'), ballast.form)
  run('publish', 'acme', path.join(work, 'ballast.form'))
  for (let i = 0; i < ballast.submissions; i++)
    await ask('ballast', 'POST', '/v1/p/acme/ballast/submissions', { body: posted({ note: `${i} `.padEnd(ballast.bytes, 'x') }), headers: { 'idempotency-key': `soak-ballast-${String(i).padStart(8, '0')}` }, wanted: [201] })
  await Promise.all(Array.from({ length: 24 }, () => ask('ballast', 'GET', '/v1/tenants/acme/forms/ballast/submissions:export', { token: 'reader', wanted: [200] })))
  await sleep(500)
  const samples = await load()
  await sleep((idleSeconds + 7) * 1000) // kept and slow connections go
  const from = cpuSeconds(), seconds = 10
  await sleep(seconds * 1000)
  const idlePercent = (cpuSeconds() - from) / seconds * 100, after = sample(0)
  const ended = new Promise(resolve => server.removeAllListeners('exit').on('exit', resolve))
  server.kill('SIGTERM')
  const code = await ended
  const doctor = run('doctor'), late = samples.slice(Math.floor(samples.length / 2)), memory = late.reduce((sum, one) => sum + one.rssMiB, 0) / late.length

  const facts = []
  const hold = (what, holds, found) => facts.push({ what, holds, found })
  const grown = rise(late, 'rssMiB'), filed = late.at(-1).fileMiB - late[0].fileMiB
  const allowed = Math.max(memoryGrowthMiB, memory * memoryGrowthMost) + Math.min(filed, pageCachesMiB)
  hold(`memory over the second half grows by less than ${allowed.toFixed(1)} MiB`, grown < allowed, `${grown.toFixed(2)} MiB of ${memory.toFixed(1)}, the file by ${filed.toFixed(2)}`)
  hold(`files that are open grow by less than ${descriptorGrowthMost} over the second half`, rise(late, 'files') < descriptorGrowthMost, `${rise(late, 'files').toFixed(2)}, ${most(late, 'files')} at the most`)
  hold('sockets go when their clients do', after.sockets <= before.sockets, `${before.sockets} before, ${most(samples, 'sockets')} at the most, ${after.sockets} after`)
  hold('there are as many threads at the end as in the middle', late.every(one => one.threads === late[0].threads) && after.threads === late[0].threads, `${before.threads} at the start, ${late[0].threads} in the middle, ${most(samples, 'threads')} at the most, ${after.threads} after`)
  hold(`the write-ahead logs stay below ${walMiBMost} MiB`, most(samples, 'walMiB') < walMiBMost, `${most(samples, 'walMiB').toFixed(1)} MiB at the most`)
  hold(`idle it takes less than ${idlePercentMost} % of a core`, idlePercent < idlePercentMost, `${idlePercent.toFixed(2)} %`)
  hold('every answer was to be expected', surprises.length === 0, surprises.length ? surprises.join('; ') : `${[...statuses.values()].reduce((a, b) => a + b, 0)} answers`)
  hold('fewer than one in a hundred were asked to come again', putOff < number / 100, `${putOff}`)
  hold('slow clients of each kind came and went', Object.values(cut).every(Boolean), JSON.stringify(cut))
  hold('it ends well, and its files are whole', code === 0, `${code}; ${doctor.split('\n').at(-1)}`)

  const table = [...times].map(([kind, list]) => ({ kind, count: list.length, p50: at(list, 0.5), p99: at(list, 0.99), most: list.at(-1) }))
  const report = `# Soak: ${minutes} minutes at ${rate} requests a second\n\n${os.cpus()[0]?.model ?? 'processor'}, ${os.cpus().length} cores, load ${os.loadavg()[1].toFixed(1)} at the end; the server took ${(samples.at(-1).cpu - samples[0].cpu).toFixed(1)} s of processor time.\n\n` +
    `| | found | holds |\n| --- | --- | --- |\n${facts.map(({ what, found, holds }) => `| ${what} | ${found} | ${holds ? 'yes' : 'NO'} |`).join('\n')}\n\n` +
    `| asked | times | p50 ms | p99 ms | most ms |\n| --- | --- | --- | --- | --- |\n${table.map(one => `| ${one.kind} | ${one.count} | ${one.p50.toFixed(2)} | ${one.p99.toFixed(1)} | ${one.most.toFixed(1)} |`).join('\n')}\n\n` +
    `| minute | RSS MiB | files | sockets | threads | log MiB | file MiB |\n| --- | --- | --- | --- | --- | --- | --- |\n${samples.filter((_, i) => i % Math.ceil(samples.length / 20) === 0 || i === samples.length - 1)
      .map(one => `| ${(one.seconds / 60).toFixed(1)} | ${one.rssMiB.toFixed(1)} | ${one.files} | ${one.sockets} | ${one.threads} | ${one.walMiB.toFixed(1)} | ${one.fileMiB.toFixed(1)} |`).join('\n')}\n`
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'soak.md'), report)
  fs.writeFileSync(path.join(folder, 'soak.json'), JSON.stringify({ minutes: Number(minutes), rate: Number(rate), facts, statuses: Object.fromEntries(statuses), times: table, before, after, samples }, null, 1))
  console.log(report)
  return facts.every(({ holds }) => holds) ? 0 : 1
}

main().then(code => process.exit(code), error => { console.log(error.stack); process.exit(1) })
