// The page "Search": what is found, in sections, with an answer where a country and a theme are named.
import { Finder } from "./find.mjs";
import { count, element, read, root, settings } from "./parts.js";

const sections = [
  ["Countries, plans", ["country", "plan"], 8],
  ["Themes", ["theme"], 6],
  ["What plans say", ["words"], 8],
  ["Bodies", ["body"], 5],
  ["Questions", ["question"], 4],
  ["Terms and rules", ["term"], 20],
];
const last = sections.at(-1)[0];
const at = (id) => document.getElementById(id);
const finder = new Finder();
const lists = [...settings().lists];
const answers = new Map();
const off = new Set([last]);
const open = new Set();
let country = "";
let asTyped = false;

const href = (place) => new URL(place, root);
const link = ({ place, title }) => element("a", { href: href(place), dir: "auto" }, title);
const typed = () => at("typed").value.trim();

function say(...parts) {
  at("status").replaceChildren(...parts);
}

function show() {
  const text = typed();
  at("start").hidden = Boolean(text);
  at("results").hidden = !text;
  document.title = `${text ? `${text} · ` : ""}Search · napgraph`;
  if (!text) return say("");
  const found = finder.find(text, asTyped);
  const kept = found.entries.filter(({ code }) => !country || code === country);
  const counts = new Map(sections.map(([name, kinds]) => [name, kept.filter(({ kind }) => kinds.includes(kind))]));
  facets(counts, found.entries);
  const listed = sections.filter(([name]) => !off.has(name) && counts.get(name).length);
  at("found").replaceChildren(...listed.map(([name, , most]) => section(name, counts.get(name), most, found)));
  told(found, listed.length);
  answer(found);
}

// What is shown, in place of what, and what to do where there is nothing.
function told({ changed, within, meant, entries }, any) {
  const names = within.map(({ title }) => title).join(" and ");
  const parts = [meant.join(" "), names].filter(Boolean).map((each) => element("strong", {}, each));
  if (changed || asTyped) {
    const words = changed ? "Search the words as typed" : "Allow for typing errors";
    const turn = element("button", { type: "button", class: "plain", onclick: () => ((asTyped = !asTyped), show()) }, words);
    const shown = changed ? ["Showing ", ...(parts.length > 1 ? [parts[0], " in ", parts[1]] : parts), ". "] : ["The words as typed. "];
    return say(...shown, turn);
  }
  if (any) return say(`${count(entries.length, "entry", "entries")}.`);
  if (lists.length > 1) return say("Looking …");
  const near = finder.near(typed());
  at("start").hidden = false;
  const nearest = near.flatMap((entry) => [element("br"), link(entry)]);
  return say("Nothing has these words.", ...(near.length ? [" Nearest names:", ...nearest] : []), element("br"), "Themes, questions and countries stand below.");
}

function section(name, entries, most, { codes, hits, meant }) {
  const shown = open.has(name) ? entries : entries.slice(0, most);
  const elsewhere = codes.length && name === "What plans say" && !codes.includes(entries[0].code) ? " elsewhere" : "";
  const more = entries.length - shown.length;
  return element(
    "section",
    {},
    element("h2", {}, `${name} `, element("small", {}, `${entries.length}${elsewhere}`)),
    element("ol", {}, ...shown.map((entry) => item(entry, hits, meant))),
    more ? element("button", { type: "button", onclick: () => (open.add(name), show()) }, `Show ${more} more`) : null,
  );
}

function item(entry, hits, meant) {
  const { kind, what, line, names, origin } = entry;
  const other = names.filter((name) => !/^([A-Z]{2,3}|[A-Z-]{6})$/.test(name)).slice(0, 5);
  const also = other.length && kind !== "words" ? `${line ? "; a" : "A"}lso: ${other.join(", ")}` : "";
  const over = kind === "words" || kind === "body" ? [what, line].filter(Boolean).join(", ") : what;
  const under = kind === "words" ? (origin === "ours" ? "Our words" : "Words of the plan") : kind === "body" ? also.replace("; also", "Also") : `${line}${also}`;
  return element(
    "li",
    { class: hits.has(entry) || !meant.length ? null : "beside-it" },
    element("span", { class: "what" }, over.charAt(0).toUpperCase() + over.slice(1)),
    link(entry),
    under ? element("small", { dir: "auto" }, under) : null,
  );
}

