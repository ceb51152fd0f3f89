// How costs grow: with a form's size, with tenants, forms and stored submissions; and what a slow disk and a loud neighbour do to many tenants.
'use strict';
const fs = require('fs'), path = require('path'), { spawnSync } = require('child_process');
const h = require('../harness.cjs');
const { told } = require('./micro.cjs');
const { pick, program, workload, root, measure, curve, skip, run, json, stop, load, load_rounds, median } = h;
const number = n => n.toLocaleString('en');
const needs = (what, ...names) => { const missing = names.find(name => !h.has(name, name === 'wrk' ? '-v' : name === 'sqlite3' ? '-version' : '--version')); if (missing) skip(what, `${missing} is not installed`); return missing; };
// By how much what one thing costs may grow when all n of them grow like n log n.
const log_ratio = (less, more) => Math.log(more) / Math.log(less);
// Each cost against what n log n allows: at most 1.
const grows = (id, what, list, less, more) => measure({ id: `growth.${id}`, what: `${what}: growth of the cost of each from ${number(less)} to ${number(more)}, as a part of what n log n allows`, unit: '×', ours: list.map(x => x / log_ratio(less, more)), goal: { most: 1 } });

// ---- a form's size: in instructions, since the memory of a large form costs page faults that a small one reuses
const instructions = (...args) => {
  const made = h.folder(), done = spawnSync('valgrind', ['--tool=callgrind', `--callgrind-out-file=${made}/out`, ...args], { encoding: 'utf8', timeout: 300000 }), counted = done.status === 0 && /Collected : (\d+)/.exec(done.stderr);
  h.remove(made);
  if (!counted || !+counted[1]) throw new Error(`valgrind ${h.relative(args.join(' '))}: ${done.stderr.split('\n').filter(line => line && !line.startsWith('==')).join(' | ') || done.status}`);
  return +counted[1];
};
// What is done inside one function; the first judging, which makes the world, is not counted.
function work(kind, size, what) {
  const [inside, rounds] = what === 'judge' ? ['judge_again', 3] : ['dsl_compile', 1];
  return instructions(`--toggle-collect=${inside}`, program('bench_growth'), kind, String(size), what, String(rounds)) / rounds / 1e6;
}
function growth() {
  const times = json(program('bench_growth'), []), kinds = json(program('bench_growth'), ['kinds']);
  for (const { kind, more } of kinds) measure({ id: `growth.time.${kind}`, what: `compiling ${number(more)} ${kind === 'rows' ? 'rows’ form' : kind}`, unit: 'ms', ours: [times[kind] / 1000], goal: { below: 1000 } });
  if (needs('growth', 'valgrind')) return;
  for (const { kind, less, more, factor } of kinds.slice(0, pick(1, 1, 99))) {
    for (const what of ['compile', 'judge']) {
      if (kind === 'rows' && what === 'compile') continue; // one form
      const [small, large] = [less, more].map(size => work(kind, size, what)), allowed = factor > 1 ? factor * log_ratio(less, more) : 1.1;
      measure({ id: `growth.${what}.${kind}`, what: `${what === 'judge' ? 'judging' : 'compiling'}, ${kind}: instructions for ${number(more)} against ${number(less)}, as a part of what n log n allows`, unit: '×', ours: [large / small / allowed], goal: { most: 1 }, note: `${small.toPrecision(3)} → ${large.toPrecision(3)} million; ${(large / small / factor).toFixed(2)} of linear` });
    }
  }
}

