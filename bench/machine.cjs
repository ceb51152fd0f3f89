// The machine and the versions of everything that was measured, for the results.
'use strict';
const fs = require('fs'), os = require('os'), path = require('path'), { spawnSync } = require('child_process');
const h = require('./harness.cjs');

const said = (file, args, pattern) => { const done = spawnSync(file, args, { encoding: 'utf8' }); return (pattern.exec(`${done.stdout || ''}${done.stderr || ''}`) || [])[1]; };
const debian = name => said('dpkg-query', ['-W', '-f=${Version}', name], /^(\S+)/) || undefined;
function npm(name) {
  const file = path.join(h.modules, name, 'package.json');
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).version : undefined;
}
function versions() {
  const all = { Formwright: said(h.formwright, ['--version'], /(\d+\.\d+[\w.-]*)/), SQLite: said('sqlite3', ['-version'], /^(\S+)/), libmicrohttpd: debian('libmicrohttpd12'), Lua: debian('liblua5.4-0'), simdjson: debian('libsimdjson-dev'), jansson: debian('libjansson4'),
    nginx: said(h.nginx_program, ['-v'], /nginx\/(\S+)/), wrk: said('wrk', ['-v'], /wrk \S*?(\d+\.\d+\.\d+)/), Node: process.version.slice(1), gcc: said('cc', ['-dumpfullversion'], /^(\S+)/) };
  for (const name of ['ajv', 'survey-core', '@formio/core', 'fastify', 'better-sqlite3']) all[name] = npm(name);
  return Object.fromEntries(Object.entries(all).filter(([, version]) => version));
}
const system = () => (/^PRETTY_NAME="(.*)"/m.exec(fs.readFileSync('/etc/os-release', 'utf8')) || [])[1];

module.exports = { describe: () => ({ processor: os.cpus()[0].model, cores: os.cpus().length, memory_gib: Math.round(os.totalmem() / 2 ** 30), system: system(), kernel: os.release(), load: os.loadavg().map(x => +x.toFixed(1)), versions: versions() }) };
