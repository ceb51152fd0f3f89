// Types of the package `formwright`. docs/module.md tells what modules and texts hold.

/** A value as JSON has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
/** What was found here, held against what the server finds. */
export interface Claim {
  hash: string
  verdict?: Json
}
export interface Answers {
  [key: string]: Json
}

/** What a module of a form exports by default: made by the compiler, for createForm() alone. */
export interface FormModule {
  readonly format: 1
  /** The form's name. */
  readonly form: string
  /** SHA-256 of the form's source, in hexadecimal digits. */
  readonly hash: string
  readonly edition: number
  readonly zone: string
  readonly languages: readonly string[]
  readonly version?: number
  readonly [more: string]: unknown
}

/** A form's words in one language: `texts/{language}.json`. */
export interface FormTexts {
  readonly format: 1
  readonly form: string
  readonly language: string
  readonly [more: string]: unknown
}

export interface FormOptions {
  answers?: Answers
  /** Without them there are no labels and messages. */
  texts?: FormTexts
  /** The moment of the judging in ms since the epoch; without it the clock's when the form is created. */
  now?: number
  /** Instead of the form's own zone. */
  zone?: string
  /** Drafts: `required` and the fewest rows are not asked. */
  lenient?: boolean
}

/** The codes of docs/language.md, section 7. */
export type ErrorCode =
  | 'type' | 'range' | 'scale' | 'format' | 'skipped' | 'repeated' | 'option' | 'duplicate' | 'too_short' | 'too_long' | 'pattern' | 'min' | 'max' | 'readonly'
  | 'too_few' | 'too_many' | 'required' | 'unknown' | 'check'

export interface VerdictError {
  /** JSON Pointer of the place in the answers. */
  pointer: string
  code: ErrorCode
  params: { [name: string]: Json }
  message: string
}

export interface Verdict {
  valid: boolean
  errors: VerdictError[]
  /** How many there are when not all are listed. */
  errors_total?: number
  /** The answers that count, in their one normal form. */
  answers: Answers
  /** Pointers of what is not relevant, the topmost only. */
  hidden: string[]
  form: { name: string; hash: string }
  evaluated: { now: string; zone: string; locale: string }
}

/** A rule overflowed, divided by zero, …: there is no verdict. */
export interface FaultedVerdict {
  fault: {
    /** 1 overflow, 2 division by zero, 3 not finite, 4 date out of range, 5 a text that is too long. */
    kind: 1 | 2 | 3 | 4 | 5
    pointer: string
  }
}

/** A place of the form as the unfolded module has it. */
export interface FormNode {
  /** 0 form, 1 page, 2 group, 3 repeat, 4 field, 5 note, 6 let, 7 section. */
  readonly kind: number
  readonly index: number
  readonly name: string
  readonly key: string
  /** 1 text, 2 boolean, 3 integer, 4 decimal, 5 money, 6 number, 7 date, 8 time, 9 datetime, 10 choice, 11 choices, 12 year_month, 13 partial_date, 14 ranking. */
  readonly type: number
  readonly scale: number
  readonly format: number
  readonly currency?: string
  readonly autocomplete?: string
  readonly parent?: FormNode
}

export interface FormOption {
  code: string
  label: string
  /** Whether it may be chosen at the moment. */
  offered: boolean
}

/** What holds for one place now. */
export interface FieldState {
  pointer: string
  node: FormNode
  relevant: boolean
  /** Never shown: the page around the form fills it in. */
  hidden: boolean
  required: boolean
  readonly: boolean
  computed: boolean
  /** What the server would store; undefined: missing. */
  value?: Json
  /** What was set. */
  answer?: Json
  /** The value of `suggest`. */
  suggestion?: Json
  lengthMin: number
  lengthMax: number
  rowsMin?: number
  rowsMax?: number
  /** Of a repeat: how many there are. */
  rows?: number
  label?: string
  hint?: string
  placeholder?: string
  options?: FormOption[]
  errors: { code: ErrorCode; message: string }[]
}

/** A place with what is inside: pages, sections and groups their items, a repeat its rows and a row its items. */
export interface FormItem extends FieldState {
  items?: FormItem[]
}

export interface Form {
  /** For what draws the form in this package; it may change with any version. */
  readonly parts: unknown
  /** The module, unfolded. */
  readonly module: { readonly nodes: readonly FormNode[]; readonly [more: string]: unknown }
  /** Sets the answer at a JSON Pointer as it would be sent; undefined or null takes it away. The pointers of what changed: '' first where that may be all; none where a field has that answer already. */
  set(pointer: string, answer: Json | undefined): string[]
  setAnswers(answers: Answers | null | undefined): string[]
  /** Without an index at the end. */
  insertRow(pointer: string, index?: number): string[]
  /** By the pointer of the row: '/members/2'. */
  removeRow(pointer: string): string[]
  /** The clock by which is judged. */
  setNow(ms: number): string[]
  get(pointer: string): FieldState | undefined
  /** The whole form as a tree. */
  items(): FormItem
  /** What would be sent. */
  answers(): Answers
  verdict(): Verdict | FaultedVerdict
  /** The bytes of the server's verdict, but for `steps` and `form.version`. */
  verdictText(): string
  /** What both sides must agree on, whatever the clock and the language; undefined: a rule faulted. */
  claimText(): string | undefined
  /** What goes along with the answers as "claim", with the whole of it or its hash alone; undefined where nothing can be hashed: that takes a page that came over TLS. */
  claim(whole?: boolean): Promise<Claim | undefined>
  /** Calls after each edit; what it returns ends that. `set`: what was set; `inserted`, `removed`: the row that came or went. */
  subscribe(listener: (event: { changed: string[]; set?: string; inserted?: string; removed?: string }) => void): () => void
}

export function createForm(module: FormModule, options?: FormOptions): Form
