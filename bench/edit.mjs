// What an edit costs in the browser: a thousand rows of ten fields with totals, one answer changed at a time, in Node.
//
//     build/release/formwright module bench/thousand.form > thousand.mjs; node bench/edit.mjs thousand.mjs [EDITS]
//
// Microseconds of one set() with everything that follows from it, then of a verdict, a row put in and taken out, and of reading all answers anew.
import { pathToFileURL } from 'node:url'
import { createForm } from '../web/formwright/index.js'

const [path, edits = 2000] = process.argv.slice(2)
const module = (await import(pathToFileURL(path))).default
const ROWS = 1000
const lines = Array.from({ length: ROWS }, (_, i) => ({ what: `Thing ${i}`, kind: i % 3 ? 'cheap' : 'dear', count: i % 7, price: `${i}.50`, day: '2026-01-15', gift: i % 10 === 0, ...(i % 10 ? {} : { to: 'Ada' }) }))
const form = createForm(module, { answers: { rate: '1.20', lines }, now: 0 })

function measure(name, count, act) {
  for (let i = 0; i < 200 && i < count; i++) act(i) // warm
  const times = []
  for (let i = 0; i < count; i++) {
    const start = process.hrtime.bigint()
    act(i)
    times.push(Number(process.hrtime.bigint() - start) / 1e3)
  }
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0)
  console.log(`${name.padEnd(34)} p50 ${at(0.5).padStart(7)} µs   p99 ${at(0.99).padStart(7)} µs   max ${at(1).padStart(7)} µs`)
}

measure('a price, five totals with it', Number(edits), (i) => form.set(`/lines/${(i * 37) % ROWS}/price`, `${i % 9000}.25`))
measure('a text that nothing reads', Number(edits), (i) => form.set(`/lines/${(i * 37) % ROWS}/what`, `Thing ${i}`))
measure('a condition in a row', Number(edits), (i) => form.set(`/lines/${(i * 37) % ROWS}/gift`, i % 2 === 0))
measure('the rate, which every row reads', Number(edits) / 20, (i) => form.set('/rate', `1.${10 + (i % 80)}`))
measure('a row put in and taken out', Number(edits) / 20, (i) => { form.removeRow('/lines/999'); form.insertRow('/lines', i % ROWS); form.removeRow(`/lines/${i % ROWS}`); form.insertRow('/lines') })
measure('a verdict', Number(edits) / 20, () => form.verdictText())
measure('all answers read anew', 20, () => form.setAnswers({ rate: '1.20', lines }))
