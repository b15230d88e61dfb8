// The comparison page: what is chosen narrows the matrix, the address keeps it, and a cell opens what stands behind it.

const RANK = ["stated", "partly", "in-other-words", "not-stated", "absent", "not-assessed"];
const SAYING = RANK.slice(0, 3);
// Of one document: a full text, or a source that says so, stands before one that is only silent.
const OF_READINGS = [...SAYING, "absent", "not-stated", "not-assessed"];
const MATCHES = { exact: ["exact"], close: ["exact", "close"], broad: ["exact", "close", "broad", "under"] };
const VERBS = { stated: "states", partly: "mentions", "in-other-words": "says in other words", absent: "does not have" };
const DEPTHS = ["", "name and period only", "summary", "part of the text", "full text"];
const PLAIN = { match: "broad", day: "", source: "", tier: "national", plan: "latest", depth: "2", region: "" };

/** Whether a document may be in force on a day, or in a year or years: "yes", "possible" or "no", by its stated period. */
export function inForce(document, day) {
  const years = /^\s*(\d{4})\s*(?:(?:-|–|\.\.)\s*(\d{4})\s*)?$/.exec(day);
  const [from, until] = years ? [`${years[1]}-01-01`, `${years[2] ?? years[1]}-12-31`] : [day, day];
  if (!("first" in document)) return "no";
  if ((document.first && document.first > until) || (document.last && document.last < from)) return "no";
  const settled = document.first && (document.last || document.endless) && !document.unsettled;
  return settled ? "yes" : "possible";
}

/** The cells by row and concept, and the rows: jurisdictions with their documents or only the latest, or each plan. */
export function compared(data, choice = {}) {
  const { match = "broad", day = "", source = "", tier = "national", countries = [], plan = "all", depth = 0, region = "" } = choice;
  const heard = data.sources.map(([key, kinds]) => !source || key === source || kinds.includes(source));
  const readings = data.silent.filter(([, from]) => heard[from]);
  const seen = new Set(readings.map(([document]) => document));
  const there = new Set([...seen].map((document) => data.documents[document].country));
  const within = region && new Set(data.groups.find(([name]) => name === region)?.[1]);
  const codes = Object.keys(data.names).filter((code) => there.has(code) && (!within || within.has(code))
    && (countries.length ? countries.includes(code) : tier === "all" || within || data.tiers[code] === tier));
  const held = Object.fromEntries(codes.map((code) => [code, []]));
  const left = {};
  for (const document of seen) {
    const { country, depth: read } = data.documents[document];
    const why = depth > 1 && !(read >= depth) ? "depth" : day && inForce(data.documents[document], day) === "no" ? "day" : "";
    if (why) (left[country] ??= new Set()).add(why);
    else held[country]?.push(document);
  }
  const rows = new Map();
  for (const code of codes) {
    const plans = held[code].filter((document) => data.documents[document].plan).sort((a, b) => a - b);
    if (plan === "document") for (const each of plans) rows.set(data.documents[each].key, [each]);
    else rows.set(code, plan === "all" ? held[code] : latest(data, plans));
  }
  const silent = {};
  for (const [document, from, value, but] of readings) (silent[document] ??= []).push([from, value, data.lists[but] ?? {}]);
  const said = {};
  for (const row of data.said) {
    const [document, concept, value, how, , , passage] = row;
    if (source && !heard[data.passages[passage]?.[2]]) continue;
    const shown = how && !MATCHES[match].includes(how) ? "in-other-words" : value;
    (said[`${document} ${concept}`] ??= []).push({ row, value: shown });
  }
  // What a source says of the concept goes before silence, and the silence of who looked before that of who did not.
  const cell = (key, concept) => {
    const found = rows.get(key).flatMap((document) => said[`${document} ${concept}`] ?? []);
    const told = rows.get(key).map((document) => best([
      ...(said[`${document} ${concept}`] ?? []).map(({ value }) => value),
      ...silent[document].map(([, value, but]) => but[concept] ?? value),
    ], OF_READINGS));
    return { value: told.length ? best(told) : "not-assessed", rows: found };
  };
  const shown = [...rows.keys()];
  const counting = new Set([...rows.values()].flat());
  const spoken = new Set(Object.entries(said).filter(([place, each]) => counting.has(parseInt(place, 10))
    && each.some(({ value }) => SAYING.includes(value))).map(([place]) => place.slice(place.indexOf(" ") + 1)));
  return { shown, cell, rows, left, counted: counting.size, spoken: withWider(data.concepts, spoken) };
}

