// Benchmarks: ours and the peer in turn within one run; medians and the median of the rounds' own ratios. Names: judge rows metering growth rates get submit tenants overshoot neighbour volume answers reading.
'use strict';
const fs = require('fs'), os = require('os'), path = require('path'), { spawn, spawnSync } = require('child_process');
const shared = '../shared/bench', bin = 'build/release', peers = `${shared}/peers`;
const median = list => [...list].sort((a, b) => a - b)[list.length >> 1];
const results = [];
const skip = (name, why) => { console.log(`SKIPPED ${name}: ${why}`); results.push({ name, skipped: why }); };
function report(name, ours, theirs, unit, ratio, goal, reached) {
  results.push({ name, ours, theirs, unit, ratio, goal, reached });
  console.log(`${reached ? 'ok  ' : 'MISS'} ${name}: ours ${ours} ${unit}, theirs ${theirs} ${unit}, ratio ${ratio.toFixed(2)} (goal ${goal})`);
}
function run(file, ...args) {
  const done = spawnSync(file, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}
const started = [];
function start(file, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
    started.push(child);
    child.on('error', reject);
    child.stdout.once('data', text => { child.said = String(text); resolve(child); });
    child.once('exit', code => reject(new Error(`${file} ended with ${code}`)));
  });
}
const stop = child => new Promise(done => { child.removeAllListeners('exit'); child.once('exit', done); child.stdin.end(); child.kill('SIGTERM'); });
process.on('exit', () => started.forEach(child => child.exitCode === null && child.kill('SIGKILL')));

