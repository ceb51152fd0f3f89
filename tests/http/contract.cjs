// A walk through every operation of /v1/openapi.json, good and bad, each answer validated against the description.
const fs = require('fs')
const path = require('path')
const Ajv = require('ajv/dist/2020').default
const addFormats = require('ajv-formats').default

const [url, admin, work, root] = process.argv.slice(2)
const base = url.replace(/\/$/, '')
const baseOf = target => /^\/(metrics|version)$/.test(target) ? admin : base
const token = Object.fromEntries(['publisher', 'reader', 'submitter'].map(role => [role, fs.readFileSync(path.join(work, role), 'utf8').trim()]))
token.operator = JSON.parse(fs.readFileSync(path.join(work, 'data', 'control'), 'utf8')).token

const form = `edition 2026
form contact "Contact us" {
  name: text "Your name" required length 1..40
  age: integer "Your age" min 0 max 150 indexed
  guardian: text "Who looks after you?" when age < 18 required
  share: decimal(2) "Share" = divide(1, age, 2)
  repeat pets "Pets" 0..3 { pet: text "Its name, {name}" required }
}
`
const source = { 'content-type': 'text/plain; charset=utf-8' }
const json = { 'content-type': 'application/json' }
const key = name => ({ ...json, 'idempotency-key': `contract-${name}`.padEnd(24, '_') })

let failures = 0
const fail = text => { failures++; console.log(text) }

function matcher(pattern) {
  const text = pattern.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[a-z]+\}/g, '[^/]+')
  return new RegExp(`^${text}$`)
}