/** The last of dated plans of which more than name and period was read, else the last. */
function latest(data, plans) {
  const dated = plans.filter((each) => data.documents[each].first || data.documents[each].last);
  const among = dated.length ? dated : plans;
  const read = among.filter((each) => data.documents[each].depth > 1);
  return (read.length ? read : among).slice(-1);
}

/** The codes of concepts with those of the concepts above each; the concepts stand in the order of their tree. */
function withWider(concepts, codes) {
  const wanted = new Set();
  let above = [];
  for (const [code, , depth] of concepts) {
    above = [...above.slice(0, depth), code];
    if (codes.has(code)) above.forEach((each) => wanted.add(each));
  }
  return wanted;
}

/** What is chosen as a table, a line for each row: the text that the library writes for the same choice. */
export function csv(data, choice) {
  const { shown, cell, spoken } = compared(data, choice);
  const concepts = listed(data, choice, spoken).map(([code]) => code);
  const line = (key) => [...head(data, key), ...concepts.map((concept) => data.values[cell(key, concept).value][1])];
  return lines([["country", "name", ...(choice.plan === "document" ? ["document"] : []), ...concepts], ...shown.map(line)]);
}

function head(data, key) {
  const code = key.slice(0, key.includes("/") ? key.indexOf("/") : undefined).toUpperCase();
  return key in data.names ? [key, data.names[key]] : [code, data.names[code], key];
}

/** The statements behind the chosen cells, a line each, with the document and the paragraph. */
export function evidence(data, choice, address) {
  const { shown, cell, spoken } = compared(data, choice);
  const told = [["country", "concept", "value", "phrase", "origin", "match", "role", "document", "document_address", "paragraph", "paragraph_address"]];
  for (const key of shown) {
    for (const [concept] of listed(data, choice, spoken)) {
      for (const { row: [number, , , how, phrase, role, passage, origin], value } of cell(key, concept).rows) {
        const { title, href } = data.documents[number];
        const where = [data.passages[passage][0], new URL(data.passages[passage][1], address)];
        told.push([head(data, key)[0], concept, data.values[value][1], phrase, origin ?? "", how, role, title, new URL(href, address), ...where]);
      }
    }
  }
  return lines(told);
}

