// Types of the package `formwright-react`.
import type { FieldState, Form, Json, Verdict, FaultedVerdict, Answers } from 'formwright'

export interface FormView {
  form: Form
  /** The tree to be drawn, as form.items() gives it. */
  items: ReturnType<Form['items']>
  readonly answers: Answers
  readonly verdict: Verdict | FaultedVerdict
  set: Form['set']
  insertRow: Form['insertRow']
  removeRow: Form['removeRow']
}
/** The whole form. Rendered again after every change. */
export function useForm(form: Form): FormView
/** One place of the form; undefined where there is none. Rendered again when something of it changes. */
export function useField(form: Form, pointer: string): (FieldState & { set(value: Json | undefined): string[] }) | undefined