// ---- tenants
const FORM = '/v1/p/t{}/hsb_application';
const sixty = path.join(root, 'bench/benefit.form'), small = path.join(root, 'bench/contact.form');
function make_tenants(count, form = sixty, how = 'make') {
  const data = path.join(h.folder(), 'data');
  run(program('bench_tenants'), [how, data, form, String(count)], { env: h.unsynced() });
  h.plenty_for_all(data);
  return data;
}
// What each of the last tenants of many adds that have just been judged for: definition, world of its rules, what is counted of it. What all share, a few open files among it, is not in it.
function one_more() {
  const answers = { [sixty]: workload('valid.json'), [small]: path.join(root, 'bench/contact.json') };
  for (const [form, name, what, how] of [[small, 'small', 'a form of its own of six fields', 'make'], [sixty, 'sixty', 'a form of its own of sixty fields', 'make'], [small, 'alike.small', 'the form of six fields that the others have', 'alike'], [sixty, 'alike.sixty', 'the form of sixty fields that the others have', 'alike']]) {
    for (const [fewer, more] of pick([[10, 20]], [[50, 100]], [[50, 100], [500, 1000]])) {
      const kib = [fewer, more].map(count => { const data = make_tenants(count, form, how), got = json(program('bench_tenants'), ['judge', data, form, answers[form], String(count), String(2 ** 33)]); h.remove(path.dirname(data)); return got.rss_kib - got.rss_before_kib; });
      measure({ id: `tenants.more.${name}.${more}`, what: `one more warm tenant with ${what}, from ${number(fewer)} to ${number(more)}`, unit: 'KiB', ours: [(kib[1] - kib[0]) / (more - fewer)] });
    }
  }
}
// Of what is in memory and used: definition, world of its rules, file.
async function tenants() {
  if (!fs.existsSync(workload('valid.json'))) return skip('tenants', 'the workload is absent');
  if (needs('tenants', 'sqlite3', 'wrk')) return;
  const sizes = pick([2, 20], [10, 100], [1, 10, 100, 10000]), body = h.valid_body(), sites = Object.fromEntries(sizes.map(size => [size, make_tenants(size)])), most = sizes.at(-1);
  const costs = {}, servers = {};
  for (const size of sizes) servers[size] = await h.serve(sites[size]);
  for (const [kind, options] of [['get', { kind: 'get', form: FORM }], ['evaluate', { kind: 'post', post: `${FORM}/evaluate`, body }], ['submit', { kind: 'submit', post: `${FORM}/submissions`, body }]]) {
    const loads = Object.fromEntries(sizes.map(size => [size, () => load(servers[size].base, { ...options, count: size, seconds: pick(1, 1, 2), pid: servers[size].pid })]));
    const got = await load_rounds(loads, pick(1, 1, 3));
    for (const size of sizes) measure({ id: `tenants.${kind}.${size}`, what: `${{ get: 'definitions', evaluate: 'evaluate', submit: 'durable submissions' }[kind]} to ${number(size)} tenants in turn`, unit: '/s', ours: got[size].rate, note: `${h.shown(median(got[size].cpu_us))} µs of processor time each` });
    costs[kind] = sizes.map(size => [size, median(got[size].cpu_us)]);
  }
  curve({ id: 'tenants', title: 'Processor time of a request, by tenants in turn', x: 'tenants', y: 'µs', log: 'xy', lines: [['get', 'definition'], ['evaluate', 'evaluate'], ['submit', 'durable submission']].map(([kind, name]) => ({ name, points: costs[kind] })) });
  await Promise.all(Object.values(servers).map(stop));
  const cold = {}, fewer = sizes.at(-2);
  const judged = (size, cache) => { const got = json(program('bench_tenants'), ['judge', sites[size], sixty, workload('valid.json'), String(size), cache]); cold[size] = got.cold_cpu_us.median; return got; };
  judged(fewer, '0');
  // In one process, without HTTP: all definitions kept, and as many as are kept by default.
  for (const [what, cache, id] of [['all kept in memory', String(2 ** 33), 'warm'], ['with the caches as they are by default', '0', 'default']]) {
    const got = judged(most, cache), more = got.cold_over_warm_us.median / 1000;
    measure({ id: `tenants.${id}`, what: `${number(most)} tenants that have judged, ${what}: memory of each`, unit: 'KiB', ours: [(got.rss_kib - got.rss_before_kib) / most], ...(id === 'warm' && { goal: { most: 20 } }), note: `definitions ${(got.cache_bytes / got.cache_entries / 1024).toFixed(1)} KiB each, worlds of rules ${(got.worlds_bytes / Math.max(1, got.worlds_count) / 1024).toFixed(1)} KiB for ${number(got.worlds_count)}, ${got.files_open} files open, all with a 60-field form of their own` });
    measure({ id: `tenants.cold.${id}`, what: `a tenant’s first judging, its file not open, over its second, ${what}`, unit: 'ms', ours: [more], goal: { below: 2 } });
    if (id === 'default') measure({ id: 'tenants.peak', what: `${number(most)} tenants, at most resident`, unit: 'MiB', ours: [got.peak_kib / 1024], goal: { below: 1024 } });
  }
  await one_more();
  Object.values(sites).forEach(site => h.remove(path.dirname(site)));
  h.remove(path.dirname(body));
  const costs_at = (kind, size) => costs[kind].find(([at]) => at === size)[1], [less, more] = pick([2, 20], [10, 100], [10, 100]);
  for (const kind of Object.keys(costs)) grows(`tenants.${kind}`, `${kind}, tenants in turn, all within the caches`, [costs_at(kind, more) / costs_at(kind, less)], less, more);
  grows('tenants.cold', 'a tenant’s first judging', [cold[most] / cold[fewer]], fewer, most);
}

