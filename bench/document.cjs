// docs/performance.md and its pictures, and the objectives of docs/operations.md, from bench/results.json and bench/runs.json (what the long tests said).
//
//     node bench/document.cjs            writes them
//     node bench/document.cjs --check    says what is not what the results give, and fails
'use strict';
const fs = require('fs'), path = require('path');
const { plot } = require('./plot.cjs'), goals = require('./goals.cjs'), objectives = require('./objectives.cjs');
const root = path.join(__dirname, '..');

// Every part, in the order in which it is told; what it is, and what its ratios mean.
const chapters = {
  json: ['JSON', 'One pass over the text of a submission of 2.5 KB. Ours ends in typed slots, with types, ranges, lengths, patterns and options checked, duplicate names refused and decimals exact; simdjson reads every value on demand and checks nothing of it; jansson makes a tree. A ratio to simdjson of 1 would mean that knowing the form costs nothing.'],
  judge: ['Judging and compiling', 'One submission of the benchmark form: sixty fields, two levels of conditions, a repeat of four rows with computed ages, totals, eight checks across fields. From JSON text to a verdict. The C is written by hand for this form alone and is what could be reached at best; ajv comes with hand-written JavaScript for what JSON Schema does not say; survey-core reuses its model.'],
  rows: ['Rows', 'The form of `bench/rows.form`: ten fields a row, five rules a row, totals over all. Peers are asked as long as one call takes seconds, not minutes.'],
  sandbox: ['Sandboxes', 'A closed Lua world with one form’s rules loaded from their text, beside a `vm` context of Node’s with the peer’s rules from a script that is compiled already.'],
  metering: ['Metering', 'The shipped path against the same rules with their charges taken out, on Lua’s plain allocator, without a watchdog. 1.00 would mean that metering costs nothing.'],
  rates: ['Lookups', 'A form that looks into a table of 100,000 rows, against the same form without.'],
  overshoot: ['Runaway rules', 'Raw Lua that loops without charging, which no compiled form does, is ended by the watchdog.'],
  growth: ['Growth with a form’s size', 'Instructions counted by callgrind for forms of two sizes. n log n allows as much as 1; linear is about 0.75.'],
  cold: ['From nothing', 'A process started and its first answer read.'],
  get: ['Definitions over HTTP', 'The ready-made bytes of a form’s definition. libmicrohttpd bare answers every request with the same bytes without looking at it: what is missing to 1 is what routing, checking and counting a request cost. nginx sends a file.'],
  evaluate: ['Evaluate over HTTP', 'A verdict on a posted submission, nothing stored.'],
  submit: ['Durable submissions over HTTP', 'Each answered after it is on disk: WAL with `synchronous=FULL`, on both sides. Fastify as usually written commits each submission by itself; with batching, all that came meanwhile go into one transaction. The C program puts the same rows, in batches of 64, into the same tables, and does nothing else: no HTTP, no judging, no hashes.'],
  mixed: ['Mixed load', 'Ninety-five definitions for five durable submissions.'],
  open: ['Open loop', 'Requests are due at a rate that does not wait for answers, and latencies count from the moment when each was due, so a server that stalls is charged for everybody who would have come meanwhile. 256 connections.'],
  idle: ['Idle connections', 'Resident memory that grew with connections that asked once and stay. What the kernel holds for a socket is not in it.'],
  cores: ['A core more', 'Two event threads on both cores, shared with wrk, against one on one core with wrk on the other.'],
  tenants: ['Tenants', 'Each with a 60-field form of its own, asked in turn, in no order that a cache would like. Submissions to other tenants are to other files: no two share a sync. More of them than fit into the caches (`cache.bytes_max`, 16 MiB of worlds a thread) are loaded anew each time they come round: that is a step, not a growth. First judgings and memory: in one process, without HTTP.'],
  forms: ['Forms of one tenant', 'Asked in turn; a thousand of sixty fields are more than the caches hold.'],
  stored: ['Stored submissions', 'The same load on files that hold ever more.'],
  slow: ['A slow disk', 'A library put before the program makes each fdatasync take a millisecond at least.'],
  neighbour: ['A loud neighbour', 'Others read, evaluate and submit at a steady rate, open loop.'],
  volume: ['Lists, exports, statistics, backups', 'The engine with the JSON that an answer would be, without HTTP, against the plain query on the same file with every column read; processor time of one thread.'],
  answers: ['Found by answers, and as a table', 'Processor time of all threads.'],
  reading: ['Reading beside submitting', 'p99 against the same load by itself.'],
};
const order = names => [...Object.keys(chapters).filter(name => names.includes(name)), ...names.filter(name => !chapters[name]).sort()];

