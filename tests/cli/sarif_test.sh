#!/bin/sh
# check --format sarif has what SARIF 2.1.0 asks of a log, and points where the diagnostics for people point; --format github escapes.
. "$(dirname "$0")/lib.sh"
mkdir "$work/my forms"
form="my forms/a,b.form"
cat >"$work/$form" <<'FORM'
edition 2026
form f "F" {
  ä: text
  name: text "Größe {nmae}" requird
  name: text
  c: choice(d)
  choices d { x "100 %" }
}
FORM
cd "$work" || exit 1
formwright=$(realpath "$OLDPWD/$formwright" 2>/dev/null || realpath "$formwright")

expect 1 "as SARIF" "$formwright" check "$form" --format sarif
cp "$work/out" "$work/sarif.json"
says out '"version":"2.1.0"'
says out '"uri":"my%20forms/a%2Cb.form"'
says out '"ruleId":"E0107"'
expect 1 "as JSON" "$formwright" check "$form" --format json
cp "$work/out" "$work/plain.json"
expect 1 "--json is that" "$formwright" check "$form" --json
cmp -s "$work/out" "$work/plain.json" || fail "--json and --format json differ"
expect 1 "for GitHub" "$formwright" check "$form" --format github
says out '::error file=my forms/a%2Cb.form,line=3,col=3,endLine=3,endColumn=4,title=E0107::'
says out '%0Ahint: '
expect 2 "a format that there is not" "$formwright" check "$form" --format xml
says err "none of text, json, sarif, github"
printf 'edition 2026\nform f "F" { a: text }\n' >"$work/good.form"
expect 0 "nothing found" "$formwright" check good.form --format sarif
says out '"rules":[]'
says out '"results":[]'
expect 0 "of standard input" sh -c '"$0" check - --format sarif <good.form' "$formwright"

command -v node >/dev/null || { echo "SKIPPED: no node to look at the log with"; [ $failed = 0 ] && exit 77; exit 1; }
node - "$work/sarif.json" "$work/plain.json" <<'JS' || fail "the log is not as SARIF has it"
const fs = require('fs'), assert = require('assert');
const log = JSON.parse(fs.readFileSync(process.argv[2])), plain = JSON.parse(fs.readFileSync(process.argv[3]));
const only = (object, names) => Object.keys(object).forEach(name => assert(names.includes(name), name));
const text = message => { only(message, ['text']); assert(typeof message.text === 'string' && message.text); };
const whole = (n, least) => assert(Number.isInteger(n) && n >= least, String(n));
const place = location => {
  only(location, ['artifactLocation', 'region']);
  only(location.artifactLocation, ['uri']);
  new URL(location.artifactLocation.uri, 'file:///x/');
  const r = location.region;
  only(r, ['startLine', 'startColumn', 'endLine', 'endColumn', 'byteOffset', 'byteLength']);
  whole(r.startLine, 1); whole(r.startColumn, 1); whole(r.endLine, r.startLine); whole(r.byteOffset, 0); whole(r.byteLength, 0);
  whole(r.endColumn, r.endLine === r.startLine ? r.startColumn : 1);
};
only(log, ['$schema', 'version', 'runs']);
assert.strictEqual(log.version, '2.1.0');
assert.strictEqual(log.runs.length, 1);
const run = log.runs[0], driver = run.tool.driver;
only(run, ['tool', 'columnKind', 'results']);
only(driver, ['name', 'version', 'rules']);
assert.strictEqual(run.columnKind, 'unicodeCodePoints');
assert.strictEqual(driver.name, 'formwright');
assert.strictEqual(new Set(driver.rules.map(rule => rule.id)).size, driver.rules.length);
for (const rule of driver.rules) {
  only(rule, ['id', 'shortDescription', 'fullDescription', 'help', 'defaultConfiguration']);
  [rule.shortDescription, rule.fullDescription, rule.help].forEach(text);
  assert(rule.help.text.includes('Right:'));
  assert(['error', 'warning'].includes(rule.defaultConfiguration.level));
}
assert.strictEqual(run.results.length, plain.diagnostics.length);
run.results.forEach((result, i) => {
  const diag = plain.diagnostics[i], region = result.locations[0].physicalLocation.region;
  only(result, ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'relatedLocations']);
  assert.strictEqual(driver.rules[result.ruleIndex].id, result.ruleId);
  assert.strictEqual(result.level, diag.severity);
  assert.strictEqual(result.ruleId, diag.code);
  assert.deepStrictEqual([region.startLine, region.startColumn, region.byteOffset, region.byteLength], [diag.line, diag.column, diag.offset, diag.length]);
  text(result.message);
  result.locations.forEach(location => place(location.physicalLocation));
  assert.strictEqual(!!result.relatedLocations, !!diag.related);
  (result.relatedLocations || []).forEach(location => { text(location.message); place(location.physicalLocation); });
});
assert(run.results.length >= 3);
JS
finish
