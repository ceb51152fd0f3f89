// What a client sees, over HTTP on the loopback address: one server on one core, the load on the other.
'use strict';
const fs = require('fs'), path = require('path');
const h = require('../harness.cjs');
const { pick, program, workload, measure, curve, skip, start, stop, load, load_rounds, median } = h;
const FORM = '/v1/p/bench/hsb_application', has_fastify = () => h.has_module('fastify') && h.has_module('better-sqlite3');
const levels = () => pick([8], [64], [1, 8, 64, 512]);

// ---- the servers
async function fastify(data, batch = false) {
  const port = await h.free_port(), database = path.join(data, batch ? 'batched.db' : 'peer.db');
  fs.rmSync(database, { force: true });
  const child = await start('node', [path.join(h.root, 'bench/peers/fastify.cjs'), String(port), h.peers, workload('survey.min.json'), database, ...(batch ? ['batch'] : [])], { env: { NODE_PATH: h.modules, NODE_ENV: 'production' }, core: h.server_core });
  return Object.assign(child, { port, base: `http://127.0.0.1:${port}` });
}
async function bare(bytes) {
  const port = await h.free_port();
  return Object.assign(await start(program('bench_bare'), [String(port), bytes, '1'], { core: h.server_core }), { port, base: `http://127.0.0.1:${port}` });
}
// One worker without a master, without logs, the file in its cache of open ones.
async function nginx(folder) {
  const port = await h.free_port(), file = path.join(folder, 'nginx.conf'), temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`).join(' ');
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(file, `daemon off; master_process off; worker_rlimit_nofile 20000; pid ${folder}/nginx.pid; error_log stderr crit; events { worker_connections 12000; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 600; open_file_cache max=10; types { application/json json; } ${temporary}
server { listen 127.0.0.1:${port} backlog=4096; root ${folder}; location = /ready { return 200 ready; } } }\n`);
  const child = h.start('sh', ['-c', `echo starting; exec ${h.nginx_program} -e stderr -p ${folder}/ -c ${file}`], { core: h.server_core });
  const server = Object.assign(await child, { port, base: `http://127.0.0.1:${port}` });
  for (let i = 0; i < 50; i++) { try { await (await fetch(`${server.base}/ready`)).text(); return server; } catch { await h.pause(100); } }
  throw new Error('nginx does not come up');
}
const fetched = async url => { const answer = await fetch(url, { headers: { 'accept-encoding': 'identity' } }); return { bytes: Buffer.from(await answer.arrayBuffer()), etag: answer.headers.get('etag') }; };
// One row for each peer, or ours alone.
function beside(id, what, unit, key, got, names) {
  const peers = Object.keys(names).filter(name => name !== 'ours' && got[name]);
  for (const name of peers) measure({ id: `${id}.${name}`, what: `${what}, against ${names[name]}`, unit, peer: names[name], ours: got.ours[key], theirs: got[name][key], per: 'theirs/ours' });
  if (!peers.length) measure({ id, what, unit, ours: got.ours[key] });
}
const percentiles = (id, what, got, names) => { for (const [key, label] of [['p50', 'p50'], ['p99', 'p99'], ['p999', 'p99.9']]) beside(`${id}.${key}.of`, `${what}: ${label}`, 'ms', key, got, names); };
const processor = (id, what, got, names) => beside(`${id}.cpu`, `${what}: processor time a request`, 'µs', 'cpu_us', got, names);
const needs_wrk = what => (h.has('wrk', '-v') ? false : (skip(what, 'wrk is not installed'), true));