// ---- numbers as text
const shown = x => (x === 0 ? '0' : Math.abs(x) >= 100 ? Math.round(x).toLocaleString('en') : String(+x.toPrecision(3)));
const spread = q => (q.rounds === 1 || (q.q1 === q.median && q.q3 === q.median) ? shown(q.median) : `${shown(q.median)} <small>${shown(q.q1)}–${shown(q.q3)}</small>`);
const bound = goal => ['least', 'most', 'below'].filter(key => goal[key] !== undefined).map(key => `${{ least: '≥', most: '≤', below: '<' }[key]} ${shown(goal[key])}`).join(', ');
const value = measure => (measure.ratio || measure.ours).median;
// How much is missing, as a factor.
const missing = measure => { const { least, most, below } = measure.goal; return least !== undefined ? least / value(measure) : value(measure) / (most ?? below); };
const state = measure => (measure.reached ? 'reached' : `missed by ${shown((missing(measure) - 1) * 100)} %`);

// ---- goals
const all = results => Object.values(results.parts).flatMap(part => part.measures);
function goal_rows(results) {
  return goals.map(({ text, id, prefix }) => {
    const found = all(results).filter(measure => measure.goal && (id ? measure.id === id : prefix.test(measure.id)));
    if (!found.length) return { text, bound: '', measured: 'not measured', state: '–' };
    const worst = found.reduce((a, b) => (missing(b) > missing(a) ? b : a)), unit = worst.ratio ? '×' : worst.unit;
    const measured = `${shown(value(worst))} ${unit}${prefix ? `, the worst of ${found.length}: ${worst.what.split(':')[0]}` : ''}`;
    return { text, bound: bound(worst.goal), measured, state: state(worst), reached: worst.reached };
  });
}
// In a terminal; of parts by name only the goals that they have measured.
function goals_text(results, whole) {
  const rows = goal_rows(results).filter(row => whole || row.state !== '–'), width = Math.max(...rows.map(row => row.text.length));
  if (!rows.length) return 'No goal of bench/goals.cjs is measured by this.';
  return ['Goals', ...rows.map(row => `${row.reached ? 'ok  ' : row.state === '–' ? '–   ' : 'MISS'} ${row.text.padEnd(width)}  ${row.measured}${row.reached === false ? `, ${row.state}` : ''}`)].join('\n');
}