async function main() {
  const api = await (await fetch(`${base}/v1/openapi.json`)).json()
  fs.writeFileSync(path.join(work, 'openapi.json'), JSON.stringify(api, null, 2))
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema(api, 'api')
  const paths = Object.keys(api.paths).map(pattern => [matcher(pattern), pattern])
  const seen = new Set()
  const statuses = new Set()

  function validate(method, target, response, text) {
    const pattern = paths.find(([regex]) => regex.test(target.split('?')[0]))?.[1]
    const operation = pattern && api.paths[pattern][method.toLowerCase()]
    if (!operation) return response.status === 404 || response.status === 405 ? undefined : `no operation for ${method} ${target}`
    seen.add(operation.operationId)
    statuses.add(`${operation.operationId} ${response.status}`)
    const listed = operation.responses[String(response.status)]
    if (!listed) return `${operation.operationId}: ${response.status} is not described`
    const resolved = listed.$ref ? api.components.responses[listed.$ref.split('/').pop()] : listed
    const type = (response.headers.get('content-type') ?? '').split(';')[0]
    if (!resolved.content) return text === '' ? undefined : `${operation.operationId} ${response.status}: a body that is not described`
    if (response.status === 304) return text === '' ? undefined : 'a 304 with a body'
    const media = resolved.content[type]
    if (!media) return `${operation.operationId} ${response.status}: type "${type}" is not described`
    if (!/json$/.test(type) || type === 'application/x-ndjson') return undefined
    const body = JSON.parse(text)
    const check = ajv.compile(media.schema.$ref ? { $ref: `api${media.schema.$ref}` } : media.schema)
    if (!check(body)) return `${operation.operationId} ${response.status}: ${ajv.errorsText(check.errors)}\n${text}`
    if (type === 'application/problem+json') {
      if (body.status !== response.status) return `${operation.operationId}: problem says ${body.status}, status is ${response.status}`
      if (body.request_id !== response.headers.get('x-request-id')) return `${operation.operationId}: two request ids`
    }
    return undefined
  }

  async function ask(wanted, method, target, who, headers = {}, body) {
    const response = await fetch(baseOf(target) + target, {
      method, body, headers: { ...(who ? { authorization: `Bearer ${token[who]}` } : {}), ...headers } })
    const text = await response.text()
    const wrong = validate(method, target, response, text)
    if (wrong) fail(wrong)
    if (response.status !== wanted) fail(`${method} ${target} by ${who}: ${response.status}, wanted ${wanted}\n${text}`)
    if (response.headers.get('x-content-type-options') !== 'nosniff') fail(`${method} ${target}: may be sniffed`)
    return { response, text, body: /json/.test(response.headers.get('content-type') ?? '') && text && !/ndjson/.test(response.headers.get('content-type')) ? JSON.parse(text) : undefined }
  }

  const t = '/v1/tenants/acme', f = `${t}/forms/contact`, p = '/v1/p/acme/contact'
  await ask(200, 'GET', '/livez')
  await ask(200, 'GET', '/readyz')
  await ask(200, 'GET', '/metrics')
  await ask(200, 'GET', '/version')
  await ask(200, 'GET', '/v1/openapi.json')
  await ask(401, 'GET', '/v1/me')
  for (const who of Object.keys(token)) await ask(200, 'GET', '/v1/me', who)

  await ask(201, 'POST', '/v1/tenants', 'operator', json, '{"id":"second","name":"Zweite"}')
  await ask(409, 'POST', '/v1/tenants', 'operator', json, '{"id":"second"}')
  await ask(422, 'POST', '/v1/tenants', 'operator', json, '{"id":"NO"}')
  await ask(400, 'POST', '/v1/tenants', 'operator', json, '{"id":1}')
  await ask(400, 'POST', '/v1/tenants', 'operator', json, '{"id":"x","y":1}')
  await ask(400, 'POST', '/v1/tenants', 'operator', json, '{"id":')
  await ask(415, 'POST', '/v1/tenants', 'operator', { 'content-type': 'text/plain' }, '{}')
  await ask(403, 'POST', '/v1/tenants', 'publisher', json, '{"id":"third"}')
  await ask(200, 'GET', '/v1/tenants', 'operator')
  const page = await ask(200, 'GET', '/v1/tenants?limit=1', 'operator')
  await ask(200, 'GET', `/v1/tenants?limit=1&cursor=${page.body.next_cursor}`, 'operator')
  await ask(400, 'GET', '/v1/tenants?cursor=xyz', 'operator')
  await ask(400, 'GET', '/v1/tenants?limit=none', 'operator')
  await ask(200, 'GET', t, 'reader')
  await ask(404, 'GET', '/v1/tenants/nowhere', 'operator')
  await ask(404, 'GET', '/v1/tenants/second', 'publisher')
  await ask(400, 'POST', '/v1/tenants/second/state', 'operator', json, '{"to":"suspended"}')
  await ask(400, 'POST', '/v1/tenants/second/state', 'operator', json, '{"to":"asleep"}')
  await ask(200, 'POST', '/v1/tenants/second/state', 'operator', { ...json, 'audit-reason': 'unpaid' }, '{"to":"suspended"}')
  await ask(200, 'POST', '/v1/tenants/second/state', 'operator', { ...json, 'audit-reason': 'paid' }, '{"to":"active"}')
  await ask(200, 'POST', '/v1/tenants/second/state', 'operator', { ...json, 'audit-reason': 'moved away' }, '{"to":"closed"}')
  await ask(409, 'POST', '/v1/tenants/second/state', 'operator', { ...json, 'audit-reason': 'came back' }, '{"to":"active"}')
  await ask(403, 'POST', `${t}/state`, 'publisher', json, '{"to":"closed"}')

  const plan = { ...json, 'audit-reason': 'another plan' }
  const quota = await ask(200, 'GET', `${t}/quota`, 'reader')
  if (quota.body.forms !== 1000) fail('a tenant begins without the default quotas')
  await ask(400, 'PUT', `${t}/quota`, 'operator', json, '{"forms":5}')
  await ask(400, 'PUT', `${t}/quota`, 'operator', plan, '{"forms":0}')
  await ask(400, 'PUT', `${t}/quota`, 'operator', plan, '{"forms":1000000000000001}')
  await ask(400, 'PUT', `${t}/quota`, 'operator', plan, '{"forms":"5"}')
  await ask(400, 'PUT', `${t}/quota`, 'operator', plan, '{"dreams":5}')
  await ask(400, 'PUT', `${t}/quota`, 'operator', plan, '{}')
  await ask(403, 'PUT', `${t}/quota`, 'publisher', plan, '{"forms":5}')
  const small = await ask(200, 'PUT', `${t}/quota`, 'operator', plan, '{"forms":1,"versions":77}')
  if (small.body.forms !== 1 || small.body.versions !== 77 || small.body.steps !== quota.body.steps) fail('quotas are not as they were set')
  await ask(201, 'POST', `${t}/forms`, 'publisher', json, '{"name":"first"}')
  await ask(403, 'POST', `${t}/forms`, 'publisher', json, '{"name":"second"}')
  await ask(200, 'PUT', `${t}/quota`, 'operator', plan, '{"stored_bytes":1}')
  await ask(507, 'PUT', `${t}/forms/first/draft`, 'publisher', source, form)
  const large = await ask(200, 'PUT', `${t}/quota`, 'operator', plan, '{"forms":null,"versions":null,"stored_bytes":null}')
  if (JSON.stringify(large.body) !== JSON.stringify(quota.body)) fail('quotas do not go back to their defaults')
  if (JSON.stringify((await ask(200, 'GET', `${t}/theme`, 'reader')).body) !== '{}') fail('a tenant begins with a theme')
  await ask(200, 'PUT', `${t}/theme`, 'publisher', json, '{"name":"Acme","light":{"accent":"oklch(0.4 0.1 300)"},"font":"Inter, sans-serif","radius":"0rem"}')
  await ask(400, 'PUT', `${t}/theme`, 'publisher', json, '{"light":{"accent":"red"}}')
  await ask(422, 'PUT', `${t}/theme`, 'publisher', json, '{"light":{"text":"#ffffff"}}')
  await ask(403, 'PUT', `${t}/theme`, 'reader', json, '{}')
  const worn = await ask(200, 'GET', '/assets/acme/theme.css')
  await ask(304, 'GET', '/assets/acme/theme.css', undefined, { 'if-none-match': worn.response.headers.get('etag') })
  await ask(404, 'GET', '/assets/acme/other.css')
  await ask(200, 'PUT', `${t}/theme`, 'publisher', json, '{}')
  await ask(200, 'PATCH', t, 'operator', { 'content-type': 'application/merge-patch+json' }, '{"name":"Acme & Söhne"}')
  const unnamed = await ask(200, 'PATCH', t, 'operator', json, '{"name":null}')
  if (unnamed.body.name !== 'acme') fail('a name that is taken away is not the id')
  await ask(200, 'PATCH', t, 'operator', json, '{}')
  await ask(400, 'PATCH', t, 'operator', json, '{"name":5}')
  await ask(422, 'PATCH', t, 'operator', json, '{"name":""}')
  await ask(415, 'PATCH', t, 'operator', { 'content-type': 'text/plain' }, '{}')
  await ask(400, 'POST', `${t}/recover`, 'operator')
  await ask(200, 'POST', `${t}/recover`, 'operator', { 'audit-reason': 'to be sure' })
  await ask(403, 'POST', `${t}/recover`, 'publisher', { 'audit-reason': 'to be sure' })

  const made = await ask(201, 'POST', `${t}/tokens`, 'publisher', json, '{"role":"reader","note":"Zählerin","expires_at":"2999-01-01T00:00:00Z"}')
  await ask(400, 'POST', `${t}/tokens`, 'publisher', json, '{"role":"king"}')
  await ask(200, 'GET', `${t}/tokens`, 'publisher')
  const narrow = await ask(201, 'POST', `${t}/tokens`, 'publisher', json, '{"role":"publisher","scopes":["forms.read","tokens.manage"],"allow":["127.0.0.1/8","::1"]}')
  token.narrow = narrow.body.token
  const me = await ask(200, 'GET', '/v1/me', 'narrow')
  if (me.body.scopes.join() !== 'tokens.manage,forms.read' || me.body.allow.join() !== '127.0.0.0/8,::1/128') fail(`a narrowed token says ${me.text}`)
  await ask(200, 'GET', `${t}/forms`, 'narrow')
  await ask(403, 'POST', `${t}/forms`, 'narrow', json, '{"name":"x"}')
  await ask(403, 'GET', t, 'narrow')
  await ask(403, 'POST', `${t}/tokens`, 'narrow', json, '{"role":"publisher"}')
  await ask(403, 'POST', `${t}/tokens`, 'narrow', json, '{"role":"reader","scopes":["forms.read","submissions.read"]}')
  await ask(201, 'POST', `${t}/tokens`, 'narrow', json, '{"role":"reader","scopes":["forms.read"]}')
  await ask(403, 'POST', `${t}/tokens/${made.body.id}/rotate`, 'narrow', json, '{}')
  const elsewhere = await ask(201, 'POST', `${t}/tokens`, 'publisher', json, '{"role":"reader","allow":["10.0.0.0/8"]}')
  token.elsewhere = elsewhere.body.token
  await ask(403, 'GET', '/v1/me', 'elsewhere')
  for (const wrong of ['{"role":"reader","scopes":[]}', '{"role":"reader","scopes":["forms.write"]}', '{"role":"reader","scopes":"forms.read"}', '{"role":"reader","allow":["x"]}',
    '{"role":"reader","allow":"::1"}', `{"role":"reader","allow":[${Array(17).fill('"::1"')}]}`]) await ask(400, 'POST', `${t}/tokens`, 'publisher', json, wrong)
  await ask(201, 'POST', `${t}/tokens`, 'publisher', json, `{"role":"reader","allow":[${Array(16).fill('"::1"')}]}`)
  const rotated = await ask(200, 'POST', `${t}/tokens/${narrow.body.id}/rotate`, 'narrow', json, '{}')
  await ask(200, 'GET', '/v1/me', 'narrow')
  token.narrower = rotated.body.token
  await ask(200, 'GET', '/v1/me', 'narrower')
  await ask(200, 'POST', `${t}/tokens/${narrow.body.id}/rotate`, 'publisher', json, '{"grace_seconds":0}')
  await ask(401, 'GET', '/v1/me', 'narrow')
  await ask(401, 'GET', '/v1/me', 'narrower')
  await ask(200, 'POST', `${t}/tokens/${narrow.body.id}/rotate`, 'publisher', json, '{"grace_seconds":2592000}')
  await ask(400, 'POST', `${t}/tokens/${narrow.body.id}/rotate`, 'publisher', json, '{"grace_seconds":2592001}')
  await ask(400, 'POST', `${t}/tokens/${narrow.body.id}/rotate`, 'publisher', json, '{"grace_seconds":-1}')
  await ask(404, 'POST', `${t}/tokens/none/rotate`, 'publisher', json, '{}')
  await ask(200, 'GET', `${t}/tokens`, 'publisher')
  const why = { 'audit-reason': 'no longer needed' }
  await ask(400, 'DELETE', `${t}/tokens/${made.body.id}`, 'publisher')
  await ask(204, 'DELETE', `${t}/tokens/${made.body.id}`, 'publisher', why)
  await ask(409, 'POST', `${t}/tokens/${made.body.id}/rotate`, 'publisher', json, '{}')
  await ask(404, 'DELETE', `${t}/tokens/tok_none`, 'publisher', why)
  await ask(200, 'GET', `${t}/tokens`, 'operator')

  await ask(201, 'POST', `${t}/forms`, 'publisher', json, '{"name":"empty","title":"Empty"}')
  await ask(409, 'POST', `${t}/forms`, 'publisher', json, '{"name":"empty"}')
  await ask(422, 'POST', `${t}/forms`, 'publisher', json, '{"name":"-"}')
  await ask(200, 'GET', `${t}/forms`, 'reader')
  await ask(200, 'POST', `${t}/forms:check`, 'publisher', source, form)
  await ask(200, 'POST', `${t}/forms:check`, 'publisher', source, 'edition 2026\nform f "F" { a: text when b }')
  await ask(400, 'POST', `${t}/forms:check`, 'publisher', source, new Uint8Array([0xff, 0xfe]))
  await ask(404, 'GET', `${f}/draft`, 'reader')
  await ask(404, 'POST', `${f}/versions`, 'publisher')
  await ask(409, 'POST', `${t}/forms/empty/versions`, 'publisher')
  const draft = await ask(201, 'PUT', `${f}/draft`, 'publisher', source, 'edition 2026 form contact "C" { a: txt }')
  await ask(422, 'POST', `${f}/versions`, 'publisher')
  await ask(428, 'PUT', `${f}/draft`, 'publisher', source, form)
  await ask(412, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-none-match': '*' }, form)
  await ask(400, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': 'x' }, form)
  await ask(200, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': draft.response.headers.get('etag') }, form)
  await ask(412, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': draft.response.headers.get('etag') }, form)
  const text = await ask(200, 'GET', `${f}/draft`, 'reader')
  if (text.text !== form) fail('the draft came back changed')
  await ask(304, 'GET', `${f}/draft`, 'reader', { 'if-none-match': text.response.headers.get('etag') })
  await ask(412, 'POST', `${f}/versions`, 'publisher', { 'if-match': draft.response.headers.get('etag') })
  await ask(201, 'POST', `${f}/versions`, 'publisher', { 'if-match': text.response.headers.get('etag') })
  await ask(200, 'POST', `${f}/versions`, 'publisher')
  await ask(200, 'GET', `${f}/versions`, 'reader')
  await ask(200, 'GET', `${f}/versions/1`, 'reader')
  await ask(404, 'GET', `${f}/versions/2`, 'reader')
  await ask(200, 'GET', f, 'reader')
  await ask(404, 'GET', `${t}/forms/nothing`, 'reader')

  const live = await ask(200, 'GET', p)
  await ask(304, 'GET', p, undefined, { 'if-none-match': live.response.headers.get('etag') })
  await ask(200, 'GET', `${p}/versions/1`)
  await ask(404, 'GET', `${p}/versions/9`)
  await ask(404, 'GET', '/v1/p/acme/nothing')

  const channels = await ask(200, 'GET', `${f}/channels`, 'reader')
  if (channels.body.items.length !== 1 || channels.body.items[0].version !== 1) fail(`the channels are ${channels.text}`)
  await ask(201, 'PUT', `${f}/channels/preview`, 'publisher', json, '{"version":1}')
  const preview = await ask(200, 'GET', `${f}/channels/preview`, 'reader')
  await ask(200, 'PUT', `${f}/channels/preview`, 'publisher', { ...json, 'if-match': preview.response.headers.get('etag') }, '{"version":1,"percent":100}')
  await ask(412, 'PUT', `${f}/channels/preview`, 'publisher', { ...json, 'if-match': '"channel-9"' }, '{"version":1}')
  await ask(404, 'PUT', `${f}/channels/preview`, 'publisher', json, '{"version":9}')
  await ask(422, 'PUT', `${f}/channels/other`, 'publisher', json, '{"version":1,"percent":10}')
  await ask(400, 'PUT', `${f}/channels/other`, 'publisher', json, '{"version":1,"percent":101}')
  await ask(403, 'PUT', `${f}/channels/other`, 'reader', json, '{"version":1}')
  await ask(404, 'GET', `${f}/channels/other`, 'reader')
  await ask(200, 'GET', `${p}?channel=preview&b=99`)
  await ask(404, 'GET', `${p}?channel=other`)
  await ask(400, 'GET', `${p}?b=100`)
  const retiring = { ...json, 'audit-reason': 'replaced' }
  await ask(409, 'POST', `${f}/versions/1/state`, 'publisher', retiring, '{"to":"retired"}')
  await ask(400, 'POST', `${f}/versions/1/state`, 'publisher', json, '{"to":"retired"}')
  await ask(200, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': '*' }, form.replace('"Contact us"', '"Write to us"'))
  const second = await ask(201, 'POST', `${f}/versions?channel=none`, 'publisher')
  if (second.body.version !== 2) fail('the second version is not 2')
  const over = await ask(200, 'POST', `${f}/versions/2/state`, 'publisher', retiring, '{"to":"retired","grace_seconds":0}')
  if (over.body.state !== 'retired' || over.body.takes_until !== over.body.retired_at) fail(`a retired version is ${over.text}`)
  const again = await ask(409, 'POST', `${f}/versions/2/state`, 'publisher', retiring, '{"to":"retired"}')
  if (!Array.isArray(again.body.allowed) || again.body.allowed.length) fail(`after retired comes ${again.text}`)
  await ask(409, 'PUT', `${f}/channels/preview`, 'publisher', json, '{"version":2}')
  await ask(409, 'POST', `${p}/submissions`, undefined, key('retired'), '{"version":2,"answers":{"name":"Ada","age":36}}')
  const kept = await ask(200, 'GET', `${f}/settings`, 'reader')
  if (kept.body.grace_seconds !== 604800) fail('the grace is not a week')
  await ask(200, 'PUT', `${f}/settings`, 'publisher', json, '{"grace_seconds":60}')
  await ask(400, 'PUT', `${f}/settings`, 'publisher', json, '{"grace_seconds":-1}')
  await ask(403, 'PUT', `${f}/settings`, 'reader', json, '{"grace_seconds":60}')
  await ask(200, 'PUT', `${f}/settings`, 'publisher', json, '{"grace_seconds":null}')

  const good = JSON.stringify({ answers: { name: 'Ada', age: 36, pets: [{ pet: 'Cat' }] }, version: 1, meta: { locale: 'en', started_at: '2026-01-01T00:00:00Z' } })
  await ask(200, 'POST', `${p}/evaluate`, undefined, json, good)
  await ask(200, 'POST', `${p}/evaluate`, undefined, json, '{"answers":{"age":7,"x":1},"lenient":true}')
  await ask(422, 'POST', `${p}/evaluate`, undefined, json, '{"answers":{"name":"Ada","age":0}}')
  await ask(400, 'POST', `${p}/evaluate`, undefined, json, '{"answers":1}')
  const stored = await ask(201, 'POST', `${p}/submissions`, undefined, key('a'), good)
  const replayed = await ask(200, 'POST', `${p}/submissions`, undefined, key('a'), good)
  await ask(200, 'GET', stored.body.receipt)
  await ask(404, 'GET', `${p}/receipts/nobody`)
  const saved = `${p}/saved/${'k'.repeat(40)}`
  await ask(404, 'GET', saved)
  await ask(200, 'PUT', saved, undefined, json, '{"answers":{"age":20}}')
  await ask(200, 'GET', saved)
  await ask(422, 'PUT', saved, undefined, json, '{"answers":{"age":"x"}}')
  await ask(400, 'GET', `${p}/saved/short`)
  await ask(204, 'DELETE', saved)
  if (stored.text !== replayed.text) fail('a replay differs')
  await ask(409, 'POST', `${p}/submissions`, undefined, key('a'), '{"answers":{"name":"Bob","age":20}}')
  await ask(201, 'POST', `${p}/submissions`, 'submitter', key('b'), '{"answers":{"name":"Bob","age":20}}')
  await ask(422, 'POST', `${p}/submissions`, undefined, key('c'), '{"answers":{"pets":[{},{"pet":5}]}}')
  await ask(422, 'POST', `${p}/submissions`, undefined, key('d'), '{"answers":{"name":"Ada","age":0}}')
  await ask(400, 'POST', `${p}/submissions`, undefined, json, good)
  await ask(404, 'POST', '/v1/p/acme/nothing/submissions', undefined, key('e'), good)
  await ask(401, 'POST', `${p}/submissions`, undefined, { ...key('f'), authorization: 'Bearer x' }, good)
  await ask(413, 'POST', `${p}/submissions`, undefined, key('g'), ' '.repeat(1 << 21)).catch(error => {
    if (!/fetch failed/.test(error)) throw error // refused before it was read: the client may not see the answer
  })
  const usage = await ask(200, 'GET', `${t}/usage`, 'reader')
  if (usage.body.total.stored !== 2 || usage.body.items[0].over_time !== 0) fail('usage is not what it was')
  await ask(403, 'GET', `${t}/usage`, 'submitter')
  const list = await ask(200, 'GET', `${f}/submissions?limit=1`, 'reader')
  await ask(200, 'GET', `${f}/submissions?limit=1&cursor=${list.body.next_cursor}`, 'reader')
  await ask(200, 'GET', `${f}/submissions?since=2020-01-01T00:00:00Z&until=2999-01-01T00:00:00%2B01:00&version=1&order=newest`, 'reader')
  await ask(400, 'GET', `${f}/submissions?sort=name`, 'reader')
  await ask(200, 'GET', `${f}/submissions/${stored.body.id}`, 'reader')
  await ask(404, 'GET', `${f}/submissions/sub_none`, 'reader')
  const stats = await ask(200, 'GET', `${f}/stats?version=1&locale=en`, 'reader')
  if (stats.body.submissions !== 2 || stats.body.fields.find(field => field.path === 'age').sum === undefined) fail(`statistics are ${stats.text}`)
  await ask(304, 'GET', `${f}/stats?version=1&locale=en`, 'reader', { 'if-none-match': stats.response.headers.get('etag') })
  await ask(400, 'GET', `${f}/stats?version=0`, 'reader')
  await ask(404, 'GET', `${t}/forms/nothing/stats`, 'reader')
  await ask(403, 'GET', `${f}/stats`, 'operator')
  const days = await ask(200, 'GET', `${f}/stats/days`, 'reader')
  if (days.body.items.reduce((sum, day) => sum + day.submissions, 0) !== 2) fail(`days are ${days.text}`)
  await ask(400, 'GET', `${f}/stats/days?version=1`, 'reader')
  await ask(400, 'GET', `${f}/stats/days?cursor=xyz`, 'reader')
  await ask(404, 'GET', `${t}/forms/nothing/stats/days`, 'reader')
  await ask(403, 'GET', `${f}/stats/days`, 'operator')
  const reasons = await ask(200, 'GET', `${f}/submissions/${stored.body.id}/explain`, 'reader')
  if (!reasons.body.explanation.places.some(place => place.path === 'share' && place.computed && place.rules[0].reads[0].value === 36)) fail(`a submission is explained as ${reasons.text}`)
  await ask(404, 'GET', `${f}/submissions/sub_none/explain`, 'reader')
  await ask(403, 'GET', `${f}/submissions/${stored.body.id}/explain`, 'operator')
  const hidden = await ask(200, 'POST', `${f}/versions/1/explain?field=guardian`, 'reader', json, '{"answers":{"name":"Ada"}}')
  if (hidden.body.explanation.places[0].rules[0].missing.join() !== 'age') fail(`a hidden field is explained as ${hidden.text}`)
  await ask(200, 'POST', `${f}/versions/1/explain`, 'reader', json, '{"answers":{"pets":[{},{"pet":5}]},"lenient":true}')
  await ask(400, 'POST', `${f}/versions/1/explain?field=none`, 'reader', json, '{"answers":{}}')
  await ask(400, 'POST', `${f}/versions/1/explain`, 'reader', json, '{"version":3,"answers":{}}')
  await ask(422, 'POST', `${f}/versions/1/explain`, 'reader', json, '{"answers":{"name":"Ada","age":0}}')
  await ask(404, 'POST', `${f}/versions/99/explain`, 'reader', json, '{"answers":{}}')
  await ask(403, 'POST', `${f}/versions/1/explain`, 'submitter', json, '{"answers":{}}')
  const sheet = await ask(200, 'GET', `${f}/submissions:csv?order=oldest`, 'reader')
  if (!sheet.text.startsWith('_id,_version,_received_at,')) fail(`a table begins with ${sheet.text.slice(0, 80)}`)
  await ask(400, 'GET', `${f}/submissions:csv?table=name`, 'reader')
  await ask(403, 'GET', `${f}/submissions:csv`, 'submitter')
  if (sheet.response.headers.get('submission-count') !== '2') fail(`submissions to come are ${sheet.response.headers.get('submission-count')}`)
  await ask(200, 'GET', `${f}/submissions?filter[age][gte]=18`, 'reader')
  await ask(400, 'GET', `${f}/submissions?filter[name][eq]=Ada`, 'reader')
  await ask(200, 'GET', `${f}/submissions:export?filter%5Bage%5D%5Bin%5D=17,18`, 'reader')
  await ask(400, 'GET', `${f}/submissions:export?after=sub_none`, 'reader')
  await ask(200, 'GET', `${f}/submissions:csv?after=${stored.body.id}`, 'reader')
  const doomed = await ask(201, 'POST', `${p}/submissions`, undefined, key('doomed'), good)
  const one = `${f}/submissions/${doomed.body.id}`
  const because = { 'audit-reason': 'asked for' }
  await ask(400, 'DELETE', one, 'publisher')
  await ask(403, 'DELETE', one, 'reader', because)
  await ask(204, 'DELETE', one, 'publisher', because)
  await ask(204, 'DELETE', one, 'publisher', because)
  await ask(404, 'DELETE', `${f}/submissions/sub_none`, 'publisher', because)
  await ask(410, 'GET', one, 'reader')
  await ask(410, 'GET', doomed.body.receipt)
  await ask(410, 'POST', `${p}/submissions`, undefined, key('doomed'), good)
  await ask(410, 'POST', `${p}/submissions`, undefined, key('doomed'), '{"answers":{"name":"Ada","age":0}}')
  await ask(403, 'GET', `${f}/submissions`, 'operator')
  const lines = (await ask(200, 'GET', `${f}/submissions:export`, 'reader')).text.trim().split('\n')
  const row = ajv.compile({ $ref: 'api#/components/schemas/Submission' })
  if (lines.length !== 2) fail(`${lines.length} lines in the export`)
  for (const line of lines) if (!row(JSON.parse(line))) fail(`export: ${ajv.errorsText(row.errors)}\n${line}`)

  await ask(200, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': '*' }, form.replace(/\}\s*$/, '  migrate from 1 { set name = "Dr. " + name }\n}\n'))
  const tried = await ask(200, 'POST', `${f}/migrations:dry-run`, 'reader', json, '{"from":1}')
  if (tried.body.carried !== 2 || tried.body.items[0].answers.name !== 'Dr. Ada') fail(`a dry run says ${tried.text}`)
  const third = await ask(201, 'POST', `${f}/versions?channel=none`, 'publisher')
  const migration = JSON.stringify({ from: 1, to: third.body.version })
  const migrated = await ask(200, 'POST', `${f}/migrations:apply`, 'publisher', { ...json, prefer: 'wait=20' }, migration)
  if (migrated.body.state !== 'done' || migrated.body.done !== 2) fail(`a migration says ${migrated.text}`)
  const begun = await ask(202, 'POST', `${f}/migrations:apply`, 'publisher', json, migration)
  if (begun.response.headers.get('location') !== begun.body.self) fail(`an operation is at ${begun.response.headers.get('location')}`)
  for (let state = 'queued', tries = 0; state !== 'done'; tries++) {
    state = (await ask(200, 'GET', begun.body.self, 'reader')).body.state
    if (tries > 500) fail('a migration does not end')
  }
  const done = await ask(200, 'GET', begun.body.self, 'operator')
  if (done.body.total !== 0) fail(`a migration repeats itself: ${done.text}`)
  await ask(409, 'DELETE', begun.body.self, 'publisher')
  await ask(403, 'DELETE', begun.body.self, 'reader')
  await ask(200, 'GET', `${begun.body.self}/refused`, 'reader')
  const operations = await ask(200, 'GET', `${t}/operations?limit=1`, 'reader')
  await ask(200, 'GET', `${t}/operations?limit=1&cursor=${operations.body.next_cursor}`, 'reader')
  await ask(404, 'GET', `${t}/operations/op_none`, 'reader')
  const shot = await ask(200, 'POST', `${t}/snapshots`, 'operator', { prefer: 'wait=20' })
  if (shot.body.state !== 'done' || shot.body.kind !== 'snapshot') fail(`a snapshot says ${shot.text}`)
  await ask(202, 'POST', `${t}/snapshots`, 'operator')
  await ask(403, 'POST', `${t}/snapshots`, 'publisher')
  const shots = await ask(200, 'GET', `${t}/snapshots`, 'operator')
  if (!shots.body.items.some(item => item.id === shot.body.id)) fail(`the snapshots are ${shots.text}`)
  await ask(400, 'DELETE', `${t}/snapshots/${shot.body.id}`, 'operator')
  await ask(204, 'DELETE', `${t}/snapshots/${shot.body.id}`, 'operator', { 'audit-reason': 'too many' })
  await ask(404, 'DELETE', `${t}/snapshots/${shot.body.id}`, 'operator', { 'audit-reason': 'too many' })
  const lineage = await ask(200, 'GET', `${f}/submissions/${stored.body.id}`, 'reader')
  const original = await ask(200, 'GET', `${f}/submissions/${stored.body.id}?as=submitted`, 'reader')
  if (original.body.answers.name !== 'Ada' || original.body.version !== 1 || original.body.carried.length !== 1) fail(`a submission as it was is ${original.text}`)
  await ask(400, 'GET', `${f}/submissions/${stored.body.id}?as=ever`, 'reader')
  if (lineage.body.answers.name !== 'Dr. Ada' || lineage.body.submitted_version !== 1 || lineage.body.version !== third.body.version) fail(`a carried submission is ${lineage.text}`)
  await ask(403, 'POST', `${f}/migrations:apply`, 'reader', json, migration)
  await ask(404, 'POST', `${f}/migrations:dry-run`, 'reader', json, '{"from":1,"to":99}')
  await ask(400, 'POST', `${f}/migrations:dry-run`, 'reader', json, '{"from":1,"to":1}')
  await ask(400, 'POST', `${f}/migrations:apply`, 'publisher', json, '{"from":1}')
  await ask(200, 'PUT', `${f}/draft`, 'publisher', { ...source, 'if-match': '*' }, 'edition 2026\nform contact "Write" { name: text }\n')
  const misfit = await ask(422, 'POST', `${f}/migrations:dry-run`, 'reader', json, '{"from":1}')
  if (!misfit.body.diagnostics.length) fail(`nothing is said of ${misfit.text}`)

  await ask(400, 'POST', `${f}/state`, 'publisher', json, '{"to":"closing"}')
  await ask(409, 'POST', `${f}/state`, 'publisher', { ...json, 'audit-reason': 'too early' }, '{"to":"archived"}')
  await ask(400, 'POST', `${f}/state`, 'publisher', json, '{"to":"nirvana"}')
  await ask(200, 'POST', `${f}/state`, 'publisher', { ...json, 'audit-reason': 'end of term' }, '{"to":"closing"}')
  await ask(200, 'POST', `${f}/state`, 'publisher', { ...json, 'audit-reason': 'end of term' }, '{"to":"closed"}')
  await ask(409, 'POST', `${p}/submissions`, undefined, key('h'), good)
  const log = await ask(200, 'GET', `${t}/audit?limit=2`, 'reader')
  if (log.body.items.length !== 2 || log.body.next_after !== 2) fail('a page of the audit log has not two rows')
  const rest = await ask(200, 'GET', `${t}/audit?after=${log.body.next_after}&limit=200`, 'operator')
  if (rest.body.items[0].previous_hash !== log.body.items[1].hash) fail('the audit log is not chained')
  if (!rest.body.items.some(row => row.action === 'form.state' && row.why === 'end of term')) fail('the audit log does not say why')
  const published = await ask(200, 'GET', `${t}/audit?action=version.publish&object=contact`, 'reader')
  if (published.body.items.length !== 3 || published.body.items[0].object !== 'contact') fail(`a filtered log: ${published.text}`)
  const nobody = await ask(200, 'GET', '/v1/audit?actor=nobody%20there', 'operator')
  if (nobody.body.items.length) fail('the log of nobody has rows')
  await ask(400, 'GET', `${t}/audit?action=`, 'reader')
  await ask(400, 'GET', `${t}/audit?after=x`, 'reader')
  await ask(400, 'GET', `${t}/audit?after=`, 'reader')
  await ask(400, 'GET', `${t}/audit?cursor=x`, 'reader')
  await ask(404, 'GET', '/v1/tenants/nowhere/audit', 'operator')
  await ask(403, 'GET', `${t}/audit`, 'submitter')
  const whole = await ask(200, 'POST', `${t}/audit:verify`, 'publisher')
  if (!whole.body.whole || whole.body.rows !== 2 + rest.body.items.length) fail(`the audit log is not whole: ${whole.text}`)
  if (whole.body.hash !== rest.body.items.at(-1).hash) fail('the audit log ends elsewhere')
  await ask(403, 'GET', '/v1/audit', 'publisher')
  const own = await ask(200, 'GET', '/v1/audit?limit=200', 'operator')
  if (!own.body.items.some(row => row.detail === 'active to suspended' && row.why === 'unpaid')) fail('the audit log does not tell of the tenant')
  await ask(200, 'POST', '/v1/audit:verify', 'operator')
  await ask(404, 'GET', '/v1/problems')
  await ask(405, 'PUT', '/v1/tenants', 'operator', json, '{}')

  await ask(200, 'GET', `${t}/forms/contact/diff?from=1&to=1`, 'reader')
  await ask(404, 'GET', `${t}/forms/contact/diff?from=77`, 'reader')

  const csv = { 'content-type': 'text/csv' }
  const wards = 'code,name,state\na1,One,A\nb1,Two,B\n'
  await ask(201, 'PUT', `${t}/tables/wards`, 'publisher', csv, wards)
  await ask(200, 'PUT', `${t}/tables/wards`, 'publisher', csv, wards)
  await ask(422, 'PUT', `${t}/tables/wards`, 'publisher', csv, 'code,name\na1\n')
  await ask(403, 'PUT', `${t}/tables/wards`, 'reader', csv, wards)
  await ask(200, 'GET', `${t}/tables`, 'reader')
  await ask(200, 'GET', `${t}/tables/wards`, 'reader')
  await ask(404, 'GET', `${t}/tables/streets`, 'reader')
  const table = await ask(200, 'GET', `${t}/tables/wards/versions/1`, 'reader')
  if (table.text !== wards) fail('the table came back changed')
  await ask(201, 'PUT', `${t}/forms/wards/draft`, 'publisher', source,
    'edition 2026 form wards "W" { home: text ward: choice(wards where state = home) table wards { key code: text label name: text state: text } }')
  await ask(201, 'POST', `${t}/forms/wards/versions`, 'publisher')
  const options = await ask(200, 'GET', '/v1/p/acme/wards/versions/1/lists/wards?column=state&equals=A')
  if (!options.text.includes('a1') || options.text.includes('b1')) fail(`the options of a state are ${options.text}`)

  // Of an example whose tables are made elsewhere: a row each.
  await ask(201, 'PUT', `${t}/tables/state`, 'publisher', csv, 'code,name\nA,Alpha\n')
  await ask(201, 'PUT', `${t}/tables/lga`, 'publisher', csv, 'code,name,state\na,One,A\n')
  await ask(201, 'PUT', `${t}/tables/ward`, 'publisher', csv, 'code,name,state,lga\nw,Ward,A,a\n')

  // The render document of every example, and an answer to each: nothing that the compiler makes breaks the description.
  for (const name of fs.readdirSync(path.join(root, 'examples')).filter(file => file.endsWith('.form'))) {
    const form = path.basename(name, '.form')
    await ask(201, 'PUT', `${t}/forms/${form}/draft`, 'publisher', source, fs.readFileSync(path.join(root, 'examples', name)))
    await ask(201, 'POST', `${t}/forms/${form}/versions`, 'publisher')
    await ask(200, 'GET', `/v1/p/acme/${form}`)
    const schema = await ask(200, 'GET', `/v1/p/acme/${form}/versions/1/schema.json`)
    new Ajv({ strict: true }).compile(schema.body)
    const module = await ask(200, 'GET', `/v1/p/acme/${form}/versions/1/module.js`)
    const { languages } = (await import('data:text/javascript,' + encodeURIComponent(module.text))).default
    for (const language of languages) await ask(200, 'GET', `/v1/p/acme/${form}/versions/1/texts/${language}.json`)
    await ask(200, 'POST', `/v1/p/acme/${form}/evaluate`, undefined, json, '{"answers":{}}')
  }

  // Pages for people.
  const pairs = { 'content-type': 'application/x-www-form-urlencoded' }, site = '/f/acme/desk'
  await ask(201, 'PUT', `${t}/forms/desk/draft`, 'publisher', source, form.replace('form contact', 'form desk'))
  await ask(201, 'POST', `${t}/forms/desk/versions`, 'publisher')
  await ask(200, 'GET', site)
  await ask(404, 'GET', '/f/acme/nothing')
  await ask(400, 'GET', `${site}?b=100`)
  await ask(410, 'GET', `${site}?s=0123456789abcdef0123456789abcdef`)
  await ask(404, 'GET', `${site}/nothing`)
  await ask(415, 'POST', site, undefined, json, '{}')
  const wrong = await fetch(base + site, { method: 'POST', redirect: 'manual', headers: pairs, body: 'age=12' })
  const told = validate('POST', site, wrong, await wrong.text())
  if (told || wrong.status !== 303) fail(`a page with errors: ${told ?? wrong.status}`)
  await ask(200, 'GET', wrong.headers.get('location').replace(/#.*/, ''))
  await ask(200, 'POST', site, undefined, pairs, 'name=Ada&age=36') // and on to the page that says so
  await ask(200, 'POST', `${site}/page-1`, undefined, pairs, '_do=submit&name=Ada&age=37')
  await ask(400, 'POST', `${site}/page-1`, undefined, pairs, 'name=%')
  const style = (await ask(200, 'GET', site)).text.match(/href="(\/assets\/[^"]+)"/)[1]
  await ask(200, 'GET', style)
  await ask(200, 'GET', '/assets/formwright.css')
  await ask(404, 'GET', '/assets/nothing.css')

  const all = Object.values(api.paths).flatMap(methods => Object.values(methods).map(operation => operation.operationId))
  for (const operation of all) if (!seen.has(operation)) fail(`${operation} was never asked`)
  console.log(`${all.length} operations, ${statuses.size} kinds of answer, ${failures} failures`)
  process.exitCode = failures ? 1 : 0
}

main().catch(error => { console.error(error); process.exitCode = 1 })