// ---- a form's definition, whole and as 304
async function get() {
  if (needs_wrk('get')) return;
  const data = h.site(), folder = path.dirname(data), ours = await h.serve(data), { bytes, etag } = await fetched(ours.base + FORM), file = path.join(folder, 'form.json');
  fs.writeFileSync(file, bytes);
  const servers = { ours, bare: await bare(file) }, paths = { ours: FORM, bare: '/', nginx: '/form.json', fastify: '/form' }, names = { ours: 'Formwright', bare: 'bare libmicrohttpd', nginx: 'nginx, a file', fastify: 'Fastify' };
  if (h.has(h.nginx_program, '-v')) servers.nginx = await nginx(folder); else skip('GET against nginx', 'it is not installed');
  if (has_fastify()) servers.fastify = await fastify(folder); else skip('GET against Fastify', 'npm packages are absent');
  const tags = { ours: etag, ...(servers.fastify && { fastify: (await fetched(servers.fastify.base + '/form')).etag }) }, seconds = pick(1, 1, 2), lines = {};
  for (const connections of levels()) {
    const main = connections === 64 || length_is_short(), loads = {};
    for (const name of Object.keys(servers)) loads[name] = () => load(servers[name].base, { form: paths[name], connections, seconds: main ? seconds : 1, pid: servers[name].pid });
    const got = await load_rounds(loads, main ? pick(1, 3, 5) : pick(1, 1, 3));
    for (const name of Object.keys(got)) (lines[name] ||= []).push([connections, median(got[name].rate)]);
    if (!main) continue;
    for (const [name, goal] of [['bare', 0.95], ['nginx'], ['fastify', 2.5]])
      if (got[name]) measure({ id: `get.${name}`, what: `a form’s definition (${(bytes.length / 1024).toFixed(1)} KiB) at ${connections} connections, against ${names[name]}${name === 'fastify' ? ' with 11.6 KiB' : ''}`, unit: '/s', peer: names[name], ours: got.ours.rate, theirs: got[name].rate, ...(goal && { goal: { least: goal } }) });
    processor('get', 'a form’s definition', got, names);
    percentiles('get', 'a form’s definition', got, { bare: names.bare, fastify: names.fastify });
  }
  curve({ id: 'get', title: 'A form’s definition, closed loop', x: 'connections', y: 'requests a second', log: 'x', lines: Object.keys(lines).map(name => ({ name: names[name], points: lines[name] })) });
  const loads = {};
  for (const name of ['ours', 'fastify']) if (servers[name]) loads[name] = () => load(servers[name].base, { form: paths[name], none_match: tags[name], seconds, pid: servers[name].pid });
  const got = await load_rounds(loads, pick(1, 3, 5));
  if (got.fastify) measure({ id: 'get304.fastify', what: '304 at 64 connections, against Fastify', unit: '/s', peer: 'Fastify', ours: got.ours.rate, theirs: got.fastify.rate });
  else measure({ id: 'get304', what: '304 at 64 connections', unit: '/s', ours: got.ours.rate });
  processor('get304', '304', got, names);
  await end(servers, folder);
}
const length_is_short = () => h.length === 'shortest';
async function end(servers, ...folders) {
  await Promise.all(Object.values(servers).map(stop));
  folders.forEach(h.remove);
}

// ---- a verdict without storing
async function evaluate() {
  if (needs_wrk('evaluate')) return;
  const data = h.site(), folder = path.dirname(data), body = h.valid_body(), servers = { ours: await h.serve(data) }, names = { ours: 'Formwright', fastify: 'Fastify + ajv' };
  if (has_fastify()) servers.fastify = await fastify(folder); else skip('evaluate against Fastify', 'npm packages are absent');
  const posts = { ours: `${FORM}/evaluate`, fastify: '/evaluate' }, lines = {};
  for (const connections of levels()) {
    const main = connections === 64 || length_is_short(), loads = {};
    for (const name of Object.keys(servers)) loads[name] = () => load(servers[name].base, { kind: 'post', post: posts[name], body, connections, seconds: pick(1, 1, 2), pid: servers[name].pid });
    const got = await load_rounds(loads, main ? pick(1, 3, 5) : pick(1, 1, 2));
    for (const name of Object.keys(got)) (lines[name] ||= []).push([connections, median(got[name].rate)]);
    if (!main) continue;
    if (got.fastify) measure({ id: 'evaluate.fastify', what: `evaluate, the 60-field form at ${connections} connections`, unit: '/s', peer: names.fastify, ours: got.ours.rate, theirs: got.fastify.rate });
    else measure({ id: 'evaluate', what: `evaluate, the 60-field form at ${connections} connections`, unit: '/s', ours: got.ours.rate });
    processor('evaluate', 'evaluate', got, names);
    percentiles('evaluate', 'evaluate', got, names);
  }
  curve({ id: 'evaluate', title: 'Evaluate, closed loop', x: 'connections', y: 'requests a second', log: 'x', lines: Object.keys(lines).map(name => ({ name: names[name], points: lines[name] })) });
  await end(servers, folder, path.dirname(body));
}

