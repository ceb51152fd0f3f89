// What an operator may expect, and what was measured of it: the table "Objectives" of docs/operations.md, written by bench/document.cjs.
// {what, objective, seen (how), and either measure (an id of bench/results.json) or prefix (the worst ratio of several) or told: what a long test said}.
'use strict';
const runs = require('./runs.json');
module.exports = [
  { what: 'requests that are not answered 5xx', objective: '99.9 % in 30 days', seen: '`FormwrightErrors`, `./dev soak`', told: `${runs.soak.server_errors} of ${runs.soak.answers.toLocaleString('en')} answers in ${runs.soak.minutes} minutes of mixed load` },
  { what: 'cached definitions, p99', objective: '10 ms within the server', seen: 'the histogram, `./dev bench get`', measure: 'get.p99.of.bare' },
  { what: 'durable submissions, p99, at 64 connections', objective: '100 ms within the server', seen: 'the histogram, `./dev bench submit`', measure: 'submit.p99' },
  { what: 'the same beside a dashboard that asks for statistics and an export without end', objective: '3 times the quiet p99', seen: '`./dev bench reading`', measure: 'reading' },
  { what: 'lists, exports, statistics and backups, of 100,000 submissions and of 1,000 tenants with 100 each', objective: '3 times the plain query, or `.backup` with SQLite’s own checks', seen: '`./dev bench volume`', prefix: /^volume\./ },
  { what: 'a submission with three `indexed` fields, against none', objective: '2 times', seen: '`./dev bench answers`', measure: 'answers.submit' },
  { what: '100,000 submissions as CSV', objective: '3 times `sqlite3 -csv` of the answers as they are', seen: '`./dev bench answers`', measure: 'answers.csv' },
  { what: 'started, until the first definition is answered', objective: '1 s', seen: '`./dev bench cold`', measure: 'cold.start' },
  { what: 'acknowledged submissions that are lost by a crash', objective: 'none', seen: '`tests/faults`, the restore drill', told: `${runs.kills.lost} of ${runs.kills.acknowledged.toLocaleString('en')}, killed ${runs.kills.rounds} times under load` },
  { what: 'back after a crash', objective: '2 s', seen: 'the log’s first line after it', told: `${runs.kills.ready_ms} ms at the most, of ${runs.kills.rounds} times` },
];
