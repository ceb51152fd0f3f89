// What the tests have run, and which failures none of them has met. `./dev coverage` makes what it reads.
//
//     node tools/coverage.mjs EXPORT.json ROOT LIST MODULE…      EXPORT.json: llvm-cov export; LIST: tests/coverage.list
//
// Tells the lines run, of each file of the modules, and fails when one of them is below 90 %, or when an error return of theirs is neither taken
// nor listed. An error return is
//   1. each place that names a status other than ST_OK, and each return and goto: it must have been come by at least once;
//   2. each condition that is a status alone ("st", "!st", "write->status"): it must have been true and false.
// Places are looked for in the text without comments; how often one was come by is that of the smallest region of code around it, so the second half of
// `if (st) return st;` has a count of its own. LIST has a line for each that no test can take: FILE FUNCTION<tab>a text of that line<tab>why.
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'

const LINES_LEAST = 90
const [exported, root, list, ...modules] = process.argv.slice(2)

// Comments and what stands in quotes become blanks, so that places stay where they are.
function bare(text) {
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|^[ \t]*#(?:\\\n|[^\n])*/gm, found => found.replace(/[^\n]/g, ' '))
}

const before = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1])

// How often the code at a place was come by; undefined: it is not code of this build.
function countAt(segments, place) {
  let low = 0, high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (before(segments[middle], place)) low = middle + 1
    else high = middle
  }
  const segment = segments[low - 1]
  return segment && segment[3] ? segment[2] : undefined
}

// As llvm-cov counts lines; but a gap between two statements, which is what is left behind an assert, says nothing of the line where it ends.
function* linesOf(segments) {
  const last = segments.length ? segments[segments.length - 1][0] : 0
  let next = 0, wrapped
  for (let line = 1; line <= last; line++) {
    const here = []
    while (next < segments.length && segments[next][0] === line) here.push(segments[next++])
    const starts = here.filter(([, , , counted, entry, gap]) => counted && entry && !gap)
    if (starts.length || (wrapped && wrapped[3])) {
      const counts = starts.map(segment => segment[2])
      if (wrapped && wrapped[3] && !wrapped[5]) counts.push(wrapped[2])
      if (wrapped && wrapped[5]) counts.push(...here.filter(([, , , counted, , gap]) => counted && !gap).map(segment => segment[2]))
      if (!counts.length) counts.push(wrapped[2])
      yield [line, Math.max(...counts)]
    }
    if (here.length) wrapped = here[here.length - 1]
  }
}

function functionAt(lines, line) {
  for (let i = line - 1; i >= 0; i--) {
    const name = /^[A-Za-z_].*?\b(\w+)\(/.exec(lines[i])
    if (name) return name[1]
  }
  return '-'
}

function placeOf(starts, offset) {
  let low = 0, high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (starts[middle] <= offset) low = middle + 1
    else high = middle
  }
  return [low, offset - starts[low - 1] + 1]
}

function* notTaken(text, file) {
  const plain = bare(text), lines = plain.split('\n'), shown = text.split('\n'), starts = [0]
  for (let i = 0; i < plain.length; i++) if (plain[i] === '\n') starts.push(i + 1)
  const tell = (line, what) => ({ line, what, text: shown[line - 1].trim(), function: functionAt(lines, line) })
  const seen = new Set()
  for (const found of plain.matchAll(/\breturn\b|\bgoto\b|\bST_(?!OK\b)[A-Z_]+\b/g)) {
    if (/case\s*$/.test(plain.slice(Math.max(0, found.index - 8), found.index))) continue
    const place = placeOf(starts, found.index)
    if (countAt(file.segments, place) !== 0 || seen.has(place[0])) continue
    seen.add(place[0])
    yield tell(place[0], 'never')
  }
  for (const [line, column, lineEnd, columnEnd, whenTrue, whenFalse] of file.branches) {
    const condition = plain.slice(starts[line - 1] + column - 1, starts[lineEnd - 1] + columnEnd - 1)
    if (!/^!?\s*(?:[\w.>-]*(?:->|\.))?(?:st|status|\*?st_\w+|failure)$/.test(condition)) continue
    const failed = condition.startsWith('!') ? whenFalse : whenTrue, well = condition.startsWith('!') ? whenTrue : whenFalse
    if (failed && well) continue
    if (seen.has(line)) continue
    seen.add(line)
    yield tell(line, failed ? 'never well' : 'never failed')
  }
}

function readList() {
  return readFileSync(list, 'utf8').split('\n').filter(line => line && !line.startsWith('#')).map(line => {
    const [where, text, why] = line.split('\t')
    const [file, name] = where.split(/ +/)
    return { file, name, text, why, line, found: false }
  })
}

const percent = (part, whole) => (whole ? (100 * part / whole).toFixed(1) : '100.0').padStart(5) + ' %'
const listed = readList(), faults = []
const files = JSON.parse(readFileSync(exported, 'utf8')).data[0].files.map(file => ({ ...file, filename: relative(root, resolve(file.filename)) }))

for (const entry of listed) {
  if (!entry.text || !entry.why) faults.push(`not a line of the list: ${entry.line}`)
  else entry.lines = readFileSync(`${root}/${entry.file}`, 'utf8').split('\n')
  if (entry.lines && !entry.lines.some((line, at) => line.includes(entry.text) && functionAt(entry.lines, at + 1) === entry.name))
    faults.push(`listed, and not there any more: ${entry.line}`)
}
for (const module of modules) {
  let run = 0, all = 0, open = []
  console.log(`\n${module}/`)
  for (const file of files.filter(({ filename }) => filename.startsWith(`${module}/`) && filename.endsWith('.c'))) {
    const text = readFileSync(`${root}/${file.filename}`, 'utf8'), unrun = []
    let runHere = 0, allHere = 0
    for (const [line, count] of linesOf(file.segments)) {
      allHere++
      if (count) runHere++
      else unrun.push(line)
    }
    run += runHere
    all += allHere
    console.log(`  ${percent(runHere, allHere)}  ${file.filename.padEnd(28)} ${unrun.length ? 'not run: ' + unrun.join(' ') : ''}`)
    for (const one of notTaken(text, file)) {
      const entry = listed.find(({ file: name, name: within, text: part }) => name === file.filename && within === one.function && one.text.includes(part ?? '\0'))
      if (entry) entry.found = true
      else open.push(`  ${file.filename}:${one.line}: ${one.function}: ${one.what}: ${one.text}`)
    }
  }
  console.log(`  ${percent(run, all)}  of ${all} lines`)
  if (all === 0) faults.push(`${module}/: nothing of it is in the report`)
  if (100 * run < LINES_LEAST * all) faults.push(`${module}/: fewer than ${LINES_LEAST} % of lines are run`)
  if (open.length) {
    faults.push(`${module}/: ${open.length} error returns are neither taken nor listed`)
    console.log(`  error returns not taken:\n${open.join('\n')}`)
  }
}
for (const entry of listed.filter(({ found, why }) => !found && why)) console.log(`listed, and taken this time: ${entry.line}`)
console.log(`\n${listed.length} error returns are listed as those that no test can take`)
for (const fault of faults) console.error(fault)
process.exitCode = faults.length ? 1 : 0 // what was told may still be on its way through a pipe
