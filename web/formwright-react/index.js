/* Hooks: a form of createForm() as React sees it. A component is rendered again only when what it looks at has changed.
 *
 *     const form = createForm(module, { texts })                         once, outside of components
 *     const { items, verdict } = useForm(form)                           the tree to be drawn
 *     const name = useField(form, '/name')                               name.label, name.value, name.errors, name.set('Ada') */
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'

/* One for each form: what it was when it was last looked at. */
const views = new WeakMap()

function newView(form) {
  const listeners = new Set(), view = { count: 0, tree: undefined }
  let stop
  const heard = () => {
    view.count++
    view.tree = undefined
    listeners.forEach((listener) => listener())
  }
  view.subscribe = (listener) => {
    stop ??= form.subscribe(heard)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size) return
      stop()
      stop = undefined
    }
  }
  /* What was changed while nobody listened is seen, too. */
  view.look = () => {
    if (!view.tree || !stop) view.tree = newTree(form, view)
    return view.tree
  }
  return view
}

function newTree(form, view) {
  const tree = { items: form.items(), places: new Map() }, add = (item) => {
    if (!tree.places.has(item.pointer) || item.node.kind === 4) tree.places.set(item.pointer, item)
    item.items?.forEach(add)
  }
  add(tree.items)
  const text = JSON.stringify(form.answers()), before = view.last
  if (before && before.text === text && sameState(before.tree.items, tree.items)) return before.tree
  view.last = { text, tree }
  return tree
}

/* Nodes stand in circles and never change. */
const plain = (key, value) => (key === 'node' ? value.index : value)
const sameState = (a, b) => a === b || JSON.stringify(a, plain) === JSON.stringify(b, plain)

function viewOf(form) {
  if (!views.has(form)) views.set(form, newView(form))
  return views.get(form)
}

/* The whole form: { items, answers, verdict } and what changes it. Rendered again after every change. */
export function useForm(form) {
  const view = viewOf(form), tree = useSyncExternalStore(view.subscribe, view.look, view.look)
  return useMemo(() => ({
    form, items: tree.items, set: form.set, insertRow: form.insertRow, removeRow: form.removeRow,
    get answers() {
      return form.answers()
    },
    get verdict() {
      return form.verdict()
    },
  }), [form, tree])
}

/* One place: its state as of form.get(), and set(). Undefined: there is no such place. Rendered again when something of it changes. */
export function useField(form, pointer) {
  const view = viewOf(form), last = useRef(undefined)
  const look = useCallback(() => {
    const item = view.look().places.get(pointer)
    const { items, ...state } = item ?? {}
    if (!last.current || !sameState(last.current, state)) last.current = state
    return last.current
  }, [view, pointer])
  const state = useSyncExternalStore(view.subscribe, look, look), set = useCallback((value) => form.set(pointer, value), [form, pointer])
  return useMemo(() => (state.node ? { ...state, set } : undefined), [state, set])
}
