// Open loop: so many requests a second whether or not answers come; a third each GET, evaluate and submit. Latencies count from the
// moment a request was due, so that waiting is not hidden.    node openloop.cjs URL RATE SECONDS BODY_FILE      prints {"p50":…,"p99":…}
'use strict';
const http = require('http'), fs = require('fs');
const [url, rate, seconds, file] = process.argv.slice(2);
const body = fs.readFileSync(file), agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const times = [], run = `${process.pid}-${Date.now()}`;
let made = 0, open = 0, bad = 0;
function ask(due) {
  const kind = made++ % 3, post = kind > 0;
  const headers = post ? { 'content-type': 'application/json', 'content-length': body.length, 'idempotency-key': `open-${run}-${made}` } : {};
  open++;
  const request = http.request(url + ['', '/evaluate', '/submissions'][kind], { method: post ? 'POST' : 'GET', agent, headers }, answer => {
    answer.resume();
    answer.on('end', () => {
      open--;
      times.push(performance.now() - due);
      if (answer.statusCode !== [200, 200, 201][kind]) bad++;
    });
  });
  request.on('error', () => { open--; bad++; });
  request.end(post ? body : undefined);
}
const begun = performance.now(), step = 1000 / +rate;
function tick() {
  const now = performance.now();
  while (begun + made * step <= now && now - begun < +seconds * 1000) ask(begun + made * step);
  if (now - begun < +seconds * 1000 || (open > 0 && now - begun < +seconds * 1000 + 5000)) return void setTimeout(tick, 1);
  times.sort((a, b) => a - b);
  const at = part => times[Math.min(times.length - 1, Math.floor(times.length * part))];
  console.log(JSON.stringify({ p50: at(0.5), p99: at(0.99), count: times.length, bad: bad + open }));
  process.exit(0);
}
tick();