// ---- judging one submission of sixty fields
async function judge() {
  const valid = `${shared}/workload/valid.json`;
  if (!fs.existsSync(valid)) return skip('judge', 'the workload is absent');
  const ours = JSON.parse(run(`${bin}/bench/bench_judge`, 'bench/benefit.form', valid));
  if (ours.ratio) report('judging against hand-written C', ours.judge_us, ours.limit_us, 'µs', ours.ratio, '<= 1.6', ours.ratio <= 1.6);
  else skip('judging against hand-written C', 'the limit is absent');
  console.log(`     writing the verdict: ${ours.write_us} µs; the first judging: ${ours.first_us} µs; ${ours.steps} steps`);
  if (!fs.existsSync('build/npm/bench/node_modules/ajv')) return skip('judging against ajv', 'npm packages are absent');
  const ajv = spawn('node', ['bench/peers/ajv.cjs', peers, valid], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = require('readline').createInterface({ input: ajv.stdout })[Symbol.asyncIterator]();
  const mine = [], theirs = [], ratios = [];
  for (let i = 0; i < 9; i++) {
    ajv.stdin.write('\n');
    const them = +(await lines.next()).value, us = JSON.parse(run(`${bin}/bench/bench_judge`, 'bench/benefit.form', valid, '5')).judge_us;
    mine.push(us); theirs.push(them); ratios.push(them / us);
  }
  ajv.stdin.end();
  const ratio = median(ratios);
  report('judging, times faster than ajv + hand-written JS', median(mine), median(theirs), 'µs', ratio, '>= 3', ratio >= 3);
}

// ---- a thousand rows of ten fields
function rowsFile() {
  const kinds = ['labour', 'material', 'travel'], items = [];
  for (let i = 0; i < 1000; i++) {
    const item = { label: `Item ${i}`, kind: kinds[i % 3], quantity: i % 17, price: `${i % 97}.50`, from: '2026-01-01', until: '2026-03-01', note: 'as agreed' };
    if (i % 5 === 0) item.discount = '0.00';
    if (item.kind === 'travel') item.distance = i;
    items.push(item);
  }
  const file = path.join(os.tmpdir(), `formwright-rows-${process.pid}.json`);
  fs.writeFileSync(file, JSON.stringify({ items }));
  return file;
}
function rows() {
  const file = rowsFile();
  const ours = JSON.parse(run(`${bin}/bench/bench_judge`, 'bench/rows.form', file, '21'));
  fs.unlinkSync(file);
  if (!ours.valid) throw new Error('the rows are not valid');
  report('1,000 rows × 10 fields, 5 rules a row', ours.judge_us / 1000, 10, 'ms', ours.judge_us / 1e4, '< 10 ms', ours.judge_us < 10000);
}

// ---- charges, capped allocator and watchdog, against the same program without them
function metering() {
  const valid = `${shared}/workload/valid.json`, file = rowsFile();
  const measure = (form, answers) => JSON.parse(run(`${bin}/bench/bench_metering`, form, answers));
  if (!fs.existsSync(valid)) skip('metering, the benchmark form', 'the workload is absent');
  else {
    const form = measure('bench/benefit.form', valid);
    report('metering, the benchmark form', form.metered_us, form.bare_us, 'µs', form.ratio, '<= 1.10', form.ratio <= 1.1);
  }
  const many = measure('bench/rows.form', file);
  fs.unlinkSync(file);
  report('metering, 1,000 rows', many.metered_us, many.bare_us, 'µs', many.ratio, '<= 1.10', many.ratio <= 1.1);
}

// ---- compile time: seconds against the clock, growth in instructions, since the memory of a large form costs page faults that a small one reuses
const instructions = (...args) => {
  const out = path.join(os.tmpdir(), `formwright-growth-${process.pid}`);
  const done = spawnSync('valgrind', ['--tool=callgrind', `--callgrind-out-file=${out}`, ...args], { encoding: 'utf8' });
  fs.rmSync(out, { force: true });
  return +/Collected : (\d+)/.exec(done.stderr)[1];
};
function rates() {
  const ours = JSON.parse(run(`${bin}/bench/bench_rates`));
  report('what a lookup table of 100,000 rows adds to a judging', ours.added_us, 50, 'µs', ours.added_us / 50, '< 50 µs', ours.added_us < 50);
}

// What is done inside one function; the first judging, which makes the world, is not counted.
function work(kind, size, what) {
  const [inside, rounds] = what === 'judge' ? ['judge_again', 10] : ['dsl_compile', 1];
  return instructions(`--toggle-collect=${inside}`, `${bin}/bench/bench_growth`, kind, String(size), what, String(rounds)) / rounds / 1e6;
}
function growth() {
  const times = JSON.parse(run(`${bin}/bench/bench_growth`)), kinds = JSON.parse(run(`${bin}/bench/bench_growth`, 'kinds'));
  for (const { kind, more } of kinds) report(`compile, ${more} ${kind}`, times[kind] / 1000, 1000, 'ms', times[kind] / 1e6, '< 1 s', times[kind] < 1e6);
  if (spawnSync('valgrind', ['--version']).error) return skip('growth', 'valgrind is not installed');
  for (const { kind, less, more, factor } of kinds) {
    for (const what of ['compile', 'judge']) {
      if (kind === 'rows' && what === 'compile') continue; // one form
      const [small, large] = [less, more].map(size => work(kind, size, what)), linear = small * factor;
      report(`${what}, ${kind}: instructions for ${more} against ${factor > 1 ? `${factor} times ` : ''}${less}`, large, linear, 'million', large / linear, '<= 1.1', large <= linear * 1.1);
    }
  }
}

// ---- over HTTP
const wrk = (url, seconds, script, env) => {
  const done = spawnSync('wrk', ['-t1', '-c64', `-d${seconds}s`, '--latency', ...(script ? ['-s', script] : []), url], { encoding: 'utf8', env: { ...process.env, ...env } });
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(done.stdout), p99 = /99%\s+(\S+)/.exec(done.stdout);
  if (!rate || /BAD|Non-2xx/.test(done.stdout)) throw new Error(`wrk: ${done.stdout}${done.stderr}`);
  return { rate: +rate[1], p99: p99[1] };
};
function serverFolder() {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'formwright-bench-'));
  run(`${bin}/formwright`, 'tenant', 'create', 'bench', '--data', data);
  run(`${bin}/formwright`, 'tenant', 'quota', 'bench', ...['requests', 'submissions', 'steps'].map(name => `${name}=${1e15}`), '--why', 'bench', '--data', data);
  run(`${bin}/formwright`, 'publish', 'bench', 'bench/benefit.form', '--data', data);
  return data;
}
// A load generator is one address: what is measured here is not the limits.
const unlimited = ['address_per_second', 'submit_per_minute', 'token_per_minute'].flatMap(name => [`--limits.${name}`, '0']);
const ours = data => start(`${bin}/formwright`, ['serve', '--data', data, '--listen', '127.0.0.1:18080', '--http.admin_listen', 'none', '--threads', '1', '--quiet', ...unlimited]);
async function get() {
  if (spawnSync('wrk', ['-v']).error) return skip('get', 'wrk is not installed');
  const data = serverFolder(), server = await ours(data), url = 'http://127.0.0.1:18080/v1/p/bench/hsb_application';
  const bytes = path.join(data, 'form.json');
  fs.writeFileSync(bytes, Buffer.from(await (await fetch(url, { headers: { 'accept-encoding': 'identity' } })).arrayBuffer()));
  const bare = await start(`${bin}/bench/bench_bare`, ['18081', bytes, '1']);
  const mine = [], theirs = [], ratios = [];
  wrk(url, 1); wrk('http://127.0.0.1:18081/', 1);
  for (let i = 0; i < 5; i++) {
    const a = wrk(url, 3).rate, b = wrk('http://127.0.0.1:18081/', 3).rate;
    mine.push(a); theirs.push(b); ratios.push(a / b);
  }
  await stop(server); await stop(bare);
  fs.rmSync(data, { recursive: true });
  report(`cached definition GET against bare libmicrohttpd`, Math.round(median(mine)), Math.round(median(theirs)), '/s', median(ratios), '>= 0.8', median(ratios) >= 0.8);
}
async function submit() {
  if (spawnSync('wrk', ['-v']).error) return skip('submit', 'wrk is not installed');
  if (!fs.existsSync('build/npm/bench/node_modules/better-sqlite3')) return skip('submit', 'npm packages are absent');
  const data = serverFolder(), server = await ours(data), body = path.join(data, 'body.json');
  fs.writeFileSync(body, JSON.stringify({ answers: JSON.parse(fs.readFileSync(`${shared}/workload/valid.json`, 'utf8')) }));
  const peer = await start('node', ['bench/peers/fastify.cjs', '18082', peers, `${shared}/workload/survey.min.json`, path.join(data, 'peer.db')]);
  const mine = [], theirs = [], ratios = [], late = [], theirLate = [];
  for (let i = 0; i < 6; i++) {
    const a = wrk('http://127.0.0.1:18080/v1/p/bench/hsb_application/submissions', 3, 'bench/post.lua', { BODY_FILE: body, RUN: `a${process.pid}-${i}` });
    const b = wrk('http://127.0.0.1:18082/submissions', 3, 'bench/post.lua', { BODY_FILE: body, RUN: `b${process.pid}-${i}` });
    if (i === 0) continue; // warm-up
    mine.push(a.rate); theirs.push(b.rate); ratios.push(a.rate / b.rate); late.push(a.p99); theirLate.push(b.p99);
  }
  await stop(server); await stop(peer);
  fs.rmSync(data, { recursive: true });
  report('durable submissions at 64 connections, times Fastify + ajv + better-sqlite3', Math.round(median(mine)), Math.round(median(theirs)), '/s', median(ratios), '>= 3', median(ratios) >= 3);
  console.log(`     p99: ours ${late.join(' ')}, theirs ${theirLate.join(' ')}`);
}

