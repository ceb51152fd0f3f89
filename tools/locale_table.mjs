// Prints base/locale.def from the facts of CLDR that node's ICU carries.
//
//     node tools/locale_table.mjs > base/locale.def
//
// The table is part of an edition of the language: run this for a new edition only, never to "update" the table of one that is released. What Intl
// does not tell (yes, no, the comma of a plain list) stands here.
import { readFileSync } from "node:fs";

const TAGS = ("en en-AU en-CA en-GB en-IE en-IN en-NZ en-ZA ar ar-EG bg bn cs cy da de de-AT de-CH el es es-419 es-MX es-US et fa fi fr fr-CA fr-CH ga " +
  "he hi hr hu id is it ja ko lt lv ms nb nl nn pl pt pt-PT ro ru sk sl sv sw tr uk ur vi zh zh-Hant").split(" ");

const YES_NO = {
  en: "yes|no", ar: "نعم|لا", bg: "да|не", bn: "হ্যাঁ|না", cs: "ano|ne", cy: "ie|na", da: "ja|nej", de: "ja|nein", el: "ναι|όχι", es: "sí|no", et: "jah|ei",
  fa: "بله|خیر", fi: "kyllä|ei", fr: "oui|non", ga: "tá|níl", he: "כן|לא", hi: "हाँ|नहीं", hr: "da|ne", hu: "igen|nem", id: "ya|tidak", is: "já|nei",
  it: "sì|no", ja: "はい|いいえ", ko: "예|아니요", lt: "taip|ne", lv: "jā|nē", ms: "ya|tidak", nb: "ja|nei", nl: "ja|nee", nn: "ja|nei", pl: "tak|nie",
  pt: "sim|não", ro: "da|nu", ru: "да|нет", sk: "áno|nie", sl: "da|ne", sv: "ja|nej", sw: "ndiyo|hapana", tr: "evet|hayır", uk: "так|ні", ur: "ہاں|نہیں",
  vi: "có|không", zh: "是|否",
};
const COMMA = { ar: "، ", fa: "، ", ur: "، ", ja: "、", zh: "、" };