// ---- the document
const cell = text => String(text).replace(/\|/g, '\\|');
const table = (heads, rows) => [`| ${heads.join(' | ')} |`, `| ${heads.map((head, i) => (i === 0 ? '---' : '---:')).join(' | ')} |`, ...rows.map(row => `| ${row.map(cell).join(' | ')} |`)].join('\n');
function measures_table(measures) {
  const compared = measures.filter(measure => measure.theirs), alone = measures.filter(measure => !measure.theirs), out = [];
  const note = measure => (measure.note ? `<br><small>${measure.note}</small>` : '');
  const goal = measure => (measure.goal ? `${bound(measure.goal)}: ${state(measure)}` : '');
  if (compared.length) out.push(table(['compared', 'unit', 'ours', 'theirs', 'ratio', 'goal'], compared.map(m => [m.what + note(m), m.unit, spread(m.ours), spread(m.theirs), `**${shown(m.ratio.median)}** <small>${m.per}${m.ratio.rounds === 1 ? '' : ` ${shown(m.ratio.q1)}–${shown(m.ratio.q3)}`}</small>`, goal(m)])));
  if (alone.length) out.push(table(['measured', 'unit', 'value', 'goal'], alone.map(m => [m.what + note(m), m.unit, spread(m.ours), goal(m)])));
  return out;
}
// ---- what an operator may expect, with what was found of it
const OBJECTIVES = /(<!-- bench\/objectives\.cjs -->\n)[^]*(<!-- until here -->)/;
const found = ({ told, measure, prefix }, results) => {
  if (told) return told;
  const list = all(results).filter(one => (measure ? one.id === measure : prefix.test(one.id) && one.goal));
  if (!list.length) return 'not measured';
  const worst = list.reduce((a, b) => (value(b) > value(a) ? b : a)), ratio = worst.ratio && worst.goal;
  return ratio ? `${shown(worst.ratio.median)} times${list.length > 1 ? `, the worst of ${list.length}: ${worst.what}` : ''}` : `${shown(worst.ours.median)} ${worst.unit}`;
};
function operations(results) {
  const text = fs.readFileSync(path.join(root, 'docs/operations.md'), 'utf8');
  if (!OBJECTIVES.test(text)) throw new Error('docs/operations.md has no place for the objectives');
  const rows = objectives.map(one => [one.what, one.objective, found(one, results), one.seen]);
  return text.replace(OBJECTIVES, (_, from, to) => `${from}${table(['what', 'objective', 'measured', 'how it is seen'], rows).replace(/---:/g, '---')}\n${to}`);
}
const picture = curve => `images/performance-${curve.id}.svg`;
function chapter(name, part) {
  const [title, text] = chapters[name] || [name, ''], out = [`## ${title}`, text];
  if (part.failed) out.push(`**Not measured**: ${part.failed}`);
  out.push(...measures_table(part.measures));
  for (const curve of part.curves) out.push(`![${curve.title}](${picture(curve)})`);
  for (const { what, why } of part.skipped) out.push(`Skipped: ${what}: ${why}.`);
  out.push(`\`./dev bench ${name}\`: ${part.seconds} s, ${part.measured}${part.length === 'whole' ? '' : `, a ${part.length} run`}.`);
  if (part.commands.length) out.push(['<details><summary>Commands</summary>', '', '```', ...part.commands, '```', '', '</details>'].join('\n'));
  return out;
}
function render(results) {
  const { machine, parts } = results, versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`).join(', ');
  const minutes = Math.round(Object.values(parts).reduce((sum, part) => sum + part.seconds, 0) / 60), rows = goal_rows(results), reached = rows.filter(row => row.reached).length;
  const out = ['# Performance',
    'How fast and how large, beside what could be taken instead. All of it is measured by `./dev bench` (shorter: `./dev bench quick`; a part: by its name), and this page is made from `bench/results.json` by `node bench/document.cjs`; a test holds the two together.',
    'Ours and the peer take turns within one run, round by round in changing order, after a round that warms and is not counted. A ratio is made of each round; what is told is the median, and in small print the quartiles. Ratios are what to look at: the machine’s mood is in both of their sides. '
      + 'Over HTTP the server has one core and one event thread, and the load the other core, unless it says otherwise; closed loop is wrk with one thread; everything on the loopback address. Processor time of small work is of the thread alone (of Node: of the process).',
    table(['machine', ''], [['processor', `${machine.processor}, ${machine.cores} cores`], ['memory', `${machine.memory_gib} GiB`], ['system', `${machine.system}, Linux ${machine.kernel}`], ['load when it began', machine.load.join(', ')], ['versions', versions], ['measuring took', `${minutes} minutes`]]).replace('---:', '---'),
    ...(machine.load[0] > machine.cores ? ['**The machine was busy with other work when this was measured.** Ratios hold roughly; rates and latencies are worse than they would be on a quiet one.'] : []),
    '## Goals',
    `${reached} of ${rows.length} reached.`,
    table(['goal', 'bound', 'measured', ''], rows.map(row => [row.text, row.bound, row.measured, row.reached === false ? `**${row.state}**` : row.state])).replace(/---:/g, '---'),
    ...order(Object.keys(parts)).flatMap(name => chapter(name, parts[name]))];
  const files = { 'docs/performance.md': out.filter(Boolean).join('\n\n') + '\n', 'docs/operations.md': operations(results) };
  for (const part of Object.values(parts)) for (const curve of part.curves) files[`docs/${picture(curve)}`] = plot(curve);
  return files;
}

const pictures = to => { const folder = path.join(to, 'docs/images'); return fs.existsSync(folder) ? fs.readdirSync(folder).filter(name => /^performance-.*\.svg$/.test(name)).map(name => `docs/images/${name}`) : []; };
function write(results, to) {
  const files = render(results);
  for (const file of pictures(to)) if (!files[file]) fs.rmSync(path.join(to, file));
  for (const [file, text] of Object.entries(files)) { fs.mkdirSync(path.dirname(path.join(to, file)), { recursive: true }); fs.writeFileSync(path.join(to, file), text); }
}
function check(results, to) {
  const files = render(results), differ = Object.keys(files).filter(file => !fs.existsSync(path.join(to, file)) || fs.readFileSync(path.join(to, file), 'utf8') !== files[file]);
  return [...differ.map(file => `${file} is not what bench/results.json gives`), ...pictures(to).filter(file => !files[file]).map(file => `${file} is of no results`)];
}
module.exports = { order, write, check, render, goals_text, goal_rows, goals, chapters };

if (require.main === module) {
  const to = process.env.BENCH_OUT || root, results = JSON.parse(fs.readFileSync(path.join(to, 'bench/results.json'), 'utf8'));
  if (!process.argv.includes('--check')) write(results, to);
  else { const wrong = check(results, to); wrong.forEach(text => console.error(`${text}: node bench/document.cjs`)); process.exit(wrong.length ? 1 : 0); }
}