// ---- ten thousand tenants with a form each: through the engine; HTTP adds the same to both judgings
function tenants() {
  const valid = `${shared}/workload/valid.json`, count = '10000';
  if (!fs.existsSync(valid)) return skip('tenants', 'the workload is absent');
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'formwright-tenants-'));
  const start = Date.now();
  run(`${bin}/bench/bench_tenants`, 'make', data, 'bench/benefit.form', count);
  console.log(`     ${count} tenants made in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  for (const [what, cache] of [['by default', '0'], ['all in memory', String(2 ** 31)]]) {
    const got = JSON.parse(run(`${bin}/bench/bench_tenants`, 'judge', data, valid, count, cache));
    const mib = got.peak_kib / 1024, more = got.cold_over_warm_us.median / 1000;
    report(`${count} tenants, definitions ${what}: peak memory`, Math.round(mib), 1024, 'MiB', mib / 1024, '< 1 GiB', mib < 1024);
    report(`${count} tenants, definitions ${what}: cold over warm, median`, more, 2, 'ms', more / 2, '< 2 ms', more < 2);
    console.log(`     cold ${JSON.stringify(got.cold_us)} µs, of them on the processor ${JSON.stringify(got.cold_cpu_us)}, warm ${JSON.stringify(got.warm_us)} µs; ${got.cache_entries} definitions of ${(got.cache_bytes / got.cache_entries / 1024).toFixed(1)} KiB; ` +
      `${got.worlds_count} worlds of ${(got.worlds_bytes / got.worlds_count / 1024).toFixed(1)} KiB; asked for as documents, too: ${JSON.stringify(got.dress_cpu_us)} µs on the processor, peak ${Math.round(got.peak_dressed_kib / 1024)} MiB`);
  }
  fs.rmSync(data, { recursive: true });
}

// ---- rules that do not come back
function overshoot() {
  const load = os.loadavg()[0], late = JSON.parse(run(`${bin}/bench/bench_overshoot`, '400', '10'));
  if (load > os.cpus().length) skip('runaway calls', 'the machine is not idle: a thread that waits for its turn cannot be ended'); else report('a runaway call ends past its deadline by, median', late.median_ms, 5, 'ms', late.median_ms / 5, '< 5 ms', late.median_ms < 5);
  console.log(`     ${late.calls} calls; p99 ${late.p99_ms} ms, max ${late.max_ms} ms; load ${load.toFixed(1)} on ${os.cpus().length} cores`);
}

// ---- one tenant posts its dearest form at full rate: what do the others notice?
const output = (file, args, env = {}) => new Promise((resolve, reject) => {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  started.push(child);
  child.stdout.on('data', bytes => { text += bytes; });
  child.on('error', reject);
  child.on('close', () => resolve(text));
});
async function beside(free) {
  const data = serverFolder(), dear = path.join(data, 'dear.json'), body = path.join(data, 'body.json'), base = 'http://127.0.0.1:18080/v1/p';
  run(`${bin}/formwright`, 'tenant', 'create', 'noisy', '--data', data);
  run(`${bin}/formwright`, 'publish', 'noisy', 'bench/dear.form', '--data', data);
  if (free) run(`${bin}/formwright`, 'tenant', 'quota', 'noisy', ...['requests', 'submissions', 'steps', 'judgings'].map(name => `${name}=${1e15}`), '--why', 'bench', '--data', data);
  fs.writeFileSync(dear, JSON.stringify({ answers: { items: Array.from({ length: 1100 }, (_, i) => ({ n: i % 10 })) } }));
  fs.writeFileSync(body, JSON.stringify({ answers: JSON.parse(fs.readFileSync(`${shared}/workload/valid.json`, 'utf8')) }));
  const server = await start(`${bin}/formwright`, ['serve', '--data', data, '--listen', '127.0.0.1:18080', '--http.admin_listen', 'none', '--quiet', ...unlimited]);
  const others = seconds => output('node', ['bench/openloop.cjs', `${base}/bench/hsb_application`, '300', String(seconds), body]).then(JSON.parse);
  const quiet = [], loud = [], ratios = [];
  await others(2);
  for (let i = 0; i < 5; i++) {
    const a = await others(4);
    const noise = output('wrk', ['-t1', '-c64', '-d6s', '-s', 'bench/post.lua', `${base}/noisy/dear/evaluate`], { BODY_FILE: dear, RUN: `n${process.pid}-${i}` });
    await new Promise(done => setTimeout(done, 1500)); // what the noisy one had in advance is spent
    const b = await others(4);
    const rate = /Requests\/sec:\s+([\d.]+)/.exec(await noise);
    console.log(`     quiet p50 ${a.p50.toFixed(2)} p99 ${a.p99.toFixed(2)} ms, beside ${rate[1]} requests/s p50 ${b.p50.toFixed(2)} p99 ${b.p99.toFixed(2)} ms${a.bad + b.bad ? `, ${a.bad + b.bad} BAD` : ''}`);
    quiet.push(a.p99); loud.push(b.p99); ratios.push(b.p99 / a.p99);
    await new Promise(done => setTimeout(done, 1000));
  }
  await stop(server);
  fs.rmSync(data, { recursive: true });
  return { quiet: median(quiet), loud: median(loud), ratio: median(ratios) };
}
async function neighbour() {
  if (spawnSync('wrk', ['-v']).error) return skip('neighbour', 'wrk is not installed');
  const held = await beside(false);
  report("others' p99 beside a tenant at full rate, against their quiet p99", +held.loud.toFixed(2), +held.quiet.toFixed(2), 'ms', held.ratio, '< 2', held.ratio < 2);
  const free = await beside(true);
  console.log(`     without the noisy tenant's quotas: ${free.loud.toFixed(2)} against ${free.quiet.toFixed(2)} ms, ratio ${free.ratio.toFixed(2)}`);
}