const currencies = [...readFileSync(new URL("../dsl/currency.def", import.meta.url), "utf8").matchAll(/^CURRENCY\((\w+)/gm)].map((m) => m[1]);

const escape = (text) => text.replace(/[\\"]/g, "\\$&");
const escaped = (literal) => literal.replaceAll("%", "%%");

function latin(text, zero) {
  return [...text].map((c) => (c.codePointAt(0) >= zero && c.codePointAt(0) <= zero + 9 ? String(c.codePointAt(0) - zero) : c)).join("");
}

function facts(tag) {
  const at = (style, value = 0) => new Intl.NumberFormat(tag, style).formatToParts(value);
  const part = (parts, type) => parts.find((p) => p.type === type)?.value ?? "";
  const zero = at({}, 0)[0].value.codePointAt(0);
  const f = { tag };
  if (zero !== 48) f.zero = String.fromCodePoint(zero);
  const large = at({ minimumFractionDigits: 1 }, -12345678.5);
  f.mark = part(large, "decimal");
  f.group = part(large, "group");
  f.minus = large.slice(0, large.findIndex((p) => p.type === "integer")).map((p) => p.value).join("");
  f.least = part(at({}, 1234), "group") ? 1 : 2;
  f.second = latin(large.filter((p) => p.type === "integer")[1].value, zero).length;

  const number = (p) => ["integer", "group", "decimal", "fraction"].includes(p.type);
  const pattern = (parts, sign) => {
    let text = "";
    for (const p of parts) {
      if (number(p)) text += text.endsWith("#") ? "" : "#";
      else if (p.type === sign && sign === "currency") text += "¤";
      else text += p.value;
    }
    return text;
  };
  f.percent = pattern(at({ style: "percent" }, 0.12), "percentSign");
  f.percent_minus = pattern(at({ style: "percent" }, -0.12), "percentSign");
  const pounds = { style: "currency", currency: "GBP", currencyDisplay: "narrowSymbol" };
  f.money = pattern(at(pounds, 12.5), "currency");
  f.money_minus = pattern(at(pounds, -12.5), "currency");
  const sum = at(pounds, 12345678.5);
  if (part(sum, "decimal") !== f.mark) f.money_mark = part(sum, "decimal");
  if (part(sum, "group") !== f.group) f.money_group = part(sum, "group");
  // Marks of direction that belong to a sign come as literals behind it.
  const sign = (parts) => {
    const i = parts.findIndex((p) => p.type === "currency");
    return parts[i].value + (i === parts.length - 2 && parts[i + 1].type === "literal" ? parts[i + 1].value : "");
  };
  f.signs = Object.fromEntries(currencies.map((c) => [c, sign(at({ style: "currency", currency: c }, 1))]));

  const moment = (month, day, hour, options) =>
    new Intl.DateTimeFormat(tag, { timeZone: "UTC", calendar: "gregory", ...options })
      .formatToParts(Date.UTC(2026, month, day, hour, 8, 9))
      .map((p) => ({ type: p.type, value: latin(p.value, zero) }));
  const named = (options, type, count, monthly) =>
    Array.from({ length: count }, (_, i) => part(monthly ? moment(i, 5, 5, options) : moment(0, 5 + i, 5, options), type));
  const long = { dateStyle: "long" }, full = { dateStyle: "full" }, month = { year: "numeric", month: "long" };
  f.months = named(long, "month", 12, true);
  f.months_alone = named(month, "month", 12, true);
  if (f.months_alone.join() === f.months.join()) delete f.months_alone;
  f.weekdays = named(full, "weekday", 7, false);
  const layout = (options) =>
    moment(0, 5, 5, options).map((p) => {
      const two = p.value.length > 1;
      switch (p.type) {
        case "day": return two ? "%D" : "%d";
        case "month": return /^\d+$/.test(p.value) ? (two ? "%M" : "%m") : "%B";
        case "year": return "%Y";
        case "weekday": return "%A";
        case "minute": return "%n";
        case "second": return "%s";
        case "dayPeriod": return "%p";
        case "hour": return part(moment(0, 5, 17, options), "hour").endsWith("5") ? (two ? "%I" : "%i") : two ? "%H" : "%h";
        default: return escaped(p.value);
      }
    }).join("");
  f.day_short = layout({ year: "numeric", month: "numeric", day: "numeric" });
  f.day_long = layout(long);
  f.day_full = layout(full);
  f.month_short = layout({ year: "numeric", month: "numeric" });
  f.month_long = layout(month);
  f.time_short = layout({ timeStyle: "short" });
  f.time_long = layout({ timeStyle: "medium" });
  for (const name of Object.keys(f).filter((k) => /^(day|month|time)_/.test(k))) f[name] = f[name].replaceAll("\u202f", " "); // as browsers do
  if (tag === "zh-Hant") { // names many parts of a day; 24 hours are as usual there
    f.time_short = "%H:%n";
    f.time_long = "%H:%n:%s";
  }
  const periods = (hour) => part(moment(0, 5, hour, { timeStyle: "short" }), "dayPeriod");
  if (periods(5) && tag !== "zh-Hant") { f.am = periods(5); f.pm = periods(17); }
  const text = (options) => moment(0, 5, 17, options).map((p) => p.value).join("");
  const both = (date) => escaped(text({ ...date, timeStyle: "short" })).replace(text(date), "%1").replace(text({ timeStyle: "short" }), "%2");
  f.both_short = escaped(text({ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "2-digit" }))
    .replace(text({ year: "numeric", month: "numeric", day: "numeric" }), "%1").replace(text({ hour: "numeric", minute: "2-digit" }), "%2");
  f.both_long = both(long);
  f.both_full = both(full);
  f.zone = latin(new Intl.DateTimeFormat(tag, { timeZone: "Etc/GMT-3", timeZoneName: "shortOffset" }).formatToParts(0)
    .find((p) => p.type === "timeZoneName").value, zero).replace("+3", "#").replace("\u200e#\u200e", "#").replace("\u200e#", "#");

  const list = (type) => {
    const separators = (n) => new Intl.ListFormat(tag, { type }).formatToParts(Array.from({ length: n }, (_, i) => (tag === "he" ? "א" : String(i))))
      .filter((p) => p.type === "literal").map((p) => p.value);
    const four = separators(4);
    if (four.length !== 3 || separators(2).length !== 1) throw new Error(`${tag}: ${type}`);
    return { pair: separators(2)[0], first: four[0], middle: four[1], last: four[2] };
  };
  for (const [name, type] of [["and", "conjunction"], ["or", "disjunction"]]) {
    const l = list(type);
    if (l.first !== l.middle) console.error(`${tag}: ${type} begins with "${l.first}"`);
    f[name] = [l.pair, l.middle, l.last];
  }
  const language = tag.split("-")[0];
  f.comma = COMMA[language] ?? ", ";
  [f.yes, f.no] = YES_NO[language].split("|");
  return f;
}

const all = TAGS.map(facts);
// A currency's usual sign: what most of the languages write.
const usual = Object.fromEntries(currencies.map((c) => {
  const counts = new Map();
  for (const f of all) counts.set(f.signs[c], (counts.get(f.signs[c]) ?? 0) + 1);
  return [c, [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0]];
}));
const signs = (map, but) => currencies.filter((c) => map[c] !== but(c)).map((c) => `${c} ${map[c]}`).join("|");
const t = (text) => `T("${escape(text)}")`;
const version = process.versions.cldr;

console.log(`/* How languages write numbers, dates and lists: facts of CLDR ${version}. LOCALE(tag, facts); SIGNS(the usual signs of currencies)
 *
 * Made by tools/locale_table.mjs, compared with ICU by tests/locale. Part of the edition: once it is released, not a byte changes, or texts
 * of forms would. What a fact means stands in base/locale.h; one that is left out has its usual value. Digits are those that CLDR gives as the
 * language's usual ones: 0 to 9, but in Egypt's Arabic, Bengali and Persian. The calendar is the Gregorian one everywhere. */
SIGNS("${escape(signs(usual, (c) => c))}")
`);
const joined = (list) => list.join("|");
for (const f of all) {
  const own = signs(f.signs, (c) => usual[c]);
  const lines = [
    [f.zero && ["zero", t(f.zero)], ["mark", t(f.mark)], ["group", t(f.group)], f.minus !== "-" && ["minus", t(f.minus)], f.least > 1 && ["least", f.least],
      f.second !== 3 && ["second", f.second], ["percent", t(f.percent)], f.percent_minus !== "-" + f.percent && ["percent_minus", t(f.percent_minus)]],
    [["money", t(f.money)], f.money_minus !== "-" + f.money && ["money_minus", t(f.money_minus)], f.money_mark && ["money_mark", t(f.money_mark)],
      f.money_group && ["money_group", t(f.money_group)]],
    [own && ["signs", t(own)]],
    [["day_short", t(f.day_short)], ["day_long", t(f.day_long)], ["day_full", t(f.day_full)]],
    [["month_short", t(f.month_short)], ["month_long", t(f.month_long)]],
    [["time_short", t(f.time_short)], ["time_long", t(f.time_long)], f.am && ["am", t(f.am)], f.pm && ["pm", t(f.pm)], ["zone", t(f.zone)]],
    [["both_short", t(f.both_short)], ["both_long", t(f.both_long)], f.both_full !== f.both_long && ["both_full", t(f.both_full)]],
    [["months", t(joined(f.months))]],
    [f.months_alone && ["months_alone", t(joined(f.months_alone))]],
    [["weekdays", t(joined(f.weekdays))]],
    [["and", t(joined(f.and))], ["or", t(joined(f.or))], f.comma !== ", " && ["comma", t(f.comma)], ["yes", t(f.yes)], ["no", t(f.no)]],
  ];
  const written = lines.map((line) => line.filter(Boolean).map(([name, value]) => `.${name} = ${value}`).join(", ")).filter(Boolean);
  console.log(`LOCALE("${f.tag}",\n       ${written.join(",\n       ")})`);
}
