// The hooks of web/formwright-react in Chromium, under the real React: what is rendered, how often, and what npm packs.
//
//     node tests/browser/react_test.mjs FORMWRIGHT ROOT NODE_MODULES        77: skipped
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { stageNeeds, stageOpen, stageRun } from './stage.mjs'

const args = process.argv.slice(2)
stageNeeds(args[2], ['playwright-core', 'esbuild', 'react', 'react-dom'], 'the React hooks')
const stage = await stageOpen(args)

writeFileSync(path.join(stage.work, 'trip.form'), `edition 2027
form trip "Trip" {
  name: text "Your name" required
  age: integer "Age" min 0
  guardian: text "Guardian of {name}" when age < 18 required
  repeat guests "Guests" 0..3 { guest: text "Guest" }
  people: integer "People" = count(guests) + 1
}
`)
const file = path.join(stage.work, 'trip.form')
writeFileSync(path.join(stage.work, 'module.mjs'), stage.run('module', file))
writeFileSync(path.join(stage.work, 'texts.json'), stage.run('texts', file, '--locale', 'en'))

const web = path.join(stage.root, 'web')
stage.serve({ '/': '<!doctype html><title>React</title><div id=root></div><script src="/app.js"></script>', '/app.js': stage.bundle(`
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createForm } from '${web}/formwright/index.js'
import { useField, useForm } from '${web}/formwright-react/index.js'
import module from './module.mjs'
import texts from './texts.json'
const form = window.form = createForm(module, { texts, now: 0 })
const renders = window.renders = {}
function Field({ pointer }) {
  const field = useField(form, pointer)
  renders[pointer] = (renders[pointer] ?? 0) + 1
  if (!field?.relevant) return null
  return <label>{field.label} <input id={'in' + pointer.replaceAll('/', '-')} value={field.answer ?? ''} onChange={(event) => field.set(field.node.type === 3 ? Number(event.target.value) : event.target.value || undefined)} />
    {field.errors.map(({ code, message }) => <em key={code}>{message}</em>)}</label>
}
function Whole() {
  const { verdict, answers, items } = useForm(form)
  renders.whole = (renders.whole ?? 0) + 1
  return <pre>{JSON.stringify({ errors: verdict.errors.length, answers, people: items.items.at(-1).value })}</pre>
}
createRoot(document.getElementById('root')).render(<>{['/name', '/age', '/guardian', '/people', '/nowhere'].map((each) => <Field key={each} pointer={each} />)}<Whole /></>)
`) })
const whole = async (page) => JSON.parse(await page.locator('pre').innerText())

stage.serveWeb()
stage.serve({ '/drawn': '<!doctype html><title>React</title><script type=module src=/web/element.js></script><main id=root></main><script defer src="/drawn.js"></script>', '/drawn.js': stage.bundle(`
import { useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
function Trip() {
  const form = useRef(null), [name, setName] = useState('Ada'), [changed, setChanged] = useState([])
  useEffect(() => {
    customElements.whenDefined('formwright-form').then(() => form.current.ready).then(() => form.current.form.set('/name', name))
  }, [name])
  useEffect(() => {
    const heard = ({ detail }) => setChanged(detail.changed), element = form.current
    element.addEventListener('formwright-change', heard)
    return () => element.removeEventListener('formwright-change', heard)
  }, [])
  return <><button onClick={() => setName('Bo')}>Bo</button><pre>{changed.join(' ')}</pre><formwright-form ref={form} src="${stage.url}/v1/p/acme/trip" /></>
}
createRoot(document.getElementById('root')).render(<Trip />)
`) })
await stageRun(stage, {
  async the_element_in_a_component_is_set_by_it_and_tells_it_what_is_typed() {
    await stage.publish('trip', readFileSync(file, 'utf8'))
    const page = await stage.page('/drawn')
    await page.locator('#f-name').waitFor()
    await page.waitForFunction(() => document.querySelector('#f-name').value === 'Ada')
    await page.fill('#f-age', '7')
    assert.match(await page.locator('pre').innerText(), /\/age .*\/guardian|\/guardian .*\/age/)
    await page.getByRole('button', { name: 'Bo' }).click()
    await page.waitForFunction(() => document.querySelector('#f-name').value === 'Bo')
    assert.match(await page.locator('label[for=f-guardian]').innerText(), /Guardian of Bo/)
    assert.equal(await page.inputValue('#f-age'), '7', 'rendered again, the form stays')
  },

  async components_show_the_form_and_change_it() {
    const page = await stage.page('/')
    await page.locator('pre').waitFor()
    assert.deepEqual(await whole(page), { errors: 1, answers: {}, people: 1 })
    await page.fill('#in-name', 'Ada')
    await page.fill('#in-age', '7')
    assert.match(await page.locator('label', { has: page.locator('#in-guardian') }).innerText(), /Guardian of Ada/)
    assert.deepEqual(await whole(page), { errors: 1, answers: { name: 'Ada', age: 7 }, people: 1 })
    await page.fill('#in-guardian', 'Bo')
    assert.equal((await whole(page)).errors, 0)
    await page.evaluate(() => window.form.insertRow('/guests'))
    assert.equal(await page.inputValue('#in-people'), '')
    assert.equal((await whole(page)).people, 2)
  },

  async only_what_has_changed_is_rendered_again() {
    const page = await stage.page('/')
    await page.locator('pre').waitFor()
    const before = await page.evaluate(() => ({ ...window.renders }))
    await page.fill('#in-age', '30')
    await page.waitForFunction((count) => window.renders['/age'] > count, before['/age'])
    const after = await page.evaluate(() => ({ ...window.renders }))
    assert.equal(after['/name'], before['/name'])
    assert.equal(after['/people'], before['/people'])
    assert.ok(after.whole > before.whole)
  },

  async npm_packs_what_can_be_imported() {
    const to = path.join(stage.work, 'packed'), npm = (...more) => execFileSync('npm', more, { cwd: to, encoding: 'utf8', env: { ...process.env, npm_config_cache: path.join(stage.work, 'cache') } })
    mkdirSync(to)
    const packed = ['formwright', 'formwright-react'].map((name) => JSON.parse(npm('pack', path.join(web, name), '--json', '--pack-destination', to))[0])
    assert.deepEqual(packed[1].files.map(({ path }) => path).sort(), ['README.md', 'index.d.ts', 'index.js', 'package.json'])
    writeFileSync(path.join(to, 'package.json'), '{"private": true, "type": "module"}')
    npm('install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error', ...packed.map(({ filename }) => path.join(to, filename)))
    writeFileSync(path.join(to, 'node_modules', 'probe.txt'), '')
    execFileSync('ln', ['-s', path.join(stage.modules, 'react'), path.join(to, 'node_modules', 'react')])
    const said = execFileSync('node', ['--input-type=module', '-e', "import * as hooks from 'formwright-react'; console.log(Object.keys(hooks).sort().join())"], { cwd: to, encoding: 'utf8' })
    assert.equal(said.trim(), 'useField,useForm')
  },
})