// ---- durable submissions
// The largest that the log of a file was while `during` went on, in MiB.
async function watched(file, during) {
  let largest = 0, over = false;
  const look = (async () => { while (!over) { try { largest = Math.max(largest, fs.statSync(file).size); } catch { /* not yet */ } await h.pause(20); } })();
  const result = await during();
  over = true;
  await look;
  return { result, mib: largest / 2 ** 20 };
}
async function submit() {
  if (needs_wrk('submit')) return;
  const data = h.site(), folder = path.dirname(data), body = h.valid_body(), ours = await h.serve(data), servers = { ours };
  const names = { ours: 'Formwright', fastify: 'Fastify + ajv + better-sqlite3', batched: 'the same with batching', rows: 'C that only batches rows into SQLite' };
  await fetched(ours.base + FORM);
  const idle_kib = h.memory_kib(ours.pid);
  if (has_fastify()) Object.assign(servers, { fastify: await fastify(folder), batched: await fastify(folder, true) }); else skip('submit against Fastify', 'npm packages are absent');
  const peer_idle_kib = servers.fastify && h.memory_kib(servers.fastify.pid);
  const posts = { ours: `${FORM}/submissions`, fastify: '/submissions', batched: '/submissions' }, seconds = pick(1, 2, 3), wal = [], lines = {}, late = {};
  // The same rows, with nothing before them: into the file of a tenant of its own.
  const plain = h.site(), batcher = h.turn(...on_core(program('bench_batcher'), [path.join(plain, 'tenants/bench/data.db'), workload('expected_valid_clean.json'), '64']), { ROUND_MS: String(seconds * 1000) });
  for (const connections of levels()) {
    const main = connections === 64 || length_is_short(), loads = {};
    for (const name of Object.keys(servers)) loads[name] = () => load(servers[name].base, { kind: 'submit', post: posts[name], body, connections, seconds: main ? seconds : 2, pid: servers[name].pid });
    if (main) {
      const plainly = loads.ours;
      loads.ours = async () => { const { result, mib } = await watched(path.join(data, 'tenants/bench/data.db-wal'), plainly); wal.push(mib); return result; };
      loads.rows = () => batcher.next();
    }
    const got = await load_rounds(loads, main ? pick(1, 3, 7) : pick(1, 1, 2));
    for (const name of Object.keys(servers)) { (lines[name] ||= []).push([connections, median(got[name].rate)]); (late[name] ||= []).push([connections, median(got[name].p99)]); }
    if (!main) continue;
    for (const [name, goal] of [['fastify', 7], ['batched', 3], ['rows', 0.5]])
      if (got[name]) measure({ id: `submit.${name}`, what: `durable submissions at ${connections} connections, against ${names[name]}`, unit: '/s', peer: names[name], ours: got.ours.rate, theirs: got[name].rate, goal: { least: goal } });
    measure({ id: 'submit.p99', what: `p99 of a durable submission at ${connections} connections`, unit: 'ms', ours: got.ours.p99, goal: { most: 6 } });
    percentiles('submit', 'a durable submission', got, { fastify: names.fastify, batched: names.batched });
    processor('submit', 'a durable submission', got, { fastify: names.fastify, batched: names.batched });
    measure({ id: 'submit.wal', what: 'the largest that the file’s log was meanwhile', unit: 'MiB', ours: wal, goal: { most: 16 } });
  }
  await stop(batcher.child);
  const loaded = h.memory_kib(ours.pid, 'VmHWM') * 1024 / 1e6;
  measure({ id: 'memory.idle', what: 'resident, idle, a form asked for once', unit: 'MB', ours: [idle_kib * 1024 / 1e6], ...(peer_idle_kib && { peer: 'Fastify', theirs: [peer_idle_kib * 1024 / 1e6], per: 'theirs/ours' }) });
  measure({ id: 'memory.loaded', what: `resident at most, under that load${length_is_short() ? '' : `, up to ${Math.max(...levels())} connections`}`, unit: 'MB', ours: [loaded], goal: { most: 20 } });
  if (servers.fastify) measure({ id: 'memory.loaded.fastify', what: 'the same of Fastify, times less', unit: 'MB', peer: 'Fastify', ours: [loaded], theirs: [h.memory_kib(servers.fastify.pid, 'VmHWM') * 1024 / 1e6], per: 'theirs/ours' });
  const drawn = of => Object.keys(of).map(name => ({ name: { ...names, fastify: 'Fastify', batched: 'Fastify with batching' }[name], points: of[name] }));
  curve({ id: 'submit', title: 'Durable submissions, closed loop', x: 'connections', y: 'submissions a second', log: 'xy', lines: drawn(lines) });
  curve({ id: 'submit-p99', title: 'p99 of durable submissions, closed loop', x: 'connections', y: 'ms', log: 'xy', lines: drawn(late) });
  await end(servers, folder, path.dirname(body), path.dirname(plain));
}
const on_core = (file, args) => (h.server_core === undefined ? [file, args] : ['taskset', ['-c', String(h.server_core), file, ...args]]);

