// The form of bench/rows.form as others would have it: ten fields a row, a condition, a computed value, five rules a row, totals. Each takes the answers
// and gives the number of errors, 0 of valid ones, and the total.
'use strict';
const kinds = ['labour', 'material', 'travel'];

// JSON Schema for what stands in a field, JavaScript for the rest.
function ajv() {
  const Ajv = require('ajv').default, checker = new Ajv({ allErrors: true });
  require('ajv-formats').default(checker, { mode: 'full', formats: ['date'] });
  const check = checker.compile({ type: 'object', required: ['items'], additionalProperties: false, properties: { items: { type: 'array', maxItems: 5000, items: {
    type: 'object', additionalProperties: false, required: ['label', 'kind', 'quantity', 'price'], properties: {
      label: { type: 'string', minLength: 1, maxLength: 60 }, kind: { enum: kinds }, quantity: { type: 'integer', minimum: 0, maximum: 1000 },
      price: { type: 'string', pattern: '^[0-9]{1,5}(\\.[0-9]{1,2})?$' }, discount: { type: 'string', pattern: '^[0-9]{1,3}(\\.[0-9]{1,2})?$' },
      from: { type: 'string', format: 'date' }, until: { type: 'string', format: 'date' }, distance: { type: 'integer', minimum: 0 }, note: { type: 'string', maxLength: 200 } } } } } });
  return text => {
    const data = JSON.parse(text), errors = check(data) ? [] : [...check.errors], items = [];
    let total = 0, travelled = 0, dearest = 0, labour = 0;
    for (const [i, row] of data.items.entries()) {
      const net = (row.quantity * Math.round(row.price * 100) - Math.round((row.discount ?? 0) * 100)) / 100, made = { ...row, net };
      if (row.until < row.from) errors.push({ path: `/items/${i}/until` });
      if (net < 0) errors.push({ path: `/items/${i}/discount` });
      if (Date.parse(row.until) - Date.parse(row.from) > 366 * 864e5) errors.push({ path: `/items/${i}/until` });
      if (row.kind === 'travel') { if (row.distance === undefined) errors.push({ path: `/items/${i}/distance` }); else travelled += row.distance; } else delete made.distance;
      if (net > dearest) dearest = net;
      if (row.kind === 'labour') labour += net;
      total += net;
      items.push(made);
    }
    if (total > 5e6) errors.push({ path: '' });
    return { errors: errors.length, total, out: { items, total, travelled, dearest, labour } };
  };
}

function survey() {
  const S = require('survey-core'), number = (name, max, required = true) => ({ type: 'text', inputType: 'number', name, isRequired: required, validators: [{ type: 'numeric', minValue: 0, maxValue: max }] });
  S.settings.panel.maxPanelCount = 5000;
  S.FunctionFactory.Instance.register('daysBetween', p => (Date.parse(p[1]) - Date.parse(p[0])) / 864e5);
  const rule = expression => ({ type: 'expression', expression, text: 'wrong' });
  const form = { pages: [{ elements: [{ type: 'paneldynamic', name: 'items', maxPanelCount: 5000, templateElements: [
    { type: 'text', name: 'label', isRequired: true, maxLength: 60 }, { type: 'dropdown', name: 'kind', isRequired: true, choices: kinds },
    number('quantity', 1000), number('price', 10000), { ...number('discount', 100, false), validators: [{ type: 'numeric', minValue: 0, maxValue: 100 }, rule('{panel.net} >= 0')] },
    { type: 'text', inputType: 'date', name: 'from' },
    { type: 'text', inputType: 'date', name: 'until', validators: [rule('{panel.until} >= {panel.from}'), rule('daysBetween({panel.from}, {panel.until}) <= 366')] },
    { ...number('distance', 1e9), visibleIf: "{panel.kind} = 'travel'" }, { type: 'text', name: 'note', maxLength: 200 },
    { type: 'expression', name: 'net', expression: '{panel.quantity} * {panel.price} - iif({panel.discount} notempty, {panel.discount}, 0)' },
  ] }] }], calculatedValues: [{ name: 'total', expression: "sumInArray({items}, 'net')" }, { name: 'travelled', expression: "sumInArray({items}, 'distance')" },
    { name: 'dearest', expression: "maxInArray({items}, 'net')" }, { name: 'labour', expression: "sumInArray({items}, 'net', {kind} = 'labour')" }] };
  return text => {
    const model = new S.Model(form);
    model.data = JSON.parse(text, (name, value) => (name === 'price' || name === 'discount' ? +value : value));
    const valid = model.validate(true, false);
    return { errors: valid ? 0 : 1, total: model.getVariable('total') };
  };
}

function formio() {
  const F = require('@formio/core');
  const field = (key, type, more = {}) => ({ key, label: key, input: true, type, ...more }), number = (key, max, more) => field(key, 'number', { validate: { required: true, min: 0, max }, ...more });
  const components = [{ key: 'items', type: 'datagrid', input: true, validate: { maxLength: 5000 }, components: [
    field('label', 'textfield', { validate: { required: true, maxLength: 60 } }),
    field('kind', 'select', { validate: { required: true, onlyAvailableItems: true }, dataSrc: 'values', data: { values: kinds.map(value => ({ label: value, value })) } }),
    number('quantity', 1000), number('price', 10000),
    number('discount', 100, { validate: { min: 0, max: 100, custom: "valid = row.quantity * row.price - (row.discount || 0) >= 0 ? true : 'discount'" } }),
    field('from', 'textfield', { validate: { pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}' } }),
    field('until', 'textfield', { validate: { pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}', custom: "valid = row.until >= row.from && Date.parse(row.until) - Date.parse(row.from) <= 366 * 864e5 ? true : 'until'" } }),
    number('distance', 1e9, { customConditional: "show = row.kind === 'travel'" }), field('note', 'textfield', { validate: { maxLength: 200 } }),
    field('net', 'number', { calculateServer: true, calculateValue: 'value = row.quantity * row.price - (row.discount || 0)' }),
  ] }, field('total', 'number', { calculateServer: true, calculateValue: 'value = (data.items || []).reduce(function (s, m) { return s + (m.net || 0) }, 0)' })];
  return text => {
    const data = JSON.parse(text, (name, value) => (name === 'price' || name === 'discount' ? +value : value));
    for (const row of data.items) row.discount ??= 0; // it takes what is missing for no number
    const context = { form: { components }, components, data, submission: { data }, processors: F.ProcessTargets.submission, scope: {}, config: { server: true }, instances: {} };
    F.processSync(context);
    context.processors = F.ProcessTargets.evaluator;
    F.processSync(context);
    return { errors: (context.scope.errors || []).length, total: context.data.total };
  };
}

// About as long as `count` rows of every kind; bench/parts/micro.cjs gives ours the same.
function answers(count) {
  return JSON.stringify({ items: Array.from({ length: count }, (_, i) => ({ label: `Item ${i}`, kind: kinds[i % 3], quantity: i % 17, price: `${i % 97}.50`, from: '2026-01-01', until: '2026-03-01', note: 'as agreed',
    ...(i % 5 === 0 && { discount: '0.00' }), ...(i % 3 === 2 && { distance: i }) })) });
}
module.exports = { ajv, survey, formio, answers };
