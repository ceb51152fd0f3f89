// What tools/squeeze.c makes of the library means what the library means: node squeeze_test.mjs SQUEEZE OUTCOME_LINES LOCALE_LINES ROOT
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import * as library from './library.mjs'

const [, , squeeze, outcomes, locales, root] = process.argv
const folder = mkdtempSync(join(tmpdir(), 'formwright-'))
after(() => rmSync(folder, { recursive: true }))
const lists = readFileSync(join(root, 'web/CMakeLists.txt'), 'utf8')
const filesOf = (...names) => [...new Set(names.flatMap((name) => new RegExp(`^set\\(${name} (.*)\\)$`, 'm').exec(lists)[1].split(' ')))].map((name) => join(root, 'web/formwright', name + '.js'))
const files = filesOf('WEB_LIBRARY'), all = [...filesOf('WEB_LIBRARY', 'WEB_MOMENTS', 'WEB_HELPERS'), join(root, 'web/formwright/rules.js')]
const LIBRARY_BYTES_MAX = 6 * 1024

function squeezed(names, paths) {
  const done = spawnSync(squeeze, [names, '--', ...paths], { encoding: 'utf8' })
  return done.status === 0 ? done.stdout : `refused: ${done.stderr}`
}
function squeezedText(text, names = 'f') {
  writeFileSync(join(folder, 'one.js'), text)
  return squeezed(names, [join(folder, 'one.js')])
}

test('the squeezed library passes the tests of the library', () => {
  cpSync(new URL('.', import.meta.url), join(folder, 'web'), { recursive: true })
  symlinkSync(join(root, 'tests/vectors'), join(folder, 'vectors'))
  /* All that the files export is there for those that ask for it, as needs.js would give it. */
  writeFileSync(join(folder, 'web/library.mjs'), squeezed([...Object.keys(library), 'provide'].join(), all.sort((a, b) => a.endsWith('rules.js') - b.endsWith('rules.js'))) + `provide({ ${Object.keys(library)} })\n`)
  for (const [name, ...args] of [['vectors'], ['answers', outcomes], ['locale', locales, join(root, 'base/locale.def')]]) {
    const done = spawnSync(process.execPath, [join(folder, `web/${name}_test.mjs`), ...args], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stdout)
  }
})

test('the library that every form needs weighs at most 6 KB as it is served', () => {
  const { length } = brotliCompressSync(squeezed('readAnswer,messageOf', files))
  console.log(`${length} bytes`)
  assert.ok(length <= LIBRARY_BYTES_MAX, `${length} bytes`)
})

test('what another file has is imported from it, but for numbers, which are written where they are meant', () => {
  writeFileSync(join(folder, 'there.js'), "import { c } from './one.js'\nexport const ONE = 1, TWO = 2\nexport const LIST = [ONE]\nexport const name = () => LIST\n")
  writeFileSync(join(folder, 'one.js'), "import { LIST, name, TWO } from './there.js'\nexport const f = (x) => [...LIST, name(x), TWO]\n")
  const done = spawnSync(squeeze, ['f', '--', join(folder, 'one.js'), '--', './first.js', join(folder, 'there.js')], { encoding: 'utf8' })
  assert.equal(done.stdout, 'import{LIST,name}from"./first.js"\nconst f=e=>[...LIST,name(e),2]\nexport{f}\n')
})

test('what only our own files share has a short name there, by its turn', () => {
  writeFileSync(join(folder, 'there.js'), "export const longName = (length) => length + 1\nexport const other = { longName }\nexport const seen = () => longName(other.length)\n")
  writeFileSync(join(folder, 'one.js'), "import { other, seen } from './there.js'\nexport const f = () => seen(other.seen)\n")
  assert.equal(squeezed('seen+longName,other', [join(folder, 'there.js')]), 'const $e=e=>e+1\nconst $t={longName:$e}\nconst seen=()=>$e($t.length)\nexport{seen,$e,$t}\n')
  const done = spawnSync(squeeze, ['f', '--', join(folder, 'one.js'), '--', './first.js+longName,other', join(folder, 'there.js')], { encoding: 'utf8' })
  assert.equal(done.stdout, 'import{seen,$t}from"./first.js"\nconst f=()=>seen($t.seen)\nexport{f}\n')
  assert.match(squeezed('seen+nowhere', [join(folder, 'there.js')]), /refused: squeeze: there is nothing to be shared/)
})

test('names of members stay, those of variables are shortened', () => {
  const text = squeezedText('export const f = ({ value, code = 2 }, list) => {\n  const { other: inner, ...rest } = value\n  return { code, inner, list: list.length, rest, value() { return inner } }\n}\n')
  assert.equal(text, 'const f=({value:e,code:t=2},n)=>{const{other:s,...i}=e\nreturn{code:t,inner:s,list:n.length,rest:i,value(){return s}}}\nexport{f}\n')
})

test('comments go, but not what looks like one in a text, a template or a regular expression', () => {
  const text = squeezedText('/* a */\nconst f = (x) => `//${x /* b */ + `/*${{ x }.x}*/`}` + "/*" + /[/*]\\/\\*/.test(x) // c\n')
  assert.equal(text, 'const f=e=>`//${e+`/*${{x:e}.x}*/`}`+"/*"+/[/*]\\/\\*/.test(e)\nexport{f}\n')
})

test('the ends of lines stay where statements end', () => {
  const text = squeezedText('let count = 0\nfunction f(x) {\n  count++\n  x = [\n    1,\n  ]\n    .map((y) => -y)\n  if (x) return\n  ;[count] = x\n  return x - -count\n}\n')
  assert.equal(text, 'let ee=0\nfunction f(e){ee++\ne=[1,].map(t=>-t)\nif(e)return;[ee]=e\nreturn e- -ee}\nexport{f}\n')
})

test('members of classes keep their names', () => {
  const text = squeezedText('class Box {\n  static #count = 0\n  width = start()\n  constructor(width) {\n    this.width = width\n  }\n  get area() {\n    return this.width\n  }\n}\nconst start = () => 1\nexport const f = () => new Box(start())\n')
  assert.match(text, /^class \w+\{static#count=0\nwidth=(\w+)\(\)\nconstructor\(e\)\{this\.width=e\}\nget area\(\)\{return this\.width\}\}\nconst \1=/)
})

test('constants that are numbers become what they are, but in functions', () => {
  const text = squeezedText('const ONE = 1, TWO = 0x2\nconst LIST = [ONE]\nexport function f(x) {\n  const three = 3\n  return -TWO + (x ? ONE : three) + LIST.ONE\n}\n')
  assert.equal(text, 'const ee=[1]\nfunction f(e){const t=3\nreturn-0x2+(e?1:t)+ee.ONE}\nexport{f}\n')
})

test('what it cannot read is refused', () => {
  assert.match(squeezedText('const f = "a\n'), /refused: squeeze: no end/)
  assert.match(squeezedText('const f = (1\n'), /refused: squeeze: a bracket is not closed/)
  assert.match(squeezedText('/* a'), /refused: squeeze: a comment has no end/)
  assert.match(squeezedText('const { f } = 1\n'), /refused: squeeze: a pattern declares/)
  assert.match(squeezedText('const one = 1\nfunction one() {}\n'), /refused: squeeze: a name of the whole is declared twice/)
  assert.match(squeezedText('const document = 1\n'), /refused: squeeze: a name of the browser/)
})