// ---- ninety-five definitions for five submissions
async function mixed() {
  if (needs_wrk('mixed')) return;
  const data = h.site(), folder = path.dirname(data), body = h.valid_body(), servers = { ours: await h.serve(data) }, names = { ours: 'Formwright', fastify: 'Fastify' };
  if (has_fastify()) servers.fastify = await fastify(folder); else skip('mixed against Fastify', 'npm packages are absent');
  const paths = { ours: [FORM, `${FORM}/submissions`], fastify: ['/form', '/submissions'] }, lines = {};
  for (const connections of levels()) {
    const main = connections === 64 || length_is_short(), loads = {};
    for (const name of Object.keys(servers)) loads[name] = () => load(servers[name].base, { kind: 'mixed', form: paths[name][0], post: paths[name][1], body, connections, seconds: pick(1, 1, 2), pid: servers[name].pid });
    const got = await load_rounds(loads, main ? pick(1, 3, 5) : pick(1, 1, 2));
    for (const name of Object.keys(got)) (lines[name] ||= []).push([connections, median(got[name].rate)]);
    if (!main) continue;
    if (got.fastify) measure({ id: 'mixed.fastify', what: `95 definitions for 5 durable submissions at ${connections} connections`, unit: '/s', peer: names.fastify, ours: got.ours.rate, theirs: got.fastify.rate });
    else measure({ id: 'mixed', what: `95 definitions for 5 durable submissions at ${connections} connections`, unit: '/s', ours: got.ours.rate });
    processor('mixed', '95 for 5', got, names);
    percentiles('mixed', '95 for 5', got, names);
  }
  curve({ id: 'mixed', title: '95 definitions for 5 durable submissions, closed loop', x: 'connections', y: 'requests a second', log: 'x', lines: Object.keys(lines).map(name => ({ name: names[name], points: lines[name] })) });
  await end(servers, folder, path.dirname(body));
}

