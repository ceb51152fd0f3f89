// Compares what base/locale.c writes with ICU, which node carries: node icu_test.mjs LOCALE_LINES
//
// A difference that we accept has its name and reason in `accepted`; any other fails, and so does a name that nothing bears any more.
import { spawnSync } from "node:child_process";

const CLDR = "48"; // of base/locale.def
if (process.versions.cldr?.split(".")[0] !== CLDR) {
  console.log(`SKIPPED: base/locale.def has the facts of CLDR ${CLDR}, this node those of ${process.versions.cldr ?? "none"}`);
  process.exit(77);
}

const options = {
  "day short": { year: "numeric", month: "numeric", day: "numeric" },
  "day long": { dateStyle: "long" },
  "day full": { dateStyle: "full" },
  "month short": { year: "numeric", month: "numeric" },
  "month long": { year: "numeric", month: "long" },
  "time short": { timeStyle: "short" },
  "time long": { timeStyle: "medium" },
};
const cache = new Map();
function made(make, tag, opts) {
  const key = `${make.name} ${tag} ${JSON.stringify(opts)}`;
  if (!cache.has(key)) cache.set(key, new make(tag, opts));
  return cache.get(key);
}
const moment = (tag, opts, ms) => made(Intl.DateTimeFormat, tag, { timeZone: "UTC", calendar: "gregory", ...opts }).format(ms);

// Of a datetime: date and time, and behind them how the zone is called.
function both(tag, kind, what) {
  const [ms, hour] = what.split(" ").map(Number);
  const zone = `Etc/GMT${hour > 0 ? "-" : "+"}${Math.abs(hour)}`;
  const date = options[kind.replace("both", "day")];
  const opts = date.dateStyle ? { ...date, timeStyle: "short" } : { ...date, hour: "numeric", minute: "2-digit" };
  const name = new Intl.DateTimeFormat(tag, { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(ms).find((p) => p.type === "timeZoneName").value;
  return `${moment(tag, { ...opts, timeZone: zone }, ms)} ${name}`;
}

function icu(tag, kind, what) {
  const [value, scale, code] = what.split(" ");
  const digits = { minimumFractionDigits: Number(scale), maximumFractionDigits: Number(scale) };
  switch (kind) {
    case "number": return made(Intl.NumberFormat, tag, digits).format(value);
    // Exactly: a percent of Intl is a hundredth.
    case "percent": return made(Intl.NumberFormat, tag, { style: "percent", ...digits }).format(`${value}e-2`);
    case "money": return made(Intl.NumberFormat, tag, { style: "currency", currency: code, ...digits }).format(value);
    case "and": return made(Intl.ListFormat, tag, { type: "conjunction" }).format([...what]);
    case "or": return made(Intl.ListFormat, tag, { type: "disjunction" }).format([...what]);
    default: return kind.startsWith("both") ? both(tag, kind, what) : moment(tag, options[kind], Number(what));
  }
}

const invisible = /[\u200e\u200f\u061c]/g;
// [name, does it explain this difference?, reason]
const plain = (text) => text.replace(invisible, "").replaceAll("−", "-").replace(/(GMT) (?=[-+])/, "$1");
const accepted = [
  ["offset", ({ kind, ours, theirs }) => kind.startsWith("both") && plain(ours) === plain(theirs),
    "an offset from UTC has the plain hyphen and no marks of direction"],
  ["bn percent", ({ tag, kind, ours, theirs }) => tag === "bn" && kind === "percent" && ours.replaceAll(",", "") === theirs.replaceAll(",", ""),
    "a percentage is grouped as other numbers are"],
  ["he CNY", ({ tag, kind, what, ours, theirs }) => tag === "he" && kind === "money" && what.endsWith("CNY") && plain(ours) === plain(theirs),
    "one mark of direction less before the sign of one currency"],
  ["he and", ({ tag, kind, ours, theirs }) => tag === "he" && kind === "and" && ours === theirs.replace("ו-", "ו"),
    "no hyphen behind the letter that means and, also before a Latin letter"],
  ["zh-Hant hours", ({ tag, kind }) => tag === "zh-Hant" && /^(time|both)/.test(kind), "24 hours, for CLDR names seven parts of a day"],
];

const run = spawnSync(process.argv[2], { encoding: "utf8", maxBuffer: 1 << 28 });
if (run.status !== 0) throw new Error(`${process.argv[2]}: ${run.stderr}`);
const lines = run.stdout.trimEnd().split("\n").map((line) => line.split("\t"));
const counts = new Map(accepted.map(([name]) => [name, 0]));
let bad = 0;
for (const [tag, kind, what, ours] of lines) {
  const theirs = icu(tag, kind, what);
  if (ours === theirs) continue;
  const reason = accepted.find(([, explains]) => explains({ tag, kind, what, ours, theirs }));
  if (reason) counts.set(reason[0], counts.get(reason[0]) + 1);
  else if (bad++ < 60) console.log(`${tag} ${kind} ${what}: ours ${JSON.stringify(ours)}, ICU's ${JSON.stringify(theirs)}`);
}
for (const [name, , reason] of accepted) {
  console.log(`accepted ${counts.get(name)}: ${name}, ${reason}`);
  if (counts.get(name) === 0) bad++;
}
const languages = new Set(lines.map(([tag]) => tag)).size;
console.log(`${lines.length} values in ${languages} languages, ICU ${process.versions.icu}, CLDR ${process.versions.cldr}: ${bad} differences that nobody accepted`);
process.exit(lines.length > 10000 && bad === 0 ? 0 : 1);
