// What every part of ./dev bench is made of: programs that take turns, servers with a load on them, and the numbers that come of it.
//
//     const { rounds, measure, serve, load } = require('./harness.cjs')
//     const got = await rounds({ ours: turn('bench_judge', …), ajv: turn('node', …) }, 21);      got.ours.judge, got.ajv.ajv: a number a round
//     measure({ id: 'judge.ajv', what: 'ajv and JavaScript', unit: 'µs', ours: got.ours.judge, theirs: got.ajv.ajv, per: 'theirs/ours', goal: { least: 5 } });
//
// Ours and the peer are measured in turn, round by round, after a round that is not counted; a ratio is made of each round, and the median of those is
// what is reported, so that whatever else the machine does hits both. Everything is on the loopback address; only what was started here is ended here.
'use strict';
const fs = require('fs'), os = require('os'), path = require('path'), net = require('net'), readline = require('readline');
const { spawn, spawnSync } = require('child_process');

const root = path.join(__dirname, '..'), shared = path.join(root, '../shared/bench'), peers = path.join(shared, 'peers');
const bin = process.env.BENCH_BIN || path.join(root, 'build/release'), modules = process.env.BENCH_NPM || path.join(root, 'build/npm/bench/node_modules');
const formwright = path.join(bin, 'formwright'), program = name => path.join(bin, 'bench', name);
const fetched_nginx = path.join(root, 'build/nginx/usr/sbin/nginx'), nginx_program = fs.existsSync(fetched_nginx) ? fetched_nginx : 'nginx';
const workload = name => path.join(shared, 'workload', name);

// ---- how long: shortest (a test of the harness), quick (minutes), whole
const lengths = ['shortest', 'quick', 'whole'];
const length = process.env.BENCH_LENGTH || 'whole';
if (!lengths.includes(length)) throw new Error(`BENCH_LENGTH is one of ${lengths.join(', ')}`);
const pick = (...of) => of[lengths.indexOf(length)];

// ---- numbers
const sorted = list => [...list].sort((a, b) => a - b);
const median = list => sorted(list)[list.length >> 1];
const round4 = x => +x.toPrecision(4);
const quartiles = list => { const s = sorted(list); return { median: round4(s[s.length >> 1]), q1: round4(s[s.length >> 2]), q3: round4(s[(s.length * 3) >> 2]), rounds: s.length }; };

// ---- what was found, of the part that runs
let part = { measures: [], curves: [], commands: [], skipped: [] };
const begin_part = () => (part = { measures: [], curves: [], commands: [], skipped: [] });
const skip = (what, why) => { console.log(`SKIPPED ${what}: ${why}`); part.skipped.push({ what, why }); };
const within = (value, goal) => (goal.least === undefined || value >= goal.least) && (goal.most === undefined || value <= goal.most) && (goal.below === undefined || value < goal.below);
const goal_text = goal => ['least', 'most', 'below'].filter(key => goal[key] !== undefined).map(key => `${{ least: '≥', most: '≤', below: '<' }[key]} ${goal[key]}`).join(' and ');
const shown = x => (x === 0 ? '0' : Math.abs(x) >= 100 ? Math.round(x).toLocaleString('en') : String(+x.toPrecision(3)));

// One thing measured. `theirs` with `per`: the goal is about the ratio; without: about ours. All are lists, a number a round, or done: {median, q1, q3, rounds}.
function measure({ id, what, unit, peer, ours, theirs, per = 'ours/theirs', goal, note, ratios }) {
  const done = list => (Array.isArray(list) ? quartiles(list) : list), one = { id, what, unit, ours: done(ours) };
  if (theirs) {
    Object.assign(one, { peer, theirs: done(theirs), per });
    one.ratio = done(ratios || ours.map((x, i) => (per === 'ours/theirs' ? x / theirs[i] : theirs[i] / x)));
  }
  if (goal) Object.assign(one, { goal, reached: within((one.ratio || one.ours).median, goal) });
  if (note) one.note = note;
  part.measures.push(one);
  const spread = q => `${shown(q.median)} (${shown(q.q1)}–${shown(q.q3)})`;
  console.log(`${!goal ? '    ' : one.reached ? 'ok  ' : 'MISS'} ${what}: ${spread(one.ours)} ${unit}${theirs ? `, ${peer} ${spread(one.theirs)}, ${per} ${spread(one.ratio)}` : ''}${goal ? ` (goal ${goal_text(goal)})` : ''}`);
  return one;
}
// Lines over something that grows; {id, title, x, y, log: 'xy', lines: [{name, points: [[x, y]]}]}.
function curve(one) {
  if (one.lines.every(line => line.points.length < 2)) return; // a short run has no line to draw
  one.lines = one.lines.map(line => ({ ...line, points: line.points.map(point => point.map(round4)) }));
  part.curves.push(one);
}

