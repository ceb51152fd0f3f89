// Lines over something that grows, as SVG that is read on light and dark pages alike: plot({title, x, y, log: 'xy', lines: [{name, points: [[x, y]]}]}).
'use strict';
const WIDTH = 720, HEIGHT = 400, LEFT = 72, RIGHT = 190, TOP = 48, BOTTOM = 56;
const escape = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const at = x => String(+x.toFixed(1));
const short = x => (x >= 1e6 ? `${+(x / 1e6).toPrecision(3)}M` : x >= 1e3 ? `${+(x / 1e3).toPrecision(3)}k` : String(+x.toPrecision(3)));

// Round numbers below, between and above; by decades, with steps between where there are few of them.
function log_ticks(least, most) {
  const ticks = [], decades = Math.log10(most / least), steps = decades <= 1.2 ? [1, 2, 5] : decades <= 2.5 ? [1, 3] : [1];
  for (let power = Math.floor(Math.log10(least)) - 1; power <= Math.ceil(Math.log10(most)) + 1; power++) for (const step of steps) ticks.push(step * 10 ** power);
  return around(ticks, least, most);
}
function even_ticks(most) {
  const rough = most / 5, unit = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 2.5, 5, 10].map(x => x * unit).find(x => x >= rough * 0.999), ticks = [];
  for (let i = 0; i * step < most + step; i++) ticks.push(i * step);
  return ticks;
}
const around = (ticks, least, most) => { const first = ticks.findLastIndex(tick => tick <= least * 1.0001), last = ticks.findIndex(tick => tick >= most * 0.9999); return ticks.slice(Math.max(first, 0), last + 1); };

// Values that are measured at, named as they are, unless they are many.
function axis(values, log, named) {
  const least = Math.min(...values), most = Math.max(...values), distinct = [...new Set(values)].sort((a, b) => a - b);
  let ticks = log ? log_ticks(least, most) : even_ticks(most), low = ticks[0], high = ticks.at(-1);
  if (named && distinct.length <= 9) { ticks = distinct; low = log ? least : 0; high = most; }
  if (high === low) high = low * 10;
  return { ticks, place: log ? value => Math.log(value / low) / Math.log(high / low) : value => (value - low) / (high - low) };
}

const MARKS = [(x, y) => `<circle cx="${at(x)}" cy="${at(y)}" r="4"/>`, (x, y) => `<rect x="${at(x - 3.5)}" y="${at(y - 3.5)}" width="7" height="7"/>`, (x, y) => `<path d="M${at(x)} ${at(y - 5)}l4.5 8h-9z"/>`, (x, y) => `<path d="M${at(x)} ${at(y - 5)}l5 5-5 5-5-5z"/>`];
// One after the other down the right side, none over another.
function spread(labels) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + 18);
  const over = labels.length ? labels.at(-1).y - (HEIGHT - BOTTOM) : 0;
  if (over > 0) for (let i = labels.length - 1, below = HEIGHT - BOTTOM; i >= 0; i--, below -= 18) labels[i].y = Math.min(labels[i].y, below);
  return labels;
}

function plot({ title, x, y, log = '', lines }) {
  const points = lines.flatMap(line => line.points), across = axis(points.map(p => p[0]), log.includes('x'), true), up = axis(points.map(p => p[1]), log.includes('y'), false);
  const px = value => LEFT + across.place(value) * (WIDTH - LEFT - RIGHT), py = value => HEIGHT - BOTTOM - up.place(value) * (HEIGHT - TOP - BOTTOM), out = [];
  out.push(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escape(title)}">`);
  out.push(`<style>
text { font: 13px system-ui, "DejaVu Sans", sans-serif; fill: #24292f } .title { font-size: 15px; font-weight: 600 } .quiet { fill: #57606a }
.page { fill: #fff } .grid { stroke: #d0d7de; stroke-width: 1 } .frame { stroke: #8c959f; stroke-width: 1 } polyline { fill: none; stroke-width: 2.5; stroke-linejoin: round }
.c0 { stroke: #0550ae } .m0, .t0 { fill: #0550ae } .c1 { stroke: #bc4c00 } .m1, .t1 { fill: #bc4c00 } .c2 { stroke: #1a7f37 } .m2, .t2 { fill: #1a7f37 } .c3 { stroke: #8250df } .m3, .t3 { fill: #8250df }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .quiet { fill: #9ea7b3 } .page { fill: #0d1117 } .grid { stroke: #30363d } .frame { stroke: #6e7681 }
.c0 { stroke: #79c0ff } .m0, .t0 { fill: #79c0ff } .c1 { stroke: #ffa657 } .m1, .t1 { fill: #ffa657 } .c2 { stroke: #7ee787 } .m2, .t2 { fill: #7ee787 } .c3 { stroke: #d2a8ff } .m3, .t3 { fill: #d2a8ff } }
</style>`);
  out.push(`<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>`, `<text class="title" x="${LEFT}" y="24">${escape(title)}</text>`);
  for (const tick of up.ticks) out.push(`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(py(tick))}" y2="${at(py(tick))}"/>`, `<text class="quiet" x="${LEFT - 8}" y="${at(py(tick) + 4)}" text-anchor="end">${short(tick)}</text>`);
  let last = -Infinity;
  for (const tick of across.ticks) {
    out.push(`<line class="frame" x1="${at(px(tick))}" x2="${at(px(tick))}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM + 5}"/>`);
    if (px(tick) - last < 34) continue; // names would touch
    last = px(tick);
    out.push(`<text class="quiet" x="${at(px(tick))}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${short(tick)}</text>`);
  }
  out.push(`<line class="frame" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}"/>`);
  out.push(`<text class="quiet" x="${at((LEFT + WIDTH - RIGHT) / 2)}" y="${HEIGHT - 12}" text-anchor="middle">${escape(x)}</text>`, `<text class="quiet" x="${LEFT}" y="${TOP - 6}">${escape(y)}</text>`);
  lines.forEach((line, i) => {
    const places = line.points.map(([a, b]) => [px(a), py(b)]);
    out.push(`<polyline class="c${i}" points="${places.map(([a, b]) => `${at(a)},${at(b)}`).join(' ')}"/>`, `<g class="m${i}">${places.map(([a, b]) => MARKS[i % MARKS.length](a, b)).join('')}</g>`);
  });
  const labels = lines.map((line, i) => ({ i, name: line.name, value: line.points.at(-1)[1], x: px(line.points.at(-1)[0]), y: py(line.points.at(-1)[1]) + 4 }));
  for (const { i, name, y } of spread(labels)) out.push(`<g class="m${i}">${MARKS[i % MARKS.length](WIDTH - RIGHT + 18, y - 4)}</g>`, `<text class="t${i}" x="${WIDTH - RIGHT + 28}" y="${at(y)}">${escape(cut(name))}</text>`);
  out.push('</svg>');
  return out.join('\n') + '\n';
}
const cut = name => (name.length > 24 ? name.slice(0, 23) + '…' : name);
module.exports = { plot };
