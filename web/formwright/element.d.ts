// Types of formwright/element.js: the custom element <formwright-form>.
import type { Answers, Form, FormModule, FormTexts, VerdictError } from './index.js'
import type { Outcome } from './store.js'

export type DrawnForm = Omit<Form, 'get' | 'items' | 'verdict' | 'verdictText' | 'claimText' | 'claim'>

export class FormElement extends HTMLElement {
  /** The form that is drawn, when it is there. */
  readonly form: DrawnForm | undefined
  /** The same with states, verdict and claim. */
  headless(): Promise<Form>
  /** Settles when the form is drawn. */
  readonly ready: Promise<void>
  /** Draws a form from a module and texts that are there. */
  show(module: FormModule, texts: FormTexts, options?: { version?: number; address?: string; answers?: Answers }): Promise<void>
  /** Sends what is there. */
  submit(): Promise<Outcome | { state: 'refused' }>
}
/** Under another name. */
export function defineElement(name?: string): void

declare global {
  interface HTMLElementTagNameMap {
    'formwright-form': FormElement
  }
  interface HTMLElementEventMap {
    'formwright-ready': CustomEvent<Record<string, never>>
    'formwright-change': CustomEvent<{ changed: string[] }>
    'formwright-submit': CustomEvent<{ answers: Answers }>
    'formwright-done': CustomEvent<Outcome>
    'formwright-error': CustomEvent<{ errors: Pick<VerdictError, 'pointer' | 'code' | 'message'>[]; reason?: string }>
  }
}
