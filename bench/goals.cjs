// What was set out to be reached, before it was measured: {text, the measure by its id, who}. The bound itself stands with the measure.
'use strict';
module.exports = [
  { text: 'judging at most 1.3 × hand-written C', id: 'judge.limit' },
  { text: 'judging at least 5 × ajv and JavaScript', id: 'judge.ajv' },
  { text: 'judging at least 2,000 × @formio/core', id: 'judge.formio' },
  { text: 'judging at least 5,000 × survey-core', id: 'judge.survey' },
  { text: '1,000 rows of ten fields judged in under 5 ms', id: 'rows.1000' },
  { text: 'GET of a definition at least 0.95 × bare libmicrohttpd', id: 'get.bare' },
  { text: 'GET of a definition at least 2.5 × Fastify', id: 'get.fastify' },
  { text: 'durable submit at least 7 × Fastify + ajv + better-sqlite3 as usually written', id: 'submit.fastify' },
  { text: 'durable submit at least 3 × the same with batching', id: 'submit.batched' },
  { text: 'durable submit at least 0.5 × a C program that only batches the same rows into SQLite', id: 'submit.rows' },
  { text: 'submit p99 at most 6 ms at 64 connections', id: 'submit.p99' },
  { text: '100 busy tenants, fdatasync slowed to 1 ms: at least 6,000 durable submissions a second', id: 'slow' },
  { text: 'at most 20 KiB per warm tenant', id: 'tenants.warm' },
  { text: 'at most 9 KiB per idle connection', id: 'idle' },
  { text: 'at most 16 MiB of WAL', id: 'submit.wal' },
  { text: 'at most 20 MB resident under load', id: 'memory.loaded' },
  { text: 'nothing grows faster than n log n', prefix: /^growth\.(?!time\.)/ },
];