function lines(rows) {
  const cell = (value) => (/[",;\t\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => `${row.map((value) => cell(String(value ?? ""))).join(",")}\n`).join("");
}

function listed(data, choice, spoken) {
  return data.concepts.filter(([code]) => choice.all || spoken.has(code));
}

function best(values, rank = RANK) {
  return rank[Math.min(...values.map((value) => rank.indexOf(value)))];
}

/** A name as names are compared; the library does the same (napgraph.query.jurisdictions.folded). */
export function folded(name) {
  const words = { the: "", st: "saint", ste: "sainte" };
  const plain = name.toLowerCase().replaceAll("&", " and ").normalize("NFKD").replaceAll("ς", "σ").replaceAll("ß", "ss").replace(/\p{M}/gu, "");
  return plain.split(/[.,'’‘`()/·‐‑–—\s-]+/u).map((word) => words[word] ?? word).join("");
}

/** The codes of the jurisdictions that an address names, by code or by any of their names, and the names of no row. */
export function named(data, names) {
  const each = names.flatMap((name) => (data.called[folded(name)] ? [name] : name.split(/[,~]/)));
  const codes = each.map((name) => data.called[folded(name)]);
  return { countries: codes.filter(Boolean), missing: each.filter((_, place) => !codes[place]) };
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawn(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const at = (id) => document.getElementById(id);
const sign = (data, value, words = data.values[value][1]) => element("span", { class: `sign ${value}`, role: "img", "aria-label": words, title: words });
const plural = (number, one, many) => `${number} ${number === 1 ? one : many}`;
const narrow = typeof matchMedia === "undefined" ? null : matchMedia("(max-width: 46rem)");

/** The page: what is chosen, the columns as they stand in it, and what of them is open. */
class Page {
  constructor(data, form) {
    Object.assign(this, { data, form, open: "", columns: [...document.querySelectorAll("#matrix thead [data-concept]")].map((head) => ({
      id: head.dataset.concept, code: head.dataset.concept.split(".").pop(), also: head.dataset.concept.includes("."),
      label: head.textContent.trim(), rare: head.classList.contains("rare"),
    })) });
    for (const [code, name] of Object.entries(data.names)) {
      at("countries").append(element("label", {}, element("input", { type: "checkbox", value: code }), ` ${name}`));
    }
    this.restore();
    form.hidden = false;
    at("filters").open = !narrow.matches;
    form.addEventListener("input", () => this.draw());
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", () => {
      if (location.hash && at(location.hash.slice(1))) this.keep();  // a part of the page: what is chosen stays
      else { this.restore(); this.draw(); }
    });
    narrow.addEventListener("change", () => this.draw());
    this.listen();
    this.offer();
    this.draw();
  }

  get choice() {
    const countries = [...at("countries").querySelectorAll("input:checked")].map((box) => box.value);
    return { ...PLAIN, ...Object.fromEntries(new FormData(this.form)), countries, all: at("rare")?.checked };
  }

  restore() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const [name, plain] of Object.entries(PLAIN)) {
      const field = this.form.elements[name];
      if (field) field.value = kept.get(name) ?? plain;
    }
    if (at("rare")) at("rare").checked = kept.has("all");
    const { countries, missing } = named(this.data, kept.getAll("country"));
    at("missing").textContent = missing.length ? `No document of ${missing.join(", ")} is compared here.` : "";
    for (const box of at("countries").querySelectorAll("input")) box.checked = countries.includes(box.value);
    this.open = kept.get("cell") ?? "";
    this.theme = kept.get("theme") ?? this.open.split("~")[1] ?? this.columns[0].id;
  }

  keep() {
    const kept = new URLSearchParams();
    const { choice } = this;
    for (const [name, plain] of Object.entries(PLAIN)) if (choice[name] !== plain) kept.set(name, choice[name]);
    if (choice.all) kept.set("all", "");
    if (choice.countries.length) kept.set("country", choice.countries.join("~"));
    if (narrow.matches && this.theme !== this.columns[0].id) kept.set("theme", this.theme);
    if (this.open) kept.set("cell", this.open);
    history.replaceState(null, "", kept.size ? `#${kept}`.replaceAll("%7E", "~").replaceAll("%2F", "/") : location.pathname + location.search);
  }

  draw() {
    const { data, choice } = this;
    const found = compared(data, choice);
    const also = data.also && compared({ ...data, ...data.also }, choice);
    const near = ({ row, value }) => 4 * RANK.indexOf(value) + 2 * (row[3] === "under") + (row[7] !== "printed");
    this.found = { ...found, cell: (key, { code: concept, also: other }) => {
      const { value, rows } = (other ? also : found).cell(key, concept);
      return { value, rows: [...rows].sort((a, b) => near(a) - near(b)) };
    } };
    const code = (key) => head(data, key)[0];
    const keys = found.shown.filter((key) => found.rows.get(key).length);
    this.groups = data.groups.map(([name, codes]) => [name, codes.flatMap((each) => keys.filter((key) => code(key) === each))]).filter(([, rows]) => rows.length);
    const total = keys.filter((key) => data.tiers[code(key)] === "national");
    const counted = total.length ? total : keys;
    const used = new Set();
    const body = element("tbody");
    const says = (column, rows) => rows.filter((key) => SAYING.includes(this.found.cell(key, column).value)).length;
    const row = (attributes, first, cell) => body.append(element("tr", attributes, ...first, ...this.columns.map((each) => {
      const made = cell(each);
      if (each.rare) made.classList.add("rare");
      return made;
    })));
    row({ class: "sum" }, [element("th", { scope: "row", colspan: 2 }, `Stated or partly, of ${counted.length}`)], (each) => {
      const number = says(each, counted);
      const high = Math.round((24 * number) / (counted.length || 1));
      const bar = drawn("svg", { width: 16, height: 24, "aria-hidden": true });
      bar.append(drawn("rect", { width: 16, height: high, y: 24 - high }));
      return element("td", {}, bar, String(number));
    });
    for (const [name, rows] of this.groups) {
      row({ class: "region" }, [element("th", { scope: "rowgroup", colspan: 2 }, `${name} `, element("small", {}, String(rows.length)))], (each) => element("td", {}, String(says(each, rows) || "")));
      for (const key of rows) {
        const [, title] = head(data, key);
        row({ "data-row": key }, this.heads(key), (each) => {
          const { value, rows: told } = this.found.cell(key, each);
          used.add(value);
          const href = SAYING.includes(value) && data.passages[told[0]?.row[6]]?.[1];
          return element("td", { class: value }, href
            ? element("a", { href, "aria-label": `${title} ${this.years(key)}: ${each.label}: ${data.values[value][1]}` })
            : element("i", {}, data.values[value][1]));
        });
      }
    }
    at("matrix").tBodies[0].replaceWith(body);
    for (const item of document.querySelectorAll(".legend [data-value]")) item.hidden = !used.has(item.dataset.value);
    this.tell(found, keys.length);
    document.querySelector(".box").hidden = narrow.matches;
    at("one").hidden = !narrow.matches;
    at("one").replaceChildren(...(narrow.matches ? this.one() : []));
    this.steer();
    if (this.open) this.show(false);
    this.keep();
  }

  years(key) {
    const each = this.found.rows.get(key);
    return each.length === 1 ? this.data.documents[each[0]].years ?? "" : plural(each.length, "document", "documents");
  }

  heads(key) {
    const documents = this.found.rows.get(key).map((each) => this.data.documents[each]);
    const link = element("a", { href: documents.length === 1 ? documents[0].href : `${this.data.root}jurisdiction/${key.toLowerCase()}/` }, head(this.data, key)[1]);
    const depth = Math.max(...documents.map(({ depth: read }) => read ?? 0));
    return [element("th", { scope: "row" }, link, " ", element("small", {}, this.years(key))),
      element("td", {}, element("span", { class: `depth depth-of-${depth}`, role: "img", "aria-label": DEPTHS[depth] || "not stated" }))];
  }

  tell(found, rows) {
    const { data, choice, form } = this;
    const words = (name) => form.elements[name].selectedOptions[0].textContent.trim();
    const places = new Set(this.groups.flatMap(([, keys]) => keys.map((key) => head(data, key)[0])));
    const told = [`${plural(places.size, "country or body", "countries and bodies")}, ${plural(found.counted, "document", "documents")} compared`];
    if ([...places].every((code) => data.tiers[code] === "national")) told[0] = told[0].replace(/country or body|countries and bodies/, places.size === 1 ? "country" : "countries");
    if (choice.plan === "latest") told.push("of each the latest plan that could be read");
    if (choice.day) told.push(`those that are or may be in force in ${choice.day}, by their stated period`);
    if (choice.source) told.push(`only as told by sources of the kind: ${words("source")}`);
    if (choice.tier !== "national" && !choice.countries.length) told.push(`of the level: ${words("tier")}`);
    if (choice.match !== "broad") told.push(`wording that is not ${choice.match === "exact" ? "an exact" : "an exact or close"} match is shown as said in other words`);
    at("told").textContent = rows ? `${told.join("; ")}.` : "No plan fits. Take away a filter: years, depth or source.";
    const why = { depth: "less of their plans could be read than you ask", day: "no plan that is known to apply in those years" };
    const left = Object.keys(data.names).filter((code) => found.rows.get(code)?.length === 0);
    if (left.length) at("told").append(" ", element("a", { href: "#left" }, `${left.length} not shown`), ".");
    const because = (reason) => left.filter((code) => (found.left[code]?.has("day") ? "day" : "depth") === reason);
    at("left").replaceChildren(...(left.length ? [element("h2", {}, `${plural(left.length, "country", "countries")} not shown`)] : []),
      ...Object.keys(why).filter((reason) => because(reason).length).map((reason) => element("p", {}, `${why[reason][0].toUpperCase()}${why[reason].slice(1)}: ${because(reason).map((code) => data.names[code]).join(", ")}.`)));
  }

  /** The matrix by mouse and keys: arrows move, Enter and a click open what stands behind a cell, Escape closes it. */
  listen() {
    const table = at("matrix");
    table.setAttribute("role", "grid");
    const cell = (target) => target.closest?.("[data-row] > td:nth-child(n + 3)");
    const go = (event, from) => {
      const [key, column] = this.place(from);
      event.preventDefault();
      this.open = this.open === `${key}~${column.id}` ? "" : `${key}~${column.id}`;
      this.show(true);
      this.keep();
    };
    table.addEventListener("click", (event) => { if (cell(event.target) && !event.ctrlKey && !event.metaKey) go(event, cell(event.target)); });
    table.addEventListener("keydown", (event) => {
      const from = cell(event.target);
      const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [0, 0];
      if (from && event.key === "Enter") go(event, from);
      else if (from && (down || right)) {
        event.preventDefault();
        const rows = [...table.querySelectorAll("[data-row]")];
        let next = rows[rows.indexOf(from.parentElement) + down]?.cells[from.cellIndex + right];
        while (right && next && !next.offsetWidth) next = next.parentElement.cells[next.cellIndex + right];
        if (next && cell(next)) this.focus(next);
      }
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.open) this.close(); });
    at("rare")?.addEventListener("change", () => this.keep());
  }

  place(cell) {
    return [cell.parentElement.dataset.row, this.columns[cell.cellIndex - 2]];
  }

  cellOf(open) {
    const [key, id] = open.split("~");
    const row = [...document.querySelectorAll("#matrix [data-row]")].find((each) => each.dataset.row === key);
    return row?.cells[this.columns.findIndex((each) => each.id === id) + 2];
  }

  focus(cell) {
    for (const each of document.querySelectorAll("#matrix td[tabindex='0']")) each.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  }

  steer() {
    const cells = document.querySelectorAll("#matrix [data-row] > td:nth-child(n + 3)");
    cells.forEach((each, place) => { each.tabIndex = place ? -1 : 0; });
    for (const each of document.querySelectorAll("#matrix [data-row] td a")) each.tabIndex = -1;
  }

  close() {
    const cell = this.cellOf(this.open);
    this.open = "";
    this.show(false);
    this.keep();
    if (cell) this.focus(cell);
  }

  /** Show what is open under its row, or take it away. */
  show(moves) {
    document.querySelectorAll("#matrix .detail").forEach((each) => each.remove());
    document.querySelectorAll("#matrix [aria-expanded]").forEach((each) => each.removeAttribute("aria-expanded"));
    const cell = this.open && this.cellOf(this.open);
    if (!cell) return;
    if (cell.classList.contains("rare")) at("rare").checked = true;
    const [key, column] = this.place(cell);
    const shut = element("button", { type: "button", class: "shut", "aria-label": "Close" }, "×");
    shut.addEventListener("click", () => this.close());
    const inner = element("div", { tabindex: "-1" }, shut, ...this.detail(key, column, "h2"));
    cell.parentElement.after(element("tr", { class: "detail" }, element("td", { colspan: this.columns.length + 2 }, inner)));
    cell.setAttribute("aria-expanded", "true");
    cell.tabIndex = 0;
    if (moves) inner.focus({ preventScroll: true });
    else inner.scrollIntoView({ block: "nearest" });
  }

  detail(key, column, level) {
    const { data, choice } = this;
    const { value, rows } = this.found.cell(key, column);
    const [code, name] = head(data, key);
    const what = `${name} ${this.years(key)}`.trim();
    const heading = element(level, {}, sign(data, value), " ", value in VERBS ? `${what} ${VERBS[value]}: ` : `${what}: ${data.values[value][1]}: `, element("em", {}, column.label));
    const list = element("ul", { class: "plain" }, ...rows.map((each) => this.statement(each)));
    const note = { "not-stated": "Looked for in what could be read, and not found. That is no “no”.", "not-assessed": "Nobody looked it through for this.", absent: "" }[value];
    const others = compared(column.also ? { ...data, ...data.also } : data, { ...choice, plan: "document", countries: [code], region: "", depth: 0, day: "" });
    const shown = others.shown.filter((each) => !(this.found.rows.get(key).includes(others.rows.get(each)[0]) && this.found.rows.get(key).length === 1));
    const before = element("p", { class: "small" }, "Other plans: ", ...shown.flatMap((each) => {
      const document = data.documents[others.rows.get(each)[0]];
      return [sign(data, others.cell(each, column.code).value), " ", element("a", { href: document.href }, document.years || document.title), "  "];
    }));
    const copy = element("button", { type: "button", class: "copy" }, "Copy link to this cell");
    copy.addEventListener("click", async () => {
      this.keep();
      try { await navigator.clipboard.writeText(location.href); copy.textContent = "Copied"; } catch { copy.replaceWith(element("input", { readonly: "", value: location.href, "aria-label": "Link to this cell" })); }
    });
    const page = element("a", { href: `${data.root}jurisdiction/${code.toLowerCase()}/` }, `All plans of ${name}`);
    return [heading, rows.length ? list : element("p", {}, note ?? ""), ...(shown.length ? [before] : []), element("p", { class: "small" }, page, " ", copy)];
  }

  statement({ row: [number, , , how, phrase, role, passage, origin, part, language], value }) {
    const { data } = this;
    const { href, title, years } = data.documents[number];
    const words = phrase ?? data.values[value][1];
    const tongue = { lang: language, dir: "auto" };
    const [place, where, source] = data.passages[passage];
    const depth = data.silent.find(([document, from]) => document === number && from === source)?.[4];
    const said = origin === "printed" ? [element("q", tongue, words)] : [element("span", tongue, words), " ", element("span", { class: "ours" }, "our words")];
    const near = { under: "through a narrower concept", exact: "exact match", close: "close match", broad: "broad match" }[how];
    const facts = [value === "stated" ? "" : data.values[value][1], role, near].filter(Boolean).join("; ");
    return element("li", {}, element("p", {}, sign(data, value), " ", ...said), element("p", { class: "small quiet" }, ...(facts ? [`${facts}. `] : []),
      "Plan: ", element("a", { href: part ? `${href}${part}/` : href }, `${title}${years ? ` (${years})` : ""}`), ". Source: ", element("a", { href: where }, place),
      ...(depth ? [", ", element("span", { class: `depth depth-of-${depth}`, "aria-hidden": "true" }), ` ${DEPTHS[depth]}`] : [])));
  }

  /** One concept at a time, for narrow screens: its values as a bar, then the countries of each region. */
  one() {
    const { data, columns, groups } = this;
    const place = Math.max(0, columns.findIndex(({ id }) => id === this.theme));
    const column = columns[place];
    const turn = (to) => { this.theme = columns[(to + columns.length) % columns.length].id; this.open = ""; this.draw(); };
    const choose = element("select", { "aria-label": "Theme" }, ...columns.map(({ id, label }) => element("option", { value: id }, label)));
    choose.value = column.id;
    choose.addEventListener("change", () => turn(choose.selectedIndex));
    const step = (words, by) => {
      const made = element("button", { type: "button", "aria-label": words }, by < 0 ? "‹" : "›");
      made.addEventListener("click", () => turn(place + by));
      return made;
    };
    const value = (key) => this.found.cell(key, column).value;
    const all = groups.flatMap(([, keys]) => keys);
    const counts = RANK.map((each) => [each, all.filter((key) => value(key) === each).length]).filter(([, number]) => number);
    const bar = drawn("svg", { class: "values", width: "100%", height: 36, role: "img", "aria-label": counts.map(([each, number]) => `${data.values[each][1]}: ${number}`).join("; ") });
    let from = 0;
    for (const [each, number] of counts) {
      const wide = (100 * number) / all.length;
      const text = drawn("text", { class: each, x: `${from + wide / 2}%`, y: 23, "text-anchor": "middle" });
      text.textContent = number;
      bar.append(drawn("rect", { class: each, x: `${from}%`, width: `${wide}%`, height: 36 }), text);
      from += wide;
    }
    const named = (keys) => keys.map((key) => `${head(data, key)[1]}${this.choice.plan === "document" ? ` ${this.years(key)}` : ""}`).join(", ");
    const region = ([name, keys]) => {
      const says = keys.filter((key) => SAYING.includes(value(key)));
      const told = says.map((key) => {
        const open = element("details", { "data-cell": `${key}~${column.id}` }, element("summary", {}, sign(data, value(key)), " ", element("strong", {}, head(data, key)[1]), " ", element("span", { class: "quiet" }, this.years(key))));
        open.addEventListener("toggle", () => { if (open.open) { this.open = open.dataset.cell; this.keep(); } });
        open.open = this.open === open.dataset.cell;
        const first = this.found.cell(key, column).rows[0];
        const words = first?.row[4] ? element("p", {}, first.row[7] === "printed" ? element("q", { lang: first.row[9], dir: "auto" }, first.row[4]) : first.row[4]) : "";
        open.append(...this.detail(key, column, "h3"));
        return element("li", {}, open, words);
      });
      const rest = RANK.slice(3).map((each) => [each, keys.filter((key) => value(key) === each)]).filter(([, those]) => those.length);
      return element("section", {}, element("h2", {}, name, " ", element("small", {}, `${says.length} of ${keys.length}`)),
        element("ul", { class: "plain" }, ...told, ...rest.map(([each, those]) => element("li", { class: "quiet" }, sign(data, each), ` ${data.values[each][1]}: ${named(those)}`))));
    };
    const note = element("p", { class: "small quiet" }, "In quotation marks: words of the plan. Without: our words. ", element("a", { href: `${data.root}countries/` }, "One country at a time"));
    return [element("div", { class: "turn" }, step("Theme before", -1), choose, step("Next theme", 1)), bar, note, ...groups.map(region)];
  }

  /** Let the reader take away what is chosen: as tables, and as a picture of the matrix as it stands. */
  offer() {
    const made = {
      csv: () => [csv(this.data, this.choice), "csv", "text/csv"],
      evidence: () => [evidence(this.data, this.choice, location.href), "evidence.csv", "text/csv"],
      png: async () => {
        const { picture } = await import("./picture.mjs");
        const told = [at("told").textContent, at("cite").textContent];
        return [await picture(at("matrix"), document.querySelector("h1").textContent, told), "png", "image/png"];
      },
    };
    for (const button of at("chosen").querySelectorAll("button")) {
      button.addEventListener("click", async () => {
        const { save } = await import("./parts.js");
        const [content, ending, type] = await made[button.value]();
        save(`${this.data.axis}.${ending}`, content, type);
      });
    }
    at("chosen").hidden = false;
  }
}

async function start() {
  const form = at("choices");
  new Page(await (await fetch(form.dataset.source)).json(), form);
}

if (typeof document !== "undefined") start();
