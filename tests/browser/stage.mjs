// Stage: the real server over a data directory of its own, a site of another origin, and Debian's Chromium, for tests in a browser.
//
//     const stage = await stageOpen(process.argv.slice(2))        FORMWRIGHT ROOT NODE_MODULES
//     stage.publish('contact', source)                            published for tenant acme
//     const page = await stage.page('/', { '/': html })           a page of the other site, in a fresh browser context
//     await stage.close()
//
// Ends with 77, and says so LOUDLY, where the browser or an npm package is not there.
import { spawn, execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.json': 'application/json' }

export function stageNeeds(modules, packages, what) {
  const missing = packages.filter(name => !existsSync(path.join(modules, name)))
  if (packages.includes('playwright-core') && !existsSync(CHROMIUM)) missing.push(CHROMIUM)
  if (missing.length === 0) return
  console.log(`SKIPPED: ${missing.join(', ')} not here (./dev test installs what it can): ${what} is NOT checked`)
  process.exit(77)
}

const sleep = ms => new Promise(done => setTimeout(done, ms))

async function freePort() {
  const server = createServer()
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise(done => server.close(done))
  return port
}

export async function stageOpen([formwright, root, modules], { browser = true } = {}) {
  const require = createRequire(path.join(path.resolve(modules), 'stage.cjs'))
  const work = mkdtempSync(path.join(tmpdir(), 'formwright-stage-'))
  const data = path.join(work, 'data')
  let files = {}, child, chromium

  const site = createServer((request, response) => {
    const name = request.url.split('?')[0]
    const body = files[name]
    const headers = { 'content-type': TYPES[path.extname(name)] ?? 'text/html; charset=utf-8', 'cache-control': 'no-store', 'access-control-allow-origin': '*' }
    if (body === undefined) return response.writeHead(404, headers).end()
    if (body.headers) Object.assign(headers, body.headers)
    response.writeHead(200, headers).end(body.body ?? body)
  })
  await new Promise(done => site.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${site.address().port}`
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const run = (...args) => execFileSync(formwright, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

  async function start() {
    const mine = spawn(formwright, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--http.admin_listen', '127.0.0.1:0',
      '--http.cors_origins', origin, '--quiet'], { stdio: ['ignore', 'ignore', process.env.VERBOSE ? 'inherit' : 'ignore'] })
    child = mine
    for (let i = 0; i < 2400; i++) {
      if (mine.exitCode !== null) throw new Error('the server does not start')
      try { if ((await fetch(`${url}/livez`)).ok) return } catch { /* not yet */ }
      await sleep(25)
    }
    throw new Error('the server does not answer')
  }
  async function stop() {
    const mine = child
    child = undefined
    if (!mine || mine.exitCode !== null) return
    await new Promise(done => { mine.once('exit', done); mine.kill('SIGTERM') })
  }

  await start()
  run('tenant', 'create', 'acme', '--data', data)
  const token = run('token', 'create', 'acme', '--role', 'publisher', '--data', data)
  const reader = run('token', 'create', 'acme', '--role', 'reader', '--data', data)

  async function api(method, target, body, { as = token, type = 'application/json', headers = {} } = {}) {
    const response = await fetch(url + target, { method, body, headers: { authorization: `Bearer ${as}`, 'content-type': type, ...headers } })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  const stage = {
    root: path.resolve(root), modules: path.resolve(modules), work, data, url, origin, token, reader, require, api, start, stop, run,
    /* Draft and version; `query`: "?channel=none", … */
    async publish(form, source, query = '') {
      const base = `/v1/tenants/acme/forms/${form}`
      const old = await fetch(`${url}${base}/draft`, { headers: { authorization: `Bearer ${token}` } })
      const headers = old.ok ? { 'if-match': old.headers.get('etag') } : {}
      await api('PUT', `${base}/draft`, source, { type: 'text/plain; charset=utf-8', headers })
      return api('POST', `${base}/versions${query}`, undefined, { headers: { 'audit-reason': 'a test' } })
    },
    publishExample: name => stage.publish(name, readFileSync(path.join(root, 'examples', `${name}.form`), 'utf8')),
    submissions: async form => (await api('GET', `/v1/tenants/acme/forms/${form}/submissions`, undefined, { as: reader })).items,
    /* What the other site answers: by path a text, or { body, headers }. */
    serve(more) { files = { ...files, ...more } },
    async launch() {
      chromium ??= await require('playwright-core').chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
      return chromium
    },
    /* The files of web/formwright under /web. */
    serveWeb() {
      const web = path.join(stage.root, 'web/formwright')
      for (const name of readdirSync(web)) stage.serve({ [`/web/${name}`]: readFileSync(path.join(web, name)) })
    },
    /* Faults of the page's scripts make the test fail: see stage.faults. */
    faults: [],
    async page(target = '/', more = {}, context = {}) {
      stage.serve(more)
      const page = await (await (await stage.launch()).newContext(context)).newPage()
      page.setDefaultTimeout(15000)
      page.on('pageerror', error => stage.faults.push(error.stack || `${error.name}: ${error.message}`))
      if (target !== null) await page.goto(target.startsWith('http') ? target : origin + target)
      return page
    },
    /* An esbuild bundle of what `source` imports from the npm packages. */
    bundle(source) {
      const from = path.join(work, 'bundle.jsx')
      writeFileSync(from, source)
      return require('esbuild').buildSync({ entryPoints: [from], bundle: true, write: false, format: 'iife', nodePaths: [modules], jsx: 'automatic',
        define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'error' }).outputFiles[0].text
    },
    async close() {
      await chromium?.close()
      await stop()
      site.closeAllConnections()
      await new Promise(done => site.close(done))
      rmSync(work, { recursive: true, force: true })
    },
  }
  return stage
}

/* Runs named tests one after the other; ends the program with 1 when one fails. */
export async function stageRun(stage, tests) {
  let failed = 0
  const only = process.env.ONLY
  for (const [name, test] of Object.entries(tests)) {
    if (only && !name.includes(only)) continue
    const begun = stage.faults.length
    try {
      await test()
      if (stage.faults.length > begun) throw new Error(`faults in the page: ${stage.faults.slice(begun).join('; ')}`)
      console.log(`ok ${name}`)
    } catch (error) {
      failed++
      console.log([`FAILED ${name}`, error.stack ?? error, ...stage.faults.slice(begun)].join('\n'))
    }
  }
  await stage.close()
  process.exit(failed ? 1 : 0)
}
