// Fields of every type, each with what its modifiers say, a node as core.js unfolds it, and random values as somebody might send them.
import * as library from './library.mjs'
import { typeOf } from './fields.mjs'

export function kindsOf(random) {
  const codes = ['red', 'green', 'odd code', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7']
  const list = { index: 0, codes, options: new Map(codes.map((code, i) => [code, i + 1])) }
  const LISTS = `choices l { ${codes.map((code) => `"${code}" "Label"`).join(' ')} }`

  const day = () => random.from(-40000, 60000)
  const dates = () => library.formatDay(day())
  const clock = () => random.one(['10:00', '02:30', '23:59:59', '24:00', '02:30:15.5', '1:00', '00:00:00.123456789', '00:00:00.1234567890', library.formatClock(random.below(864e5))])
  const offset = () => random.one(['Z', 'z', '+01:00', '-00:00', '-05:00', '+10:30', '+11:00', '+24:00', '+1:00', '', '+00:00', '-02:00'])
  const instant = () => dates() + random.one(['T', 't', 'T', ' ']) + clock() + offset()
  /* Days on which clocks change, more often than others. */
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Kolkata', 'Pacific/Apia', 'America/Sao_Paulo', 'UTC']
  const changes = ['2024-03-31', '2024-10-27', '2024-03-10', '2024-11-03', '2024-04-07', '2024-10-06', '2011-12-29', '2011-12-30', '2011-12-31', '2018-11-04', '2018-02-17', '2026-02-15', '2026-03-22', '2075-03-31', '2099-10-25', '1970-01-01', '1916-04-30', '1916-10-01']
  const wall = () =>
    random.one([...changes, dates()]) + 'T' + random.one(['00:00', '00:30', '01:30', '01:45', '02:00', '02:15', '02:30', '03:00', '23:30', '12:00:01.5', clock()]) + random.one(['', '', '', offset()]) +
    random.one(['', `[${random.one(zones)}]`, `[!${random.one(zones)}]`, '[europe/berlin]', '[Nowhere/There]', '\0', '\x0002:00', '[+01:00]', '[]', '[u-ca=x]'])
  const url = () => random.one(['http://', 'https://', 'HTTPS://', 'ftp://', '', 'http:/']) + random.one(['', 'a@', 'a:b@c@']) + random.one(['example.org', 'x', '', '.x', 'a.', '[::1]', '[1]', '[2001:db8::1', 'a b', 'ü.de', 'a]b', 'a..b']) +
    random.one(['', ':', ':80', ':65535', ':65536', ':123456', ':x', ':00080']) + random.one(['', '/', '/p?q#f', '?x', '#', '/<', '/é\u00a0', '/a@b', '\\'])
  const email = () => random.one(['a', 'a.b', 'A!#$%&\'*+/=?^_`{|}~-', '', 'a b', 'é', '.', 'a@b']) + random.one(['@', '', '@@']) +
    random.one(['x', 'example.org', '-x.de', 'x-.de', 'a..b', 'a.', '', `${'l'.repeat(63)}.de`, `${'l'.repeat(64)}.de`, 'x_y', 'a-b.c-d', '1.2'])
  const phone = () => random.one(['', '+', '++', ' +']) + random.one(['12345', '1234', '(030) 123-45', '1.2.3.4.5', '123456789012345', '1234567890123456', '12 34 5', '12a345', '-----', '']) + random.one(['', ' ', '-', '+'])
  const numeral = () => random.one(['', '', '-', '+']) + random.one([String(random.exact()), '0', '00', '1', '12', '120', '121', '-5', '0.5', '.5', '1.', '5e-1', '1E2', '1e+2', '10e-1', '9007199254740991', '9007199254740992', '90071992547409.91', '90071992547409.92', '1e308', '1e309', '0e999999999', '1e-999999999', '1e999999999', '0.000', '1.10', '1.101', '100000000000000000000000e-20', '123456789012345678901234567890e-20', '1e', '1x', '', '0x10', '\u0661'])
  const numbers = () => random.one([random.exact(), random.double(), random.from(-10, 130), random.from(-1000, 1000) / 100, 0, -0.0, 1e21, 1e-7, 0.1 + 0.2, 5e-324, 1.7976931348623157e308])
  const option = () => random.one([...codes, ' red ', 'blue', '', 'RED', { other: random.one(['x', ' y ', '', 'toolong', 'a\0', 7, null, '😀😀😀😀😀']) }, { other: 'x', more: 1 }, { more: 1, other: 'x' }, { more: 1 }, {}, null, 7, true, ['red']])
  const several = () => Array.from({ length: random.below(5) }, option)

  const fields = {
    text: ['text', () => random.text(14), 'length 2..9', { lengthMin: 2, lengthMax: 9 }],
    plain: ['text', () => random.text(6)],
    email: ['email', email],
    url: ['url', url],
    phone: ['phone', phone],
    pattern: ['text', () => random.one(['ab1', 'AB12', 'ab', '😀1', 'a-1', 'A.1', '\n1', 'é9']), 'pattern "[\\\\p{L}.\\\\-]*.[0-9]+|\\\\-x"', { pattern: library.patternOf('[\\p{L}.\\-]*.[0-9]+|\\-x') }],
    boolean: ['boolean', () => random.one([true, false, 'true', 1])],
    integer: ['integer', () => random.one([numbers, numeral])(), 'min -5 max 120', { min: -5, max: 120 }],
    wide: ['integer', numbers],
    decimal: ['decimal(2)', () => random.one([numbers, numeral])(), 'min 0', { min: 0 }],
    fine: ['decimal(9)', () => random.one([numbers, numeral])()],
    money: ['money(EUR)', () => random.one([numbers, numeral])()],
    yen: ['money(JPY)', () => random.one([numbers, numeral])()],
    number: ['number', () => random.one([numbers, numbers, numeral])(), 'min -1.5 max 1000000', { min: -1.5, max: 1e6 }],
    double: ['number', numbers],
    date: ['date', () => random.one([dates, instant])(), 'max "2024-10-04"', { max: 20000 }],
    time: ['time', clock],
    datetime: ['datetime', instant],
    zoned: ['zoned("Europe/Berlin")', wall],
    strict: ['zoned("America/New_York")', wall, 'skipped refuse repeated refuse', { wall: 5 }],
    second: ['zoned', wall, 'repeated second', { wall: 2, zone: 'Australia/Lord_Howe' }],
    month: ['year_month', () => dates().slice(0, random.one([4, 7, 7, 10])), 'min "1980-01"', { min: 19800100 }],
    partial: ['partial_date', () => random.one([dates().slice(0, random.one([4, 7, 10])), '2024-00', '2024-13', '0000', '2024-02-30', '20240101', '2024-01-'])],
    choice: ['choice(l)', option],
    open: ['choice(l)', option, 'other "Another" length ..4', { open: true, part: { lengthMin: 0, lengthMax: 4 } }],
    must: ['choice(l)', option, 'other "Another" length 1..3', { open: true, part: { lengthMin: 1, lengthMax: 3 } }],
    choices: ['choices(l)', several, 'length 2..3', { lengthMin: 2, lengthMax: 3 }],
    others: ['choices(l)', several, 'other "Others" length ..4', { open: true, part: { lengthMin: 0, lengthMax: 4 } }],
    ranking: ['ranking(l)', several, 'length ..3', { lengthMax: 3 }],
  }
  const nodes = Object.fromEntries(Object.entries(fields).map(([name, [type, , , more]]) => {
    const [, word, inner] = /^(\w+)(?:\((.*)\))?$/.exec(type)
    return [name, typeOf(word, inner, { lists: { l: list }, ...more })]
  }))
  const anything = () => random.one([null, '', '  ', 'x', 0, true, [], {}, [null], 'a\0', '\u00a0'])
  const declared = `${LISTS}\n${Object.entries(fields).map(([name, [type, , rest = '']]) => `${name}: ${type} ${rest}`).join('\n')}`
  const answers = () => Object.fromEntries(Object.entries(fields).map(([name, [, make]]) => [name, random.below(12) ? make() : anything()]))
  return { fields, nodes, declared, answers }
}