// ---- forms of one tenant
async function forms() {
  if (needs('forms', 'sqlite3', 'wrk')) return;
  const sizes = pick([2, 10], [10, 100], [1, 10, 100, 1000]), body = h.valid_body(), sites = {}, servers = {}, target = '/v1/p/t00000/hsb_application_{}', costs = {};
  for (const size of sizes) {
    sites[size] = path.join(h.folder(), 'data');
    run(program('bench_tenants'), ['forms', sites[size], path.join(root, 'bench/benefit.form'), String(size)], { env: h.unsynced() });
    h.plenty_for_all(sites[size]);
    servers[size] = await h.serve(sites[size]);
  }
  for (const [kind, options] of [['get', { kind: 'get', form: target }], ['submit', { kind: 'submit', post: `${target}/submissions`, body }]]) {
    const loads = Object.fromEntries(sizes.map(size => [size, () => load(servers[size].base, { ...options, count: size, seconds: pick(1, 1, 2), pid: servers[size].pid })])), got = await load_rounds(loads, pick(1, 1, 3));
    for (const size of sizes) measure({ id: `forms.${kind}.${size}`, what: `${kind === 'get' ? 'definitions' : 'durable submissions'} of ${number(size)} forms in turn`, unit: '/s', ours: got[size].rate, note: `${h.shown(median(got[size].cpu_us))} µs of processor time each` });
    costs[kind] = sizes.map(size => [size, median(got[size].cpu_us)]);
  }
  curve({ id: 'forms', title: 'Processor time of a request, by forms in turn', x: 'forms of one tenant', y: 'µs', log: 'xy', lines: [['get', 'definition'], ['submit', 'durable submission']].map(([kind, name]) => ({ name, points: costs[kind] })) });
  await Promise.all(Object.values(servers).map(stop));
  const costs_at = (kind, size) => costs[kind].find(([at]) => at === size)[1], [less, more] = pick([2, 10], [10, 100], [10, 100]);
  for (const kind of Object.keys(costs)) grows(`forms.${kind}`, `${kind}, forms in turn, all within the caches`, [costs_at(kind, more) / costs_at(kind, less)], less, more);
  Object.values(sites).forEach(site => h.remove(path.dirname(site)));
  h.remove(path.dirname(body));
}

// ---- submissions that are there already
const trip = { name: 'Ada', email: 'ada@example.org', day: '2026-03-04', nights: 2, reason: 'fair', means: ['train', 'bus'], grade: 'good', alone: true, advance: '120.00', distance: '431.5',
  note: 'As agreed with the office on the telephone, including the return journey.', costs: [{ what: 'Ticket', grade: 'good', amount: '84.10' }, { what: 'Hotel', amount: '210.00' }] };
async function stored() {
  if (needs('stored', 'sqlite3', 'wrk')) return;
  const sizes = pick([1e3, 2e3], [1e3, 1e4], [1e3, 1e4, 1e5, 1e6]), body = h.body_file(trip), sites = {}, servers = {}, tokens = {};
  for (const size of sizes) {
    sites[size] = path.join(h.folder(), 'data');
    run(program('bench_volume'), [sites[size], path.join(root, 'bench/trip.form'), '1', String(size), 'make'], { env: h.unsynced() });
    h.plenty_for_all(sites[size]);
    tokens[size] = h.manage('token', 'create', 't00000', '--role', 'reader', '--data', sites[size]).trim();
    servers[size] = await h.serve(sites[size]);
  }
  const submits = Object.fromEntries(sizes.map(size => [size, () => load(servers[size].base, { kind: 'submit', post: '/v1/p/t00000/trip/submissions', body, seconds: pick(1, 1, 2), pid: servers[size].pid })]));
  const got = await load_rounds(submits, pick(1, 1, 3)), lists = {};
  const page = async size => { const answer = await fetch(`${servers[size].base}/v1/tenants/t00000/forms/trip/submissions?limit=100`, { headers: { authorization: `Bearer ${tokens[size]}` } }), text = await answer.text(); if (answer.status !== 200) throw new Error(`${answer.status} ${text.slice(0, 200)}`); };
  for (let i = 0; i <= pick(3, 20, 50); i++) for (const size of sizes) { const begun = performance.now(); await page(size); if (i) (lists[size] ||= []).push(performance.now() - begun); }
  for (const size of sizes) {
    measure({ id: `stored.submit.${size}`, what: `durable submissions to a form with ${number(size)} of them`, unit: '/s', ours: got[size].rate, note: `${h.shown(median(got[size].cpu_us))} µs of processor time each; p99 ${h.shown(median(got[size].p99))} ms` });
    measure({ id: `stored.list.${size}`, what: `a page of 100 of ${number(size)}`, unit: 'ms', ours: lists[size] });
  }
  curve({ id: 'stored', title: 'With submissions stored already', x: 'submissions stored', y: 'µs of processor time a submission; ms a page', log: 'x', lines: [{ name: 'durable submission', points: sizes.map(size => [size, median(got[size].cpu_us)]) }, { name: 'page of 100', points: sizes.map(size => [size, median(lists[size])]) }] });
  const less = sizes[0], more = sizes.at(-1);
  grows('stored.submit', 'submissions stored', got[more].cpu_us.map((x, i) => x / got[less].cpu_us[i]), less, more);
  grows('stored.list', 'pages of stored submissions', [median(lists[more]) / median(lists[less])], less, more);
  await Promise.all(Object.values(servers).map(stop));
  Object.values(sites).forEach(site => h.remove(path.dirname(site)));
  h.remove(path.dirname(body));
}