// ---- many submissions: lists, exports, statistics and backups against the plain query on the same file
function volume() {
  for (const [tenants, rows] of [[1, 100000], [1000, 100]]) {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'formwright-volume-')), which = tenants > 1 ? `${tenants} tenants of ${rows}` : `${rows} submissions`;
    const got = JSON.parse(run(`${bin}/bench/bench_volume`, path.join(data, 'data'), 'bench/trip.form', String(tenants), String(rows)));
    fs.rmSync(data, { recursive: true });
    const tell = (task, what) => {
      const { ours_us, theirs_us, ratio } = got[task];
      report(`${which}: ${what}`, +(ours_us / 1000).toFixed(2), +(theirs_us / 1000).toFixed(2), 'ms', ratio, '<= 3', ratio <= 3);
    };
    tell('list', 'the newest page of 200 as JSON, against the plain query');
    if (got.list_middle) tell('list_middle', 'a page in the middle');
    tell('filter', 'a page of one version and a tenth of the time');
    tell('filter_few', 'a page of those found by an answer that few have');
    if (got.filter_many) tell('filter_many', 'a page of those found by an answer that half of them have');
    tell('export', 'all as JSON, against reading all columns');
    tell('stats', 'statistics from nothing, against one query for each field');
    tell('stats_again', 'statistics asked for again');
    tell('backup_checked', 'a backup, against .backup and its integrity_check and foreign_key_check');
    if (got.backup) console.log(`     against .backup alone: ${got.backup.ratio.toFixed(2)}`);
  }
}

