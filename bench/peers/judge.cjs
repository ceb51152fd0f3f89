// A peer that judges: microseconds of processor time per evaluation and of making what evaluates, a line each time one is asked for (bench/turns.h).
//     judge.cjs ajv|survey|formio FOLDER_OF_PEERS ANSWERS      the benchmark form
//     judge.cjs ajv|survey|formio rows COUNT                   bench/rows.form
'use strict';
const fs = require('fs'), path = require('path');
const [name, what, which] = process.argv.slice(2);
const used = f => { const before = process.cpuUsage(); f(); const { user, system } = process.cpuUsage(before); return user + system; };

function benchmark_form() {
  const text = fs.readFileSync(which, 'utf8'), module = require(path.resolve(what, `eval_${name}.js`)), workload = path.resolve(what, '../workload');
  if (name === 'survey') return { judge: () => module.reuse(JSON.parse(text)).errors.length, make: () => module.construct() };
  const judge = () => module.evaluate(JSON.parse(text)).errors.length;
  if (name !== 'ajv') return { judge };
  const schema = JSON.parse(fs.readFileSync(path.join(workload, 'schema.json'))), Ajv = require('ajv').default;
  return { judge, make: () => { const ajv = new Ajv({ allErrors: true }); require('ajv-formats').default(ajv, { mode: 'full', formats: ['email', 'date'] }); ajv.compile(schema); } };
}
function rows() {
  const { [name]: made, answers } = require('./rows.cjs'), text = answers(+which), judge = made();
  return { judge: () => judge(text).errors };
}
const peer = what === 'rows' ? rows() : benchmark_form();
const begun = Date.now(), errors = peer.judge(), slow = Date.now() - begun > 1500; // a call of seconds is not made again and again to warm it
if (errors) throw new Error(`${name} finds ${errors} errors where there are none`);
// As many calls as take about 60 ms, found after Node has warmed to it.
const many = f => { let calls = 1; for (const end = Date.now() + (process.env.BENCH_LENGTH === 'shortest' ? 100 : 800); Date.now() < end;) f(); for (const start = Date.now(); Date.now() - start < 60; calls++) f(); return calls; };
let judgings, makings;
require('readline').createInterface({ input: process.stdin }).on('line', () => {
  judgings ||= slow ? 1 : many(peer.judge);
  if (peer.make) makings ||= many(peer.make);
  const told = { judge: used(() => { for (let i = 0; i < judgings; i++) peer.judge(); }) / judgings };
  if (peer.make) told.make = used(() => { for (let i = 0; i < makings; i++) peer.make(); }) / makings;
  console.log(JSON.stringify(told));
});
