// What one thread does, beside whoever else does the same: microseconds of processor time.
'use strict';
const fs = require('fs'), path = require('path');
const h = require('../harness.cjs');
const { pick, program, workload, root, measure, turn, rounds, skip, json } = h;
const benefit = 'bench/benefit.form', form = name => path.join(root, name);
const absent = what => (fs.existsSync(workload('valid.json')) ? false : (skip(what, 'the workload is absent'), true));
const peer_judge = (name, ...args) => turn('node', [path.join(root, 'bench/peers/judge.cjs'), name, ...args]);

// ---- JSON
async function json_pass() {
  if (absent('json')) return;
  if (!fs.existsSync(program('bench_json_pass'))) return skip('json', 'jansson is not installed');
  const { all } = await rounds({ all: turn(program('bench_json_pass'), [form(benefit), workload('valid.json')]) }, pick(3, 15, 41));
  if (all.simdjson) measure({ id: 'json.simdjson', what: 'JSON into checked slots, against simdjson on demand that reads every value and checks none', unit: 'µs', peer: 'simdjson', ours: all.pass, theirs: all.simdjson });
  else skip('simdjson', 'it is not installed');
  measure({ id: 'json.jansson', what: 'the same against jansson’s tree', unit: 'µs', peer: 'jansson', ours: all.pass, theirs: all.jansson, per: 'theirs/ours' });
  measure({ id: 'json.reader', what: 'our strict reader that knows no form, against jansson’s tree', unit: 'µs', peer: 'jansson', ours: all.reader, theirs: all.jansson, per: 'theirs/ours' });
}

// ---- judging one submission of sixty fields, and compiling its form
async function judge() {
  if (absent('judge')) return;
  const turns = { ours: turn(program('bench_judge'), [form(benefit), workload('valid.json')]) };
  const names = { ajv: 'ajv and JavaScript', survey: 'survey-core', formio: '@formio/core' }, modules = { ajv: 'ajv', survey: 'survey-core', formio: '@formio' };
  for (const name of Object.keys(names)) {
    if (!h.has_module(modules[name])) skip(`judging against ${names[name]}`, 'npm packages are absent');
    else turns[name] = peer_judge(name, h.peers, workload('valid.json'));
  }
  const got = await rounds(turns, pick(3, 7, 15)), { ours } = got;
  if (ours.limit) measure({ id: 'judge.limit', what: 'judging the 60-field form, against C written by hand', unit: 'µs', peer: 'C', ours: ours.judge, theirs: ours.limit, goal: { most: 1.3 } });
  else skip('judging against C written by hand', 'the limit is absent');
  const least = { ajv: 5, survey: 5000, formio: 2000 };
  for (const name of Object.keys(names)) {
    if (got[name]) measure({ id: `judge.${name}`, what: `judging the 60-field form, times faster than ${names[name]}`, unit: 'µs', peer: names[name], ours: ours.judge, theirs: got[name].judge, per: 'theirs/ours', goal: { least: least[name] } });
  }
  measure({ id: 'judge.write', what: 'writing the verdict as JSON', unit: 'µs', ours: ours.write });
  for (const name of ['ajv', 'survey']) {
    if (got[name]) measure({ id: `compile.${name}`, what: `compiling the 60-field form, against ${name === 'ajv' ? 'ajv compiling its schema alone' : 'survey-core building its model'}`, unit: 'µs', peer: names[name], ours: ours.compile, theirs: got[name].make, per: 'theirs/ours' });
  }
}

