// The harness of ./dev bench in its shortest form: a part is measured, its results become a document, and what the repository keeps is in step.
//     harness_test.cjs BUILD ROOT
'use strict';
const assert = require('assert'), fs = require('fs'), os = require('os'), path = require('path'), { spawn, spawnSync } = require('child_process');
const [build, root] = process.argv.slice(2);
process.chdir(root);
const made = fs.mkdtempSync(path.join(os.tmpdir(), 'formwright-bench-test-'));
process.on('exit', () => fs.rmSync(made, { recursive: true, force: true }));
// Without the peers: what is tested is ours.
const env = { ...process.env, BENCH_LENGTH: 'shortest', BENCH_BIN: build, BENCH_OUT: made, BENCH_NPM: path.join(made, 'no_modules') };
const node = (...args) => spawnSync('node', args, { env, encoding: 'utf8' });
let failures = 0;
function test(name, f) {
  try { f(); } catch (error) { failures++; console.error(`FAILED ${name}: ${error.stack}`); }
}
const results = () => JSON.parse(fs.readFileSync(path.join(made, 'bench/results.json'), 'utf8'));
const document = path.join(made, 'docs/performance.md');

test('a part measures, says so, and leaves its results', () => {
  const ran = node('bench/run.cjs', 'rows');
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  assert.match(ran.stdout, /SKIPPED rows against others: npm packages are absent/);
  const { machine, parts } = results(), { rows } = parts;
  assert.deepEqual(Object.keys(parts), ['rows']);
  assert.deepEqual(rows.measures.map(one => one.id), ['rows.10', 'rows.100']);
  for (const { ours, unit } of rows.measures) assert.ok(unit === 'ms' && ours.median > 0 && ours.q1 <= ours.median && ours.median <= ours.q3 && ours.rounds === 2);
  assert.ok(rows.measures[1].ours.median > rows.measures[0].ours.median, 'a hundred rows take longer than ten');
  assert.equal(rows.length, 'shortest');
  assert.ok(machine.cores >= 1 && machine.versions.Node === process.versions.node);
});
test('nothing in the results names a place of this machine', () => {
  const text = JSON.stringify(results());
  for (const place of [root, os.homedir() + '/', made]) assert.ok(!text.includes(place), `${place} in ${text}`);
});
test('the document is what the results give, and a picture of every curve', () => {
  const text = fs.readFileSync(document, 'utf8');
  assert.match(text, /judging 100 rows of ten fields/);
  assert.match(text, /a shortest run/);
  assert.match(text, /not measured/); // the goals of all other parts
  assert.match(fs.readFileSync(path.join(made, 'docs/operations.md'), 'utf8'), /\| lists, exports[^|]*\|[^|]*\| not measured \|/); // nor the objectives
  const picture = /!\[.*\]\((images\/performance-rows\.svg)\)/.exec(text)[1];
  assert.match(fs.readFileSync(path.join(made, 'docs', picture), 'utf8'), /^<svg [^]*<polyline [^]*<\/svg>\n$/);
  assert.equal(node('bench/document.cjs', '--check').status, 0);
});
test('a document that was changed by hand is seen, and made anew', () => {
  fs.appendFileSync(document, 'faster still\n');
  const seen = node('bench/document.cjs', '--check');
  assert.equal(seen.status, 1);
  assert.match(seen.stderr, /docs\/performance\.md is not what bench\/results\.json gives/);
  assert.equal(node('bench/document.cjs').status, 0);
  assert.equal(node('bench/document.cjs', '--check').status, 0);
});
test('a picture that no result gives is seen, and removed', () => {
  const stray = path.join(made, 'docs/images/performance-stray.svg');
  fs.writeFileSync(stray, '<svg/>');
  assert.equal(node('bench/document.cjs', '--check').status, 1);
  node('bench/document.cjs');
  assert.ok(!fs.existsSync(stray));
});
test('a part that there is not is told with those that there are', () => {
  const ran = node('bench/run.cjs', 'speed');
  assert.equal(ran.status, 2);
  assert.match(ran.stderr, /there is no part "speed"; there are: json judge rows .*reading/);
});
test('a part that fails says why, in the results and by its status, and the rest is kept', () => {
  const ran = spawnSync('node', ['bench/run.cjs', 'metering'], { env: { ...env, BENCH_BIN: path.join(made, 'nowhere') }, encoding: 'utf8' });
  assert.equal(ran.status, 1);
  assert.match(results().parts.metering.failed, /bench_metering/);
  assert.match(fs.readFileSync(document, 'utf8'), /\*\*Not measured\*\*/);
  assert.equal(results().parts.rows.measures.length, 2);
});
test('a ratio is the median of the rounds’ own, in the direction asked for, and held to its goal', () => {
  Object.assign(process.env, env);
  const h = require(path.join(root, 'bench/harness.cjs')), told = console.log;
  console.log = () => {};
  h.begin_part();
  const slower = h.measure({ id: 'a', what: 'a', unit: 'µs', peer: 'b', ours: [2, 20, 3], theirs: [1, 10, 3], goal: { most: 2 } });
  const times = h.measure({ id: 'a', what: 'a', unit: 'µs', peer: 'b', ours: [2, 20, 3], theirs: [1, 10, 3], per: 'theirs/ours', goal: { least: 0.51 } });
  const alone = h.measure({ id: 'a', what: 'a', unit: 'ms', ours: [5, 4, 6], goal: { below: 5 } });
  console.log = told;
  assert.deepEqual([slower.ratio.median, slower.reached], [2, true]);
  assert.deepEqual([times.ratio.median, times.reached], [0.5, false]);
  assert.deepEqual([alone.ours.median, alone.reached], [5, false]);
});
test('goals are told as reached, or by how much they are missed; of a family the worst', () => {
  const doc = require(path.join(root, 'bench/document.cjs')), part = measures => ({ measures, curves: [], skipped: [], commands: [] });
  const of = (id, median, goal, reached) => ({ id, what: id, unit: 'ms', ours: { median, q1: median, q3: median, rounds: 1 }, goal, reached });
  const rows = doc.goal_rows({ parts: { all: part([of('submit.p99', 9, { most: 6 }, false), of('rows.1000', 1, { below: 5 }, true), of('growth.judge.a', 0.7, { most: 1 }, true), of('growth.judge.b', 1.2, { most: 1 }, false), of('growth.time.c', 2000, { below: 1000 }, false)]) } });
  const told = text => { const row = rows.find(one => one.text.includes(text)); return [row.measured, row.state]; };
  assert.deepEqual(told('p99'), ['9 ms', 'missed by 50 %']);
  assert.deepEqual(told('under 5 ms'), ['1 ms', 'reached']);
  assert.deepEqual(told('n log n'), ['1.2 ms, the worst of 2: growth.judge.b', 'missed by 20 %']);
  assert.deepEqual(told('Fastify'), ['not measured', '–']);
});
test('every goal is of a measure that some part makes, and every part has its chapter', () => {
  const doc = require(path.join(root, 'bench/document.cjs')), folder = path.join(root, 'bench/parts'), files = fs.readdirSync(folder).map(name => path.join(folder, name));
  const source = files.map(file => fs.readFileSync(file, 'utf8')).join('\n'), parts = files.flatMap(file => Object.keys(require(file).parts));
  assert.deepEqual([...parts].sort(), Object.keys(doc.chapters).sort());
  // What stands in ${} may be anything.
  const made = [...source.matchAll(/\bid: (?:name === 'ours' \? )?['`]([^'`]+)['`]/g)].map(([, id]) => new RegExp(`^${id.replace(/\$\{[^}]*\}/g, '\0').replace(/[.]/g, '\\.').replace(/\0/g, '.+')}$`));
  for (const { id } of doc.goals) assert.ok(!id || made.some(pattern => pattern.test(id)), `${id} is measured nowhere`);
});
test('a plot keeps within its frame, on axes of both kinds, and has room for every name', () => {
  const { plot } = require(path.join(root, 'bench/plot.cjs'));
  for (const log of ['', 'x', 'xy']) {
    const svg = plot({ title: 'A < B', x: 'x', y: 'y', log, lines: [1, 1.01, 1.02, 30].map((factor, i) => ({ name: `line ${i}`, points: [[1, 2 * factor], [100, 70 * factor], [10000, 1234 * factor]] })) });
    assert.ok(!/NaN|Infinity|undefined/.test(svg));
    assert.ok(svg.includes('A &lt; B'));
    for (const [, list] of svg.matchAll(/points="([^"]*)"/g)) for (const [x, y] of list.split(' ').map(point => point.split(',').map(Number))) assert.ok(x >= 72 && x <= 530 && y >= 48 && y <= 344, `${log}: ${x},${y}`);
    const names = [...svg.matchAll(/class="t\d" x="558" y="([\d.]+)"/g)].map(([, y]) => +y).sort((a, b) => a - b);
    assert.equal(names.length, 4);
    for (let i = 1; i < names.length; i++) assert.ok(names[i] - names[i - 1] >= 17.9, `${names}`);
  }
});
test('a server is made, started, asked and stopped', () => {
  const ran = node('bench/run.cjs', 'cold');
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  const [{ id, ours }] = results().parts.cold.measures;
  assert.deepEqual([id, ours.rounds], ['cold.start', 2]);
  assert.ok(ours.median > 0);
});
test('a slow disk takes its time, each time', () => {
  const timed = us => { const begun = process.hrtime.bigint(), ran = spawnSync('dd', ['if=/dev/zero', `of=${made}/synced`, 'bs=1', 'count=1', 'conv=fdatasync', 'status=none'], { env: { ...process.env, LD_PRELOAD: path.join(build, 'bench/libslow_sync.so'), SYNC_US: us }, encoding: 'utf8' }); assert.deepEqual([ran.status, ran.stderr], [0, '']); return Number(process.hrtime.bigint() - begun) / 1e6; };
  assert.ok(timed('300000') >= 300);
});
test('an open loop asks as often and as much of each kind as it is told, and sees wrong answers', () => {
  const bytes = path.join(made, 'bytes'), port = 20000 + process.pid % 10000;
  fs.writeFileSync(bytes, '{"hello":"world"}');
  const bare = spawn(path.join(build, 'bench/bench_bare'), [String(port), bytes, '1'], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.on('exit', () => bare.kill('SIGKILL'));
  spawnSync('sleep', ['1']); // until it listens
  const ran = spawnSync(path.join(build, 'bench/bench_open_loop'), [String(port), '200', '0.5', '4', bytes, 'get=3=/', 'submit=1=/'], { encoding: 'utf8' });
  bare.stdin.end();
  assert.equal(ran.status, 0, ran.stderr);
  const told = JSON.parse(ran.stdout);
  assert.deepEqual([told.count, told.answered, told.left, told.bad], [100, 100, 0, 25]); // bare says 200 where a submission should be 201
  assert.ok(told.p50 > 0 && told.p50 <= told.p90 && told.p90 <= told.p99 && told.p99 <= told.p999 && told.p999 <= told.max);
});
test('docs/performance.md is what bench/results.json gives', () => {
  const kept = spawnSync('node', ['bench/document.cjs', '--check'], { encoding: 'utf8', env: { ...process.env, BENCH_OUT: root } });
  assert.equal(kept.status, 0, kept.stderr);
});
if (!failures) console.log('ok');
process.exit(failures ? 1 : 0);
