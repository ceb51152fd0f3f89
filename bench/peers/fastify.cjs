// The peer as a team would write it: Fastify, ajv with hand-written rules, better-sqlite3 with synchronous=FULL, one transaction a submission.
// fastify.cjs PORT PEERS_FOLDER FORM_FILE DATABASE [batch]      batch: what has come while the last transaction ran goes into one, as a careful team would
'use strict';
const fs = require('fs'), path = require('path'), crypto = require('crypto');
const [port, peers, form, database, batch] = process.argv.slice(2);
const { evaluate } = require(path.resolve(peers, 'eval_ajv.js'));
const Database = require('better-sqlite3');
const db = new Database(database);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`CREATE TABLE submission (id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, hash BLOB NOT NULL, answers TEXT NOT NULL, received_at INTEGER NOT NULL) STRICT;
  CREATE TABLE audit (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL) STRICT`);
const insert = db.prepare('INSERT INTO submission VALUES (?, ?, ?, ?, ?)');
const audit = db.prepare('INSERT INTO audit (at, who, action, object) VALUES (?, ?, ?, ?)');
const add = (id, key, hash, answers, at) => { insert.run(id, key, hash, answers, at); audit.run(at, 'public', 'submission.created', id); };
const store_one = db.transaction(add), store_all = db.transaction(rows => { for (const row of rows) add(...row.values); });
let waiting = [];
function flush() {
  const rows = waiting;
  waiting = [];
  try { store_all(rows); } catch (error) { return rows.forEach(row => row.reject(error)); }
  rows.forEach(row => row.resolve());
}
const store = batch !== 'batch' ? async (...values) => { store_one(...values); } : (...values) => new Promise((resolve, reject) => {
  if (waiting.push({ values, resolve, reject }) === 1) setImmediate(flush);
});
const bytes = fs.readFileSync(form);
const etag = '"' + crypto.createHash('sha256').update(bytes).digest('hex') + '"';
const app = require('fastify')();
app.get('/form', (request, reply) => {
  reply.header('etag', etag);
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  reply.type('application/json').send(bytes);
});
app.post('/evaluate', (request, reply) => {
  const { errors, out } = evaluate(request.body.answers);
  reply.send({ valid: errors.length === 0, errors, answers: out });
});
app.post('/submissions', async (request, reply) => {
  const key = request.headers['idempotency-key'];
  if (!key) return reply.code(400).send({ code: 'idempotency-key-missing' });
  const { errors, out } = evaluate(request.body.answers);
  if (errors.length) return reply.code(422).send({ errors });
  const answers = JSON.stringify(out), id = 'sub_' + crypto.randomUUID(), at = Date.now();
  await store(id, key, crypto.createHash('sha256').update(answers).digest(), answers, at);
  return reply.code(201).send({ id, received_at: at, answers: out });
});
app.listen({ port: +port, host: '127.0.0.1' }).then(() => console.log('ready'));
