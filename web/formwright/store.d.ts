// Types of formwright/store.js: drafts, and what is to be sent, in IndexedDB.
import type { Answers, Claim, FormModule, Json } from './index.js'

export interface Outcome {
  /** sent: stored by the server. waiting: tried again. refused: by its errors. changed: the version is no longer taken. */
  state: 'sent' | 'waiting' | 'refused' | 'changed'
  /** Of HTTP; 0: there was no answer. */
  status: number
  /** What the server said. */
  body: { [name: string]: Json }
  /** The idempotency key. */
  key: string
  form: string
}
export interface Draft {
  answers: Answers
  version?: number
  [more: string]: unknown
}
export interface Submission {
  answers: Answers
  version?: number
  meta?: { locale?: string; saved?: string; started_at?: string; invitation?: string }
  /** Of `form.claim(true)`: sent as compactClaim() makes it. */
  claim?: Claim
  key?: string
}
export interface Store {
  /** What an earlier page could not send has been tried. */
  readonly ready: Promise<unknown>
  keep(form: string, draft: Draft): Promise<unknown>
  load(form: string): Promise<Draft | undefined>
  forget(form: string): Promise<unknown>
  /** `form`: its address, https://host/v1/p/acme/contact */
  send(form: string, submission: Submission): Promise<Outcome>
  waiting(): Promise<{ key: string; form: string; since: number; tries: number; due: number }[]>
  flush(all?: boolean): Promise<unknown>
  withdraw(key: string): Promise<unknown>
  subscribe(listener: (outcome: Outcome) => void): () => void
  close(): Promise<void>
}
/** What of a claim the answers that are sent along do not say themselves. */
export function compactClaim(answers: Answers, claim: Required<Claim>): {
  hash: string
  found: { values: { [pointer: string]: Json }; errors: { pointer: string; code: string }[]; hidden: string[] }
}
export function openStore(options?: { name?: string }): Store
/** Answers carried to another version by their places. */
export function carryAnswers(before: FormModule, after: FormModule, answers: Answers): {
  answers: Answers
  /** What has no place there, or another kind of. */
  gone: { pointer: string; value: Json }[]
  /** Questions that the earlier version did not ask. */
  added: { pointer: string; node: number }[]
}