// ---- open loop: latencies at rates that somebody else decides
async function open() {
  const data = h.site(), folder = path.dirname(data), body = h.valid_body(), servers = { ours: await h.serve(data) }, names = { ours: 'Formwright', fastify: 'Fastify', batched: 'Fastify with batching' };
  if (has_fastify()) Object.assign(servers, { fastify: await fastify(folder), batched: await fastify(folder, true) }); else skip('open loop against Fastify', 'npm packages are absent');
  const paths = name => (name === 'ours' ? [FORM, `${FORM}/submissions`] : ['/form', '/submissions']), seconds = pick(1, 2, 3);
  const one = (name, rate, kinds) => h.open_loop(servers[name].port, { rate, seconds, connections: 256, body, kinds });
  const kinds = { submit: name => [`submit=1=${paths(name)[1]}`], mixed: name => [`get=95=${paths(name)[0]}`, `submit=5=${paths(name)[1]}`] };
  const rates = { submit: pick([500], [4000], [500, 1000, 2000, 4000, 8000, 12000, 16000, 24000]), mixed: pick([500], [4000], [2000, 4000, 8000, 16000, 24000, 32000, 48000]) };
  const titles = { submit: 'Durable submissions, open loop: p99', mixed: '95 definitions for 5 durable submissions, open loop: p99' };
  for (const kind of ['submit', 'mixed']) {
    const lines = {}, over = new Set();
    for (const name of Object.keys(servers)) if (kind === 'submit' || name !== 'batched') await one(name, 500, kinds[kind](name)); // warm
    for (const rate of rates[kind]) {
      for (const name of Object.keys(servers)) {
        if (over.has(name) || (kind === 'mixed' && name === 'batched')) continue;
        const told = await one(name, rate, kinds[kind](name));
        if (told.bad) throw new Error(`${kind} at ${rate}/s: ${told.bad} answers were others`);
        (lines[name] ||= []).push([rate, Math.max(told.p99, 0.01)]);
        console.log(`     ${kind} ${rate}/s, ${names[name]}: p50 ${told.p50} p99 ${told.p99} p99.9 ${told.p999} ms${told.left ? `, ${told.left} of ${told.count} not answered in time` : ''}`);
        if (name === 'ours' && rate === pick(500, 4000, 4000)) for (const key of ['p50', 'p99', 'p999']) measure({ id: `open.${kind}.${key}`, what: `${kind === 'submit' ? 'durable submissions' : '95 for 5'} at ${rate} a second, open loop: ${{ p50: 'p50', p99: 'p99', p999: 'p99.9' }[key]}`, unit: 'ms', ours: [told[key]] });
        if (told.left > told.count / 50 || told.p99 > 1000) over.add(name); // it does not keep up: faster is no use
      }
    }
    const kept = Object.fromEntries(Object.keys(lines).map(name => [name, Math.max(0, ...lines[name].filter(([, ms]) => ms <= 100).map(([rate]) => rate))]));
    const what = `${kind === 'submit' ? 'durable submissions' : '95 for 5'}, open loop: the highest rate tried with p99 within 100 ms`;
    for (const name of Object.keys(kept)) measure({ id: `open.${kind}.kept.${name}`, what: `${what}, ${names[name]}`, unit: '/s', ours: [kept[name]] });
    curve({ id: `open-${kind}`, title: titles[kind], x: 'requests a second that are due', y: 'p99, ms', log: 'xy', lines: Object.keys(lines).map(name => ({ name: names[name], points: lines[name] })) });
  }
  await end(servers, folder, path.dirname(body));
}

