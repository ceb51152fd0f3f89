// A JavaScript sandbox of Node's for each tenant: a context in which the peer's rules are loaded, from a script compiled once.
//     node --expose-gc context.cjs RULES        a line: microseconds of processor time for each, and bytes that each holds
'use strict';
const fs = require('fs'), vm = require('vm');
const text = fs.readFileSync(process.argv[2], 'utf8');
const script = new vm.Script(text.slice(text.indexOf('function yb'), text.indexOf('module.exports')));
const held = () => { global.gc(); const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
require('readline').createInterface({ input: process.stdin }).on('line', () => {
  const count = 50, kept = [], before = held(), start = process.cpuUsage();
  for (let i = 0; i < count; i++) { const context = vm.createContext({}); script.runInContext(context); kept.push(context); }
  const { user, system } = process.cpuUsage(start), bytes = (held() - before) / kept.length;
  console.log(JSON.stringify({ make_us: (user + system) / count, bytes }));
});