// ---- being found by answers, and handing all of them out as a table
function answers() {
  if (spawnSync('sqlite3', ['-version']).error) return skip('answers', 'sqlite3 is not installed');
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'formwright-answers-'));
  const got = JSON.parse(run(`${bin}/bench/bench_answers`, path.join(data, 'data'), '100000'));
  fs.rmSync(data, { recursive: true });
  const tell = (task, ours, theirs, what, goal) => {
    const one = got[task], ms = us => +(one[us] / 1000).toFixed(3);
    report(what, ms(ours), ms(theirs), 'ms', one.ratio, `<= ${goal}`, one.ratio <= goal);
  };
  tell('submit', 'indexed_us', 'plain_us', 'a submission judged and stored with three indexed fields, against none', 2);
  tell('csv', 'ours_us', 'theirs_us', '100000 submissions as CSV, against sqlite3 -csv of the answers as they are', 3);
  tell('found', 'ours_us', 'theirs_us', `${got.found.rows} of 100000 found by an answer, against the plain query with json_extract`, 0.1);
}

// ---- does whoever reads delay whoever submits?
async function reading() {
  if (spawnSync('wrk', ['-v']).error) return skip('reading', 'wrk is not installed');
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'formwright-bench-')), body = path.join(data, 'body.json');
  run(`${bin}/formwright`, 'tenant', 'create', 'bench', '--data', data);
  run(`${bin}/formwright`, 'tenant', 'quota', 'bench', ...['requests', 'submissions', 'steps'].map(name => `${name}=${1e15}`), '--why', 'bench', '--data', data);
  run(`${bin}/formwright`, 'publish', 'bench', 'bench/trip.form', '--data', data);
  const token = run(`${bin}/formwright`, 'token', 'create', 'bench', '--role', 'reader', '--data', data).trim();
  fs.writeFileSync(body, JSON.stringify({ answers: { name: 'Ada', email: 'ada@example.org', day: '2026-03-04', nights: 2, reason: 'fair', means: ['train', 'bus'], grade: 'good', alone: true, advance: '120.00', distance: '431.5',
    note: 'As agreed with the office on the telephone, including the return journey.', costs: [{ what: 'Ticket', grade: 'good', amount: '84.10' }, { what: 'Hotel', amount: '210.00' }] } }));
  const server = await start(`${bin}/formwright`, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--http.admin_listen', 'none', '--quiet', ...unlimited]);
  const base = `${/listening on (\S+?)\/?$/m.exec(server.said)[1]}/v1`, form = `${base}/tenants/bench/forms/trip`;
  let runs = 0;
  const submit = async () => {
    const text = await output('wrk', ['-t1', '-c64', '-d4s', '--latency', '-s', 'bench/post.lua', `${base}/p/bench/trip/submissions`], { BODY_FILE: body, RUN: `r${process.pid}-${++runs}` });
    if (/BAD|Non-2xx/.test(text)) throw new Error(`submissions are refused: ${text}`);
    const late = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
    return { rate: Math.round(+/Requests\/sec:\s+([\d.]+)/.exec(text)[1]), p99: late[1] * { us: 0.001, ms: 1, s: 1000 }[late[2]] };
  };
  // One after the other, some pause after each: a client's own work is not to be measured.
  const read = (url, pause) => output('node', ['-e', `(async () => {
    let times = 0, bytes = 0;
    for (const end = Date.now() + 5500; Date.now() < end; times++) {
      const answer = await fetch('${url}', { headers: { authorization: 'Bearer ${token}' } });
      if (answer.status !== 200) throw new Error(await answer.text());
      for await (const chunk of answer.body) { bytes += chunk.length; if (Date.now() > end) break; }
      await new Promise(done => setTimeout(done, ${pause}));
    }
    console.log(JSON.stringify({ times: times / 5.5, mib: bytes / 5.5 / 2 ** 20 }));
    process.exit(0);
  })()`]).then(JSON.parse);
  const quiet = [], beside = [], ratios = [];
  await submit();
  for (let i = 0; i < 5; i++) {
    const a = await submit(), noise = Promise.all([read(`${form}/stats`, 20), read(`${form}/submissions:export`, 0)]);
    await new Promise(done => setTimeout(done, 500));
    const b = await submit(), [stats, exported] = await noise;
    console.log(`     quiet ${a.rate}/s p99 ${a.p99} ms; beside ${stats.times.toFixed(0)} statistics/s and ${exported.mib.toFixed(0)} MiB/s of export ${b.rate}/s p99 ${b.p99} ms`);
    quiet.push(a.p99); beside.push(b.p99); ratios.push(b.p99 / a.p99);
  }
  await stop(server);
  fs.rmSync(data, { recursive: true });
  report('p99 of submissions at 64 connections beside statistics and an export without end, against quiet', median(beside), median(quiet), 'ms', median(ratios), '< 3', median(ratios) < 3);
}

const all = { judge, rows, metering, growth, rates, get, submit, tenants, overshoot, neighbour, volume, answers, reading };
(async () => {
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(all)) {
    if (!all[name]) { console.error(`there is no benchmark "${name}"; there are: ${Object.keys(all).join(' ')}`); process.exit(2); }
    await all[name]();
  }
  fs.mkdirSync('build/bench', { recursive: true });
  fs.writeFileSync('build/bench/results.json', JSON.stringify({ node: process.version, cpus: os.cpus().length, model: os.cpus()[0].model, results }, null, 1));
  process.exit(results.some(result => result.reached === false) ? 1 : 0);
})();