// ---- a hundred busy tenants, a disk that takes a millisecond
async function slow() {
  if (needs('slow', 'sqlite3', 'wrk')) return;
  const count = pick(10, 100, 100), data = make_tenants(count), body = h.valid_body(), env = { LD_PRELOAD: program('libslow_sync.so'), SYNC_US: '1000' };
  const server = await h.serve(data, { env, core: undefined, threads: 0 });
  const { ours } = await load_rounds({ ours: () => load(server.base, { kind: 'submit', post: `${FORM}/submissions`, body, count, connections: 512, seconds: pick(1, 2, 4), pid: server.pid, core: undefined }) }, pick(1, 2, 5));
  measure({ id: 'slow', what: `durable submissions to ${count} busy tenants at 512 connections, every fdatasync taking at least 1 ms`, unit: '/s', ours: ours.rate, goal: { least: 6000 }, note: `p50 ${h.shown(median(ours.p50))} ms, p99 ${h.shown(median(ours.p99))} ms; wrk beside the server on all cores` });
  await stop(server);
  h.remove(path.dirname(data));
  h.remove(path.dirname(body));
}

// ---- one tenant posts its dearest form at full rate: what do the others notice?
async function beside(free) {
  const data = h.site(), body = h.valid_body(), dear = h.body_file({ items: Array.from({ length: 1100 }, (_, i) => ({ n: i % 10 })) }), base = '/v1/p/bench/hsb_application';
  h.manage('tenant', 'create', 'noisy', '--data', data);
  h.manage('publish', 'noisy', path.join(root, 'bench/dear.form'), '--data', data);
  if (free) h.plenty('noisy', data);
  const server = await h.serve(data, { core: undefined, threads: 0 }), seconds = pick(1, 2, 4);
  const others = () => h.open_loop(server.port, { rate: 300, seconds, body, kinds: [`get=1=${base}`, `post=1=${base}/evaluate`, `submit=1=${base}/submissions`], core: undefined });
  // Refusals are what the noisy one gets: they are no fault here.
  const noise = () => h.output('wrk', ['-t1', '-c64', `-d${seconds + 2}s`, '-s', path.join(root, 'bench/load.lua'), server.base], { KIND: 'post', FORM_PATH: '/v1/p/noisy/dear/evaluate', BODY_FILE: dear });
  const quiet = [], loud = [];
  await others();
  for (let i = 0; i < (free ? 2 : pick(1, 2, 5)); i++) {
    const before = await others(), noisy = noise();
    await h.pause(1500); // what the noisy one had in advance is spent
    const during = await others();
    await noisy;
    if (before.bad + during.bad) throw new Error('the others were refused');
    quiet.push(before.p99); loud.push(during.p99);
    await h.pause(pick(0, 500, 1000));
  }
  await stop(server);
  [data, body, dear].forEach(file => h.remove(path.dirname(file)));
  return { quiet, loud };
}
async function neighbour() {
  if (needs('neighbour', 'wrk')) return;
  const held = await beside(false), what = 'the others’ p99, 300 requests a second, beside a tenant that posts its dearest form at full rate';
  measure({ id: 'neighbour', what: `${what}, against none`, unit: 'ms', peer: 'quiet', ours: held.loud, theirs: held.quiet, goal: { below: 2 } });
  if (h.length !== 'whole') return;
  const free = await beside(true);
  measure({ id: 'neighbour.free', what: `${what} and has no quotas`, unit: 'ms', peer: 'quiet', ours: free.loud, theirs: free.quiet });
}

