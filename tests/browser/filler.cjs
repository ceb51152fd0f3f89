// Fills in the page that is shown, as somebody might who answers what is asked and mends what is complained about.
//
//   await fill(page, values)     values: from the end of a control's name to what is put in it

const usual = { email: 'ada@example.org', tel: '+44 808 157 0192', time: '09:30', 'datetime-local': '2026-03-02T09:30' }

function guess(name, type, mode, tries) {
  if (usual[type]) return usual[type]
  if (/\/day$/.test(name)) return '7'
  if (/\/month$/.test(name)) return '6'
  if (/\/year$/.test(name)) return ['1980', '2020', '2026', '2025'][tries % 4]
  if (mode === 'numeric' || mode === 'decimal') return ['2', '20', '1', '40'][tries % 4]
  if (mode === 'url') return 'https://example.org/'
  return ['Ada', '12345', '2', '1.5', 'A1', '123-45-6789', 'AB'][tries % 7]
}

async function fill(page, values = {}, tries = 0) {
  const known = name => Object.entries(values).find(([end]) => name === end || name.endsWith(`/${end}`))?.[1]
  const seen = new Set()
  for (const control of await page.$$('main input:not([type=hidden]), main select, main textarea')) {
    const [name, type, mode, tag, wrong, value, checked] = await control.evaluate(at => [at.name, at.type, at.inputMode, at.tagName,
      at.getAttribute('aria-invalid') === 'true' || at.closest('.fw-question-wrong') !== null, at.value, at.checked])
    const wanted = known(name)
    if (type === 'radio' || type === 'checkbox') {
      if (wanted !== undefined ? value === wanted : !seen.has(name) && value !== '~other~' && (!wrong || tries < 2)) await control.check()
      if (wanted === undefined || value === wanted) seen.add(name)
    } else if (tag === 'SELECT') {
      const options = await control.$$eval('option', list => list.map(at => at.value))
      const rank = Number(name.match(/\/(\d+)$/)?.[1] ?? 0)
      await control.selectOption(wanted ?? options[Math.min(1 + rank, options.length - 1)])
    } else if (wanted !== undefined) {
      await control.fill(wanted)
    } else if ((!value || wrong) && !/\/other$/.test(name)) {
      await control.fill(guess(name, type, mode, tries))
    }
  }
}

const go = async page => { await page.click('.fw-actions button.fw-button >> nth=0') }

module.exports = { fill, go }