// ---- rows of ten fields
async function rows() {
  const { answers } = require('../peers/rows.cjs'), made = h.folder(), sizes = pick([10, 100], [10, 100, 1000], [10, 100, 1000, 5000]);
  const budget_us = pick(0.2e6, 3e6, 25e6), peers = ['ajv', 'survey', 'formio'].filter(name => h.has_module({ ajv: 'ajv', survey: 'survey-core', formio: '@formio' }[name]));
  const names = { ours: 'Formwright', ajv: 'ajv and JavaScript', survey: 'survey-core', formio: '@formio/core' }, lines = {}, last = {};
  const grown = form('bench/rows.form'), source = fs.readFileSync(grown, 'utf8').replace('0..1000 {', '0..5000 {').replace('5_000_000', '50_000_000'), file = path.join(made, 'rows.form');
  fs.writeFileSync(file, source);
  if (!peers.length) skip('rows against others', 'npm packages are absent');
  for (const size of sizes) {
    fs.writeFileSync(path.join(made, 'rows.json'), answers(size));
    const turns = { ours: turn(program('bench_judge'), [file, path.join(made, 'rows.json')]) };
    for (const name of peers) {
      // As it grew before, and with the square of the rows at most: what would not come back is not asked.
      const expected = last[name] ? last[name].us * (size / last[name].size) ** (last[name].power || 1.5) : 0;
      if (expected <= budget_us) turns[name] = peer_judge(name, 'rows', String(size));
      else skip(`${names[name]}, ${size} rows`, `${last[name].size} take ${(last[name].us / 1e6).toFixed(2)} s: it would take too long`);
    }
    const slow = Object.keys(turns).some(name => last[name] && last[name].us > 1.5e5), got = await rounds(turns, slow ? 1 : pick(2, 5, 11));
    for (const name of Object.keys(got)) {
      const us = h.median(got[name].judge);
      const before = last[name], power = before && Math.min(2, Math.max(1, Math.log(us / before.us) / Math.log(size / before.size)));
      last[name] = { size, us, power };
      (lines[name] ||= []).push([size, us / 1000]);
      if (name !== 'ours') measure({ id: `rows.${size}.${name}`, what: `${size} rows of ten fields, times faster than ${names[name]}`, unit: 'µs', peer: names[name], ours: got.ours.judge, theirs: got[name].judge, per: 'theirs/ours' });
    }
    const ms = got.ours.judge.map(us => us / 1000);
    measure({ id: `rows.${size}`, what: `judging ${size} rows of ten fields`, unit: 'ms', ours: ms, ...(size === 1000 && { goal: { below: 5 } }) });
  }
  h.curve({ id: 'rows', title: 'Judging rows of ten fields', x: 'rows', y: 'ms of processor time', log: 'xy', lines: Object.keys(lines).map(name => ({ name: names[name], points: lines[name] })) });
  h.remove(made);
}

// ---- sandboxes
async function sandbox() {
  if (absent('sandbox')) return;
  const turns = { ours: turn(program('bench_sandbox'), [form(benefit), workload('valid.json')]) };
  turns.node = turn('node', ['--expose-gc', path.join(root, 'bench/peers/context.cjs'), path.join(h.peers, 'eval_ajv.js')]);
  const { ours, node } = await rounds(turns, pick(3, 9, 21));
  measure({ id: 'sandbox.make', what: 'making a tenant’s sandbox with the form’s rules in it, times faster than a vm context of Node’s', unit: 'µs', peer: 'vm context', ours: ours.make_us, theirs: node.make_us, per: 'theirs/ours' });
  measure({ id: 'sandbox.bytes', what: 'what it holds after a judging, times less', unit: 'KiB', peer: 'vm context', ours: ours.used_bytes.map(x => x / 1024), theirs: node.bytes.map(x => x / 1024), per: 'theirs/ours' });
}

// ---- what metering costs
function metering() {
  const { answers } = require('../peers/rows.cjs'), made = h.folder(), file = path.join(made, 'rows.json');
  const tell = (id, what, of, rounds) => {
    const got = json(program('bench_metering'), [form(of), id === 'rows' ? file : workload('valid.json'), String(rounds)]);
    measure({ id: `metering.${id}`, what: `metered, against the same rules without charges, cap and watchdog: ${what}`, unit: 'µs', peer: 'unmetered', ...told(got), goal: { most: 1.1 } });
  };
  fs.writeFileSync(file, answers(1000));
  if (!absent('metering, the benchmark form')) tell('form', 'the 60-field form', benefit, pick(5, 31, 61));
  tell('rows', '1,000 rows', 'bench/rows.form', pick(3, 15, 61));
  h.remove(made);
}

// What a C program compared itself: quartiles of both and of the ratio.
const of_quartiles = ([q1, median, q3], scale = 1) => ({ median: +(median * scale).toPrecision(4), q1: +(q1 * scale).toPrecision(4), q3: +(q3 * scale).toPrecision(4) });
const told = (one, scale = 1) => ({ ours: of_quartiles(one.ours_us, scale), theirs: of_quartiles(one.theirs_us, scale), ratios: of_quartiles(one.ratio) });

// ---- lookups
function rates() {
  const got = json(program('bench_rates'), []);
  measure({ id: 'rates.added', what: 'what two lookups in a table of 100,000 rows add to a judging', unit: 'µs', ours: [got.added_us], goal: { below: 50 } });
  measure({ id: 'rates.read', what: 'reading and indexing that table, 100,000 rows of CSV', unit: 'ms', ours: [got.read_us / 1000] });
}

// ---- rules that do not come back
function overshoot() {
  const load = require('os').loadavg()[0], cores = require('os').cpus().length, late = json(program('bench_overshoot'), [String(pick(20, 100, 400)), '10']);
  const busy = load > cores && 'the machine is not idle: a thread that waits for its turn cannot be ended';
  measure({ id: 'overshoot', what: 'a call that would never end, past its deadline of 10 ms', unit: 'ms', ours: [late.median_ms], ...(!busy && { goal: { below: 5 } }), note: `p99 ${late.p99_ms} ms, the latest of ${late.calls} ${late.max_ms} ms${busy ? `; ${busy}` : ''}` });
}

module.exports = { parts: { json: json_pass, judge, rows, sandbox, metering, rates, overshoot }, told };