// ---- many submissions: lists, exports, statistics and backups against the plain query on the same file
function volume() {
  for (const [tenants, rows] of pick([[1, 2000]], [[1, 10000]], [[1, 100000], [1000, 100]])) {
    const made = h.folder(), which = tenants > 1 ? `${number(tenants)} tenants of ${rows}` : `${number(rows)} submissions`;
    const got = json(program('bench_volume'), [path.join(made, 'data'), path.join(root, 'bench/trip.form'), String(tenants), String(rows)], { env: h.unsynced() });
    const tell = (task, what, bounded = true) => got[task] && measure({ id: `volume.${tenants > 1 ? 'many.' : ''}${task}`, what: `${which}: ${what}`, unit: 'ms', peer: 'SQLite', ...told(got[task], 0.001), ...(bounded && { goal: { most: 3 } }) });
    h.remove(made);
    tell('list', 'the newest page of 200 as JSON, against the plain query');
    tell('list_middle', 'a page in the middle');
    tell('filter', 'a page of one version and a tenth of the time');
    tell('filter_few', 'a page of those found by an answer that few have');
    tell('filter_many', 'a page of those found by an answer that half of them have');
    tell('export', 'all as JSON, against reading all columns');
    tell('stats', 'statistics from nothing, against one query for each field');
    tell('stats_again', 'statistics asked for again');
    tell('backup_checked', 'a backup, against .backup and its integrity_check and foreign_key_check');
    tell('backup', 'a backup, against .backup alone', false);
  }
}

// ---- being found by answers, and handing all of them out as a table
function answers() {
  if (needs('answers', 'sqlite3')) return;
  const made = h.folder(), rows = pick(2000, 10000, 100000), got = json(program('bench_answers'), [path.join(made, 'data'), String(rows)], { env: h.unsynced() });
  const tell = (task, what, most, peer) => measure({ id: `answers.${task}`, what, unit: 'ms', peer, ...told(got[task], 0.001), goal: { most } });
  h.remove(made);
  tell('submit', 'a submission judged and stored with three indexed fields, against none', 2, 'none indexed');
  tell('csv', `${number(rows)} submissions as CSV, against sqlite3 -csv of the answers as they are`, 3, 'sqlite3');
  tell('found', `${got.found.rows} of ${number(rows)} found by an answer, against the plain query with json_extract`, h.length === 'shortest' ? 2 : 0.1, 'SQLite');
}

// ---- does whoever reads delay whoever submits?
async function reading() {
  if (needs('reading', 'wrk')) return;
  const data = h.site('bench/trip.form'), body = h.body_file(trip), token = h.manage('token', 'create', 'bench', '--role', 'reader', '--data', data).trim();
  const server = await h.serve(data, { core: undefined, threads: 0 }), form = `${server.base}/v1/tenants/bench/forms/trip`, seconds = pick(1, 2, 4);
  const submit = () => load(server.base, { kind: 'submit', post: '/v1/p/bench/trip/submissions', body, seconds, core: undefined });
  // One after the other, some pause after each: a client's own work is not to be measured.
  const read = (url, pause) => h.output('node', ['-e', `(async () => {
    let times = 0, bytes = 0;
    for (const end = Date.now() + ${seconds * 1000 + 1500}; Date.now() < end; times++) {
      const answer = await fetch('${url}', { headers: { authorization: 'Bearer ${token}' } });
      if (answer.status !== 200) throw new Error(await answer.text());
      for await (const chunk of answer.body) { bytes += chunk.length; if (Date.now() > end) break; }
      await new Promise(done => setTimeout(done, ${pause}));
    }
    console.log(JSON.stringify({ times: times / ${seconds + 1.5}, mib: bytes / ${seconds + 1.5} / 2 ** 20 }));
    process.exit(0);
  })()`]).then(JSON.parse);
  const quiet = [], beside = [];
  await submit();
  for (let i = 0; i < pick(1, 2, 5); i++) {
    quiet.push((await submit()).p99);
    const noise = Promise.all([read(`${form}/stats`, 20), read(`${form}/submissions:export`, 0)]);
    await h.pause(500);
    beside.push((await submit()).p99);
    const [stats, exported] = await noise;
    console.log(`     beside ${stats.times.toFixed(0)} statistics/s and ${exported.mib.toFixed(0)} MiB/s of export`);
  }
  await stop(server);
  [data, body].forEach(file => h.remove(path.dirname(file)));
  measure({ id: 'reading', what: 'p99 of submissions at 64 connections beside statistics and an export without end, against quiet', unit: 'ms', peer: 'quiet', ours: beside, theirs: quiet, goal: { below: 3 } });
}

module.exports = { parts: { growth, tenants, forms, stored, slow, neighbour, volume, answers, reading } };