function facets(counts, entries) {
  const box = (name, checked, number, change, type = "checkbox") =>
    element("label", {}, element("input", { type, name: type === "radio" ? "country" : null, checked, onchange: change }), ` ${name} `, element("small", {}, number));
  const kinds = sections
    .filter(([name]) => counts.get(name).length || name === last)
    .map(([name]) =>
      box(name, !off.has(name), name === last && lists.length ? "" : String(counts.get(name).length), ({ target }) => {
        if (target.checked) off.delete(name);
        else off.add(name);
        load().then(show);
      }),
    );
  const numbers = new Map();
  for (const { code } of entries) if (code) numbers.set(code, (numbers.get(code) ?? 0) + 1);
  const places = [...numbers].sort((one, other) => other[1] - one[1]).slice(0, 8);
  const choose = (code) => () => ((country = code), show());
  const radios = places.map(([code, number]) => box(finder.countries.get(code)?.title ?? code, code === country, String(number), choose(code), "radio"));
  const focused = document.activeElement?.closest("#facets") ? [...at("facets").querySelectorAll("input")].indexOf(document.activeElement) : -1;
  at("facets").replaceChildren(
    element("fieldset", {}, element("legend", {}, "Kind"), ...kinds),
    ...(places.length > 1 || country ? [element("fieldset", {}, element("legend", {}, "Country"), box("All", !country, "", choose(""), "radio"), ...radios)] : []),
  );
  if (focused >= 0) at("facets").querySelectorAll("input")[focused]?.focus();
}

// The answer to a country and a theme: a line for each plan, with its source.
async function answer({ within, theme }) {
  const asked = typed();
  const place = at("answer");
  if (within.length > 1) {
    const address = href(`compare/pillars/#${within.map(({ code }) => `country=${code}`).join("&")}`);
    const names = within.map(({ title }) => title).join(" and ");
    return place.replaceChildren(element("p", {}, element("a", { href: address }, `${names} side by side, by theme`)));
  }
  if (!within.length || !theme || /^No plan/.test(within[0].line)) return place.replaceChildren();
  const { code } = within[0];
  if (!answers.has(code)) answers.set(code, read(`search/answers/${code.toLowerCase()}.json`));
  const { name, plans, sources, themes, values } = await answers.get(code);
  if (asked !== typed()) return undefined;
  const about = themes[theme.place.split("/")[1]];
  const head = element("h2", {}, `${name} on ${theme.title.charAt(0).toLowerCase()}${theme.title.slice(1)}`);
  const all = element("p", {}, element("a", { href: href(theme.place) }, "Same question for all countries"));
  if (!about) {
    const words = `Of ${count(plans.length, "plan", "plans")} recorded, no words on it are known. That is unknown, not none.`;
    return place.replaceChildren(head, element("p", { class: "lead" }, words), all);
  }
  const sum = `Named in ${about.saying} of ${count(plans.length, "plan", "plans")}.`;
  const lines = plans.map(([years, page], number) => line(about.said.filter(([each]) => each === number), years, page, sources, values));
  return place.replaceChildren(head, element("p", { class: "lead" }, sum), element("ul", { class: "plain" }, ...lines), all);
}

function line(said, years, page, sources, values) {
  const shown = said.filter(([, , , , condition]) => condition);
  const told = (shown.length ? shown : said.slice(0, 1)).map(([, value, words, origin, condition, cited]) =>
    element(
      "span",
      {},
      element(origin === "printed" ? "q" : "span", { dir: "auto" }, words),
      condition ? element("strong", {}, ` ${condition}`) : null,
      origin === "ours" && values.includes(value) ? element("span", { class: "ours" }, "our words") : null,
      ...cited.slice(0, 2).map((each) => element("a", { class: "source", href: href(sources[each - 1][1]), title: sources[each - 1][0] }, "source")),
    ),
  );
  const sign = element("span", { class: `sign ${said[0]?.[1] ?? "not-assessed"}`, "aria-hidden": "true" });
  return element("li", {}, sign, element("span", {}, element("a", { href: href(page) }, years), ": ", ...told));
}

// The lists come one after the other, the last only when asked for.
async function load() {
  while (lists.length > (off.has(last) ? 1 : 0)) {
    const [path] = lists;
    finder.add(await read(path));
    if (lists[0] === path) lists.shift();
    show();
  }
}

function address(replace) {
  const query = typed() ? `?${new URLSearchParams({ q: typed() })}` : "";
  history[replace ? "replaceState" : "pushState"](null, "", `${location.pathname}${query}`);
}

/** Return the words of the address: `?q=`, `#q=`, or all that stands behind `#`. */
function asked() {
  const hash = location.hash.slice(1);
  const given = new URLSearchParams(location.search).get("q") ?? new URLSearchParams(hash).get("q");
  return given ?? (hash.includes("=") ? "" : decodeURIComponent(hash));
}

function change(event) {
  event?.preventDefault();
  asTyped = false;
  country = "";
  open.clear();
  show();
  address(true);
}

at("find").hidden = false;
at("typed").value = asked();
at("typed").addEventListener("input", change);
at("find").addEventListener("submit", change);
for (const kind of ["popstate", "hashchange"]) {
  addEventListener(kind, () => {
    at("typed").value = asked();
    show();
  });
}
load().catch((error) => say(error.message));
