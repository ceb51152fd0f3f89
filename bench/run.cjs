// ./dev bench [quick | NAME…]: everything measured, or some parts by name, as ratios within one run; see bench/harness.cjs. Whole runs write bench/results.json
// and docs/performance.md; quick ones, and parts by name, write beside them under build/bench/, unless --keep puts what was measured into the kept results.
'use strict';
const fs = require('fs'), path = require('path');
const args = process.argv.slice(2), keep = args.includes('--keep'), quick = args.includes('quick');
const names = args.filter(arg => arg !== '--keep' && arg !== 'quick');
if (quick) process.env.BENCH_LENGTH = 'quick';
const h = require('./harness.cjs'), document = require('./document.cjs'), machine = require('./machine.cjs');
const parts = {};
for (const file of fs.readdirSync(path.join(__dirname, 'parts')).sort()) Object.assign(parts, require(`./parts/${file}`).parts);

// What quick runs leave out unless it is named: no goal of theirs stands in bench/goals.cjs.
const long = ['overshoot', 'cores', 'forms', 'neighbour', 'volume', 'answers', 'reading'];

async function run_part(name) {
  const begun = Date.now(), part = h.begin_part();
  console.log(`\n== ${name}`);
  try { await parts[name](); } catch (error) { part.failed = error.message; console.log(`FAILED ${name}: ${error.stack}`); }
  part.seconds = Math.round((Date.now() - begun) / 1000);
  return { length: h.length, measured: new Date().toISOString().slice(0, 10), ...part };
}

(async () => {
  const unknown = names.find(name => !parts[name]);
  if (unknown) { console.error(`there is no part "${unknown}"; there are: ${document.order(Object.keys(parts)).join(' ')}`); process.exit(2); }
  const wanted = names.length ? names : document.order(Object.keys(parts)).filter(name => h.length !== 'quick' || !long.includes(name)), whole = !names.length && h.length === 'whole';
  const to = process.env.BENCH_OUT || (whole || keep ? h.root : path.join(h.root, 'build/bench'));
  const file = path.join(to, 'bench/results.json'), before = !whole && fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).parts : {};
  const results = { machine: machine.describe(), parts: before };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (const name of wanted) { // what is measured is kept, should the rest not come
    results.parts[name] = await run_part(name);
    results.parts = Object.fromEntries(document.order(Object.keys(results.parts)).map(part => [part, results.parts[part]]));
    fs.writeFileSync(file, JSON.stringify(results, null, 1) + '\n');
    document.write(results, to);
  }
  console.log(`\n${document.goals_text(results, !names.length)}\n\n${h.relative(file)}, ${h.relative(path.join(to, 'docs/performance.md'))}`);
  process.exit(wanted.some(name => results.parts[name].failed) ? 1 : 0);
})();
