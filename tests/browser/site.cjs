// A server with forms, and Debian's Chromium: what all tests in a browser begin with.
//
//   const { open } = require('./site.cjs')
//   open(async site => { await site.publish('examples/phq9.form'); const page = await site.page(); … site.check(page, 'first page') })
//
// Arguments of each test: FORMWRIGHT ROOT NODE_MODULES [--all]. Ends with 77 when Chromium or the npm packages are not here.
const fs = require('fs')
const os = require('os')
const path = require('path')
const { spawn, execFileSync } = require('child_process')

const [formwright, root, modules, ...flags] = process.argv.slice(2)
const all = flags.includes('--all') || process.env.BROWSER_ALL === '1'
const chromiumAt = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(at => fs.existsSync(at))

function skip(why) {
  console.log(`SKIPPED: ${why} (./dev test installs it): the pages are NOT tried in a browser`)
  process.exit(77)
}

function need(name) {
  try { return require(path.join(modules, name)) } catch { return skip(`the npm package ${name} is not here`) }
}

const { chromium } = need('playwright-core')
need('axe-core')
const axeSource = fs.readFileSync(path.join(modules, 'axe-core', 'axe.min.js'), 'utf8')
const { HtmlValidate } = need('html-validate')
if (!chromiumAt) skip('chromium is not here')

// What a validator cannot know: trailing blanks and the order of attributes are nobody's business.
const validator = new HtmlValidate({
  extends: ['html-validate:standard'],
  rules: {
    'long-title': 'off', 'no-trailing-whitespace': 'off', 'attribute-boolean-style': 'off', 'void-style': 'off',
    'prefer-native-element': 'off', // role=alert has none
    'no-implicit-button-type': 'error', 'form-dup-name': 'off', // checkboxes share a name
    'valid-id': ['error', { relaxed: true }], 'wcag/h63': 'error',
  },
})

class Site {
  constructor(work) { this.work = work; this.failures = 0; this.pages = 0; this.reports = [] }

  fail(text) { this.failures++; console.log(text) }
  expect(good, text) { if (!good) this.fail(text) }

  async start() {
    this.run('tenant', 'create', 'acme', '--data', this.data)
    this.server = spawn(formwright, ['serve', '--data', this.data, '--listen', '127.0.0.1:0', '--http.admin_listen', '127.0.0.1:0', '--quiet',
      '--limits.address_per_second', '0', '--limits.submit_per_minute', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.url = await new Promise((resolve, reject) => {
      let text = ''
      this.server.stdout.on('data', more => {
        text += more
        const found = text.match(/^listening on (.*?)\/?$/m)
        if (found) resolve(found[1])
      })
      this.server.on('exit', () => reject(new Error('the server does not start')))
    })
    this.browser = await chromium.launch({ executablePath: chromiumAt, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  }

  get data() { return path.join(this.work, 'data') }
  run(...args) { return execFileSync(formwright, args, { encoding: 'utf8' }) }

  // A file of the repository, or the text of a form named `name`.
  publish(form, name, ...more) {
    const file = name ? path.join(this.work, `${name}.form`) : path.join(root, form)
    if (name) fs.writeFileSync(file, form)
    this.run('publish', 'acme', file, '--data', this.data, '--why', 'test', ...more)
    return `${this.url}/f/acme/${name ?? path.basename(form, '.form')}`
  }

  async page(options = {}) {
    const context = await this.browser.newContext({ javaScriptEnabled: false, viewport: { width: 1000, height: 900 }, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(20000)
    page.on('console', message => { if (message.type() === 'error' && /Content Security Policy|violates/i.test(message.text())) this.reports.push(message.text()) })
    page.on('dialog', dialog => { this.reports.push(`a dialog: ${dialog.message()}`); dialog.dismiss() })
    page.on('pageerror', error => this.reports.push(`a script failed: ${error}`))
    return page
  }

  // axe finds nothing, the validator finds nothing, nothing is wider than the window.
  async check(page, where) {
    this.pages++
    const html = await (await page.request.get(page.url())).text() // as it is sent, not as it was understood
    const report = await validator.validateString(html)
    for (const result of report.results) for (const message of result.messages)
      this.fail(`${where}: ${message.ruleId}: ${message.message} at ${html.split('\n')[message.line - 1]?.trim().slice(0, 160)}`)
    // axe is a script: it looks at the same address in a window that has scripts. Ours run under the page's own policy.
    this.looker ??= await this.page({ javaScriptEnabled: true })
    await this.looker.goto(page.url())
    await this.looker.evaluate(axeSource)
    const { violations } = await this.looker.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
    for (const violation of violations)
      this.fail(`${where}: axe ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 2).map(node => node.html.slice(0, 160)).join(' | ')}`)
  }

  async narrow(page, where) {
    const before = page.viewportSize()
    await page.setViewportSize({ width: 320, height: 640 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    this.expect(wide <= 320, `${where}: ${wide} pixels wide in a window of 320`)
    await page.setViewportSize(before)
  }

  async picture(page, name) {
    if (process.env.PICTURES) await page.screenshot({ path: path.join(process.env.PICTURES, `${name}.png`), fullPage: true })
  }

  async stop() {
    await this.browser?.close()
    if (this.server) {
      const gone = new Promise(resolve => this.server.on('exit', resolve))
      this.server.kill()
      await gone
    }
  }
}

function open(test) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'pages-'))
  const site = new Site(work)
  site.start().then(() => test(site)).catch(error => { site.fail(error.stack ?? String(error)) }).then(async () => {
    await site.stop()
    for (const report of site.reports) site.fail(`the browser reports: ${report}`)
    fs.rmSync(work, { recursive: true, force: true })
    console.log(`${site.pages} pages, ${site.failures} failures`)
    process.exitCode = site.failures ? 1 : 0
  })
}

module.exports = { open, root, all }