// ---- connections that are open and say nothing
async function idle() {
  const count = pick(500, 10000, 10000), data = h.site(), folder = path.dirname(data), names = { ours: 'Formwright', nginx: 'nginx', fastify: 'Fastify' };
  const ours = await h.serve(data, { args: ['--http.connections_max', String(count + 500), '--http.idle_seconds', '600'] }), servers = { ours }, paths = { ours: FORM, nginx: '/form.json', fastify: '/form' };
  fs.writeFileSync(path.join(folder, 'form.json'), (await fetched(ours.base + FORM)).bytes);
  if (h.has(h.nginx_program, '-v')) servers.nginx = await nginx(folder); else skip('idle connections of nginx', 'it is not installed');
  if (has_fastify()) servers.fastify = await fastify(folder); else skip('idle connections of Fastify', 'npm packages are absent');
  for (const name of Object.keys(servers)) {
    await fetched(servers[name].base + paths[name]);
    const before = h.memory_kib(servers[name].pid), holder = await start(program('bench_open_loop'), ['hold', String(servers[name].port), String(count), paths[name]]), told = JSON.parse(holder.said);
    if (told.bad) throw new Error(`${told.bad} of ${count} connections were refused`);
    const kib = (h.memory_kib(servers[name].pid) - before) / count;
    measure({ id: name === 'ours' ? 'idle' : `idle.${name}`, what: `${count.toLocaleString('en')} connections that have asked once and stay: memory of each, ${names[name]}`, unit: 'KiB', ours: [kib], ...(name === 'ours' && { goal: { most: 9 } }) });
    if (name === 'ours') measure({ id: 'idle.still', what: 'a request beside them', unit: 'ms', ours: await timed(5, () => fetched(ours.base + FORM)) });
    await stop(holder);
  }
  await end(servers, folder);
}
async function timed(times, f) {
  const list = [];
  for (let i = 0; i < times; i++) { const begun = performance.now(); await f(); list.push(performance.now() - begun); }
  return list;
}

// ---- from nothing to the first answer
async function cold() {
  const data = h.site(), folder = path.dirname(data), ours = [], theirs = [];
  for (let i = 0; i < pick(2, 5, 15); i++) {
    const begun = performance.now(), server = await h.serve(data);
    await first(server.port, FORM);
    ours.push(performance.now() - begun);
    await stop(server);
    if (!has_fastify()) continue;
    const peer_begun = performance.now(), peer = await fastify(folder);
    await first(peer.port, '/form');
    theirs.push(performance.now() - peer_begun);
    await stop(peer);
  }
  measure({ id: 'cold.start', what: 'from starting the program to the first definition', unit: 'ms', ours, ...(theirs.length && { peer: 'Fastify', theirs, per: 'theirs/ours' }) });
  h.remove(folder);
}
const first = (port, target) => new Promise((resolve, reject) => {
  require('http').get({ port, path: target, agent: false }, answer => { answer.resume(); answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`)))); }).on('error', reject);
});

// ---- a core more
async function cores() {
  if (needs_wrk('cores')) return;
  if (!h.pinned) return skip('cores', 'there is one only');
  const body = h.valid_body(), sites = { one: h.site(), two: h.site() }, servers = { one: await h.serve(sites.one, { core: '0' }), two: await h.serve(sites.two, { core: '0,1', threads: 2 }) };
  for (const [kind, options, what] of [['get', { kind: 'get', form: FORM }, 'definitions'], ['evaluate', { kind: 'post', post: `${FORM}/evaluate`, body }, 'evaluate'], ['submit', { kind: 'submit', post: `${FORM}/submissions`, body }, 'durable submissions']]) {
    // The load goes where there is room: beside both it takes its part of them.
    const loads = Object.fromEntries(Object.keys(servers).map(name => [name, () => load(servers[name].base, { ...options, seconds: pick(1, 1, 2), core: name === 'one' ? '1' : '0,1', pid: servers[name].pid })]));
    const got = await load_rounds(loads, pick(1, 2, 3));
    measure({ id: `cores.${kind}`, what: `${what} at 64 connections: two cores that wrk shares, against one and wrk on the other`, unit: '/s', peer: 'one core', ours: got.two.rate, theirs: got.one.rate });
  }
  await end(servers, ...Object.values(sites).map(path.dirname), path.dirname(body));
}

module.exports = { parts: { get, evaluate, submit, mixed, open, idle, cold, cores } };