// ---- programs
const started = new Set();
const relative = text => text.split(root + '/').join('').split(path.join(root, '..') + '/').join('../').split(os.tmpdir() + '/').join('$TMPDIR/').replace(new RegExp(`(formwright-[a-z]+)-\\w+`, 'g'), '$1');
const command = (file, args) => { const text = relative([file, ...args].join(' ')); if (!part.commands.includes(text) && part.commands.length < 12) part.commands.push(text.replace(/:\d{5}\b/g, ':PORT')); };
const tail = text => String(text || '').trim().split('\n').slice(-3).join(' | ');
function run(file, args, { env = {}, timeout = 600000, quiet = false } = {}) {
  if (!quiet) command(file, args);
  const done = spawnSync(file, args, { encoding: 'utf8', env: { ...process.env, ...env }, timeout, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${relative(file)} ${relative(args.join(' '))}: ${done.error || tail(done.stderr) || done.signal || done.status}`);
  return done.stdout;
}
const json = (file, args, options) => JSON.parse(run(file, args, options));
const output = (file, args, env = {}, timeout = 300000) => new Promise((resolve, reject) => {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout });
  let text = '', wrong = '';
  started.add(child);
  child.stdout.on('data', bytes => { text += bytes; });
  child.stderr.on('data', bytes => { wrong = (wrong + bytes).slice(-2000); });
  child.on('error', reject);
  child.on('close', code => { started.delete(child); if (code === 0) resolve(text); else reject(new Error(`${relative(file)}: ${code}: ${tail(wrong)}`)); });
});
// A server or the like: there when it has said something.
function start(file, args, { env = {}, core, errors = 'inherit' } = {}) {
  const [name, list] = core === undefined ? [file, args] : ['taskset', ['-c', String(core), file, ...args]];
  command(name, list);
  return new Promise((resolve, reject) => {
    const child = spawn(name, list, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', errors] });
    started.add(child);
    child.on('error', reject);
    child.stdout.once('data', text => { child.said = String(text); child.stdout.resume(); resolve(child); });
    child.once('exit', code => { started.delete(child); reject(new Error(`${relative(file)} ended with ${code}`)); });
  });
}
const stop = child => new Promise(done => {
  if (child.exitCode !== null || child.signalCode !== null) return done();
  child.once('exit', done);
  child.stdin.end();
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 15000).unref();
});
const folders = new Set();
process.on('exit', () => { started.forEach(child => child.kill('SIGKILL')); folders.forEach(folder => fs.rmSync(folder, { recursive: true, force: true })); });
['SIGINT', 'SIGTERM'].forEach(signal => process.on(signal, () => process.exit(130)));
const folder = () => { const made = fs.mkdtempSync(path.join(os.tmpdir(), 'formwright-bench-')); folders.add(made); return made; };
const remove = made => { fs.rmSync(made, { recursive: true, force: true }); folders.delete(made); };
const has = (name, ...args) => !spawnSync(name, args.length ? args : ['--version']).error;
const has_module = name => fs.existsSync(path.join(modules, name));
const pause = ms => new Promise(done => setTimeout(done, ms));

// ---- programs that take turns: bench/turns.h
function turn(file, args, env = {}) {
  command(file, args);
  const child = spawn(file, args, { env: { ...process.env, NODE_PATH: modules, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  started.add(child);
  child.once('exit', () => started.delete(child));
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async next() {
      child.stdin.write('\n');
      const line = await lines.next();
      if (line.done) throw new Error(`${relative(file)} ${relative(args.join(' '))} ended early`);
      return JSON.parse(line.value);
    },
  };
}
// {name: turn} → {name: {key: [a number a round]}}; the first round only warms. Every other round goes the other way, so that nobody always comes second.
async function rounds(turns, count) {
  const got = Object.fromEntries(Object.keys(turns).map(name => [name, {}]));
  for (let i = 0; i <= count; i++) {
    for (const name of i % 2 ? Object.keys(turns) : Object.keys(turns).reverse()) {
      const told = await turns[name].next();
      if (i > 0) for (const key of Object.keys(told)) (got[name][key] ||= []).push(told[key]);
    }
  }
  await Promise.all(Object.values(turns).map(one => stop(one.child)));
  return got;
}

// ---- what a process takes
const stat = pid => { const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8'), rest = text.slice(text.lastIndexOf(')') + 2).split(' '); return { cpu_us: (+rest[11] + +rest[12]) * 10000 }; };
const memory_kib = (pid, what = 'VmRSS') => +new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1];

// ---- servers: each on a core of its own with the load on another, unless there is one core only
const pinned = os.cpus().length > 1 && process.env.BENCH_PIN !== '0', server_core = pinned ? 0 : undefined, load_core = pinned ? 1 : undefined;
const free_port = () => new Promise((resolve, reject) => { const probe = net.createServer(); probe.on('error', reject); probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)); }); });
// A load generator is one address: what is measured here is not the limits.
const unlimited = ['address_per_second', 'submit_per_minute', 'token_per_minute'].flatMap(name => [`--limits.${name}`, '0']);
async function serve(data, { args = [], env, core = server_core, threads = core === undefined ? 0 : 1 } = {}) {
  const child = await start(formwright, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--http.admin_listen', 'none', '--quiet', '--log.level', 'error',
    ...(threads ? ['--threads', String(threads)] : []), ...unlimited, '--http.connections_per_address_max', '0', ...args], { env, core });
  child.port = +/:(\d+)\/?\s*$/m.exec(/listening on (\S+)/.exec(child.said)[1])[1];
  child.base = `http://127.0.0.1:${child.port}`;
  return child;
}
const manage = (...args) => run(formwright, args, { quiet: true });
const plenty = (tenant, data) => manage('tenant', 'quota', tenant, ...['requests', 'submissions', 'steps', 'judgings', 'forms'].map(name => `${name}=${1e15}`), '--why', 'bench', '--data', data);
// A directory with one tenant, "bench", and one form.
function site(form = 'bench/benefit.form') {
  const data = path.join(folder(), 'data');
  manage('tenant', 'create', 'bench', '--data', data);
  plenty('bench', data);
  manage('publish', 'bench', path.join(root, form), '--data', data);
  return data;
}
// Every tenant of a directory that no server has open.
const plenty_for_all = data => run('sqlite3', [path.join(data, 'system.db'), ...['requests', 'submissions', 'steps', 'judgings'].map(name => `INSERT OR REPLACE INTO tenant_quota (tenant, name, value) SELECT id, '${name}', 1000000000000000 FROM tenant;`)], { quiet: true });
function body_file(answers) {
  const file = path.join(folder(), 'body.json');
  fs.writeFileSync(file, JSON.stringify({ answers }));
  return file;
}
const valid_body = () => body_file(JSON.parse(fs.readFileSync(workload('valid.json'), 'utf8')));
// Directories of many tenants are made without waiting for the disk; what is measured on them waits for it.
const unsynced = () => ({ LD_PRELOAD: program('libslow_sync.so'), SYNC_US: '0' });

// ---- closed loop: wrk
let runs = 0;
// → {rate, p50 … p999 in ms, cpu_us of `pid` a request}; refuses when anything but what was asked for is answered.
async function load(base, { kind = 'get', form = '/', post, count = 1, body, connections = 64, seconds = 2, pid, none_match, core = load_core } = {}) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', path.join(__dirname, 'load.lua'), base + '/'];
  const env = { KIND: kind, FORM_PATH: form, COUNT: String(count), RUN: `r${process.pid}-${++runs}`, ...(post && { POST_PATH: post }), ...(body && { BODY_FILE: body }), ...(none_match && { IF_NONE_MATCH: none_match }) };
  const [file, list] = core === undefined ? ['wrk', args] : ['taskset', ['-c', String(core), 'wrk', ...args]];
  command(`KIND=${kind} FORM_PATH=${form}${post ? ` POST_PATH=${post}` : ''}`, [file, ...list]);
  const before = pid && stat(pid).cpu_us, text = await output(file, list, env, seconds * 1000 + 60000), after = pid && stat(pid).cpu_us;
  const told = JSON.parse(/^TOLD (.*)$/m.exec(text)[1]);
  if (told.bad || told.lost || !told.requests) throw new Error(`${kind} ${post || form} at ${connections} connections: ${told.bad} of ${told.requests} refused, ${told.lost} lost`);
  return { ...told, rate: told.requests / told.us * 1e6, cpu_us: pid ? (after - before) / told.requests : undefined };
}
// Loads in turn: {name: () => load(…)} → {name: {rate: [a number a round], p99: […]…}}; the first round only warms.
async function load_rounds(loads, count) {
  const got = Object.fromEntries(Object.keys(loads).map(name => [name, {}]));
  for (let i = 0; i <= count; i++) {
    for (const name of i % 2 ? Object.keys(loads) : Object.keys(loads).reverse()) {
      const told = await loads[name](i);
      if (i > 0) for (const key of Object.keys(told)) (got[name][key] ||= []).push(told[key]);
    }
  }
  return got;
}
// ---- open loop: bench/open_loop.c
async function open_loop(port, { rate, seconds, connections = 64, body = '/dev/null', kinds, core = load_core }) {
  const args = [String(port), String(rate), String(seconds), String(connections), body, ...kinds];
  const [file, list] = core === undefined ? [program('bench_open_loop'), args] : ['taskset', ['-c', String(core), program('bench_open_loop'), ...args]];
  command(file, list);
  return JSON.parse(await output(file, list));
}

module.exports = { root, shared, peers, bin, modules, formwright, nginx_program, program, workload, length, pick, quartiles, median, shown, goal_text, within, begin_part, skip, measure, curve, run, json, output, start, stop, folder, remove, has, has_module, pause,
  turn, rounds, stat, memory_kib, pinned, server_core, load_core, free_port, serve, manage, plenty, plenty_for_all, site, body_file, valid_body, unsynced, load, load_rounds, open_loop, relative };
