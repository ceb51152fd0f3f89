// Asks the engine: a form and the answers to it, how each judging ended.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/* `answers` are objects, or JSON texts. */
export function outcomesOf(program, form, answers, { now = '2026-01-31T12:00:00Z', language } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'formwright-'))
  try {
    const path = join(folder, 'oracle.form')
    writeFileSync(path, form)
    const input = answers.map((each) => `${now}\t${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('')
    const run = spawnSync(program, language ? [path, language] : [path], { input, maxBuffer: 2 ** 31 - 1, encoding: 'utf8' })
    if (run.status !== 0) throw new Error(`${program}: ${run.error ?? run.stderr}`)
    return run.stdout.split('\n').slice(0, -1)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
