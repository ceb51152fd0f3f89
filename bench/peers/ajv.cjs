// JSON.parse + ajv + hand-written rules on one submission: prints microseconds of CPU per evaluation, one number a round, as they are asked for.
'use strict';
const fs = require('fs'), path = require('path');
const [peers, answers] = process.argv.slice(2);
const { evaluate } = require(path.resolve(peers, 'eval_ajv.js'));
const text = fs.readFileSync(answers, 'utf8');
const round = calls => {
  const start = process.cpuUsage();
  for (let i = 0; i < calls; i++) evaluate(JSON.parse(text));
  const used = process.cpuUsage(start);
  return (used.user + used.system) / calls;
};
round(20000); // warm
require('readline').createInterface({ input: process.stdin }).on('line', () => console.log(round(4000).toFixed(3)));
