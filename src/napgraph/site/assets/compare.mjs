// The comparison page: what is chosen narrows the matrix, the address keeps it, and a cell opens what stands behind it.

const RANK = ["stated", "partly", "in-other-words", "not-stated", "absent", "not-assessed"];
const SAYING = RANK.slice(0, 3);
// Of one document: a full text, or a source that says so, stands before one that is only silent.
const OF_READINGS = [...SAYING, "absent", "not-stated", "not-assessed"];
const MATCHES = { exact: ["exact"], close: ["exact", "close"], broad: ["exact", "close", "broad", "under"] };

/** Whether a document may be in force on a day: "yes", "possible" or "no", by its stated period. */
export function inForce(document, day) {
  if (!("first" in document)) return "no";
  if ((document.first && document.first > day) || (document.last && document.last < day)) return "no";
  const settled = document.first && (document.last || document.endless) && !document.unsettled;
  return settled ? "yes" : "possible";
}

/** The cells of the comparison by jurisdiction and concept: value, statements, and the documents that count. */
export function compared(data, { match = "broad", day = "", source = "", tier = "national", countries = [] } = {}) {
  const heard = data.sources.map(([key, kinds]) => !source || key === source || kinds.includes(source));
  const readings = data.silent.filter(([, from]) => heard[from]);
  const seen = new Set(readings.map(([document]) => document));
  const counts = data.documents.map((document, place) => seen.has(place) && (!day || inForce(document, day) !== "no"));
  const there = new Set([...seen].map((document) => data.documents[document].country));
  const shown = Object.keys(data.names).filter((code) => there.has(code)
    && (countries.length ? countries.includes(code) : tier === "all" || data.tiers[code] === tier));
  const silent = {};
  for (const [document, from, value] of readings) {
    if (counts[document]) ((silent[data.documents[document].country] ??= {})[document] ??= []).push([from, value]);
  }
  const silentOn = Object.fromEntries(data.silentOn.map(([document, from, concept, value]) => [`${document} ${from} ${concept}`, value]));
  const cells = {};
  const spoken = new Set();
  for (const [document, concept, said, how, phrase, role, passage, origin] of data.said) {
    if (!counts[document] || (source && !heard[data.passages[passage]?.[2]])) continue;
    const value = how && !MATCHES[match].includes(how) ? "in-other-words" : said;
    const code = data.documents[document].country;
    (cells[`${code} ${concept}`] ??= []).push({ document, value, how, phrase, role, passage, origin });
    if (shown.includes(code) && SAYING.includes(value)) spoken.add(concept);
  }
  // What a source says of the concept goes before silence, and the silence of who looked before that of who did not.
  const cell = (code, concept) => {
    const rows = cells[`${code} ${concept}`] ?? [];
    const told = Object.entries(silent[code] ?? {}).map(([document, each]) => {
      const said = rows.filter((row) => row.document === Number(document)).map((row) => row.value);
      return best([...said, ...each.map(([from, value]) => silentOn[`${document} ${from} ${concept}`] ?? value)], OF_READINGS);
    });
    return { value: told.length ? best(told) : "not-assessed", rows };
  };
  const counted = data.documents.filter(({ country }, place) => counts[place] && shown.includes(country)).length;
  return { shown, cell, counted, spoken: withWider(data.concepts, spoken) };
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

/** What is chosen as a table, a line for each jurisdiction: the text that the library writes for the same choice. */
export function csv(data, choice) {
  const { shown, cell, spoken } = compared(data, choice);
  const concepts = listed(data, choice, spoken).map(([code]) => code);
  const line = (code) => [code, data.names[code], ...concepts.map((concept) => data.values[cell(code, concept).value][1])];
  return lines([["country", "name", ...concepts], ...shown.map(line)]);
}

/** The statements behind the chosen cells, a line each, with the document and the paragraph. */
export function evidence(data, choice, address) {
  const { shown, cell, spoken } = compared(data, choice);
  const told = [["country", "concept", "value", "phrase", "origin", "match", "role", "document", "document_address", "paragraph", "paragraph_address"]];
  for (const code of shown) {
    for (const [concept] of listed(data, choice, spoken)) {
      for (const { document: number, value, how, phrase, role, passage, origin } of cell(code, concept).rows) {
        const { title, href } = data.documents[number];
        const where = passage === null ? ["", ""] : [data.passages[passage][0], new URL(data.passages[passage][1], address)];
        told.push([code, concept, data.values[value][1], phrase, origin ?? "", how, role, title, new URL(href, address), ...where]);
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

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function chosen(form) {
  const countries = [...form.querySelectorAll("#countries input:checked")].map((box) => box.value);
  const fields = new FormData(form);
  const { match = "broad", day = "", source = "", tier = "national" } = Object.fromEntries(fields);
  return { match, day, source, tier, all: fields.has("all"), countries };
}

function keep(choice) {
  const kept = new URLSearchParams();
  if (choice.match !== "broad") kept.set("match", choice.match);
  for (const each of ["day", "source"]) if (choice[each]) kept.set(each, choice[each]);
  if (choice.tier !== "national") kept.set("tier", choice.tier);
  if (choice.all) kept.set("all", "");
  for (const code of choice.countries) kept.append("country", code);
  history.replaceState(null, "", kept.size ? `#${kept}` : location.pathname + location.search);
}

/** A name as names are compared; the library does the same (napgraph.query.jurisdictions.folded). */
export function folded(name) {
  const words = { the: "", st: "saint", ste: "sainte" };
  const plain = name.toLowerCase().replaceAll("&", " and ").normalize("NFKD").replaceAll("ς", "σ").replaceAll("ß", "ss").replace(/\p{M}/gu, "");
  return plain.split(/[.,'’‘`()/·‐‑–—\s-]+/u).map((word) => words[word] ?? word).join("");
}

/** The codes of the jurisdictions that an address names, by code or by any of their names, and the names of no row. */
export function named(data, names) {
  const codes = names.map((name) => data.called[folded(name)]);
  return { countries: codes.filter(Boolean), missing: names.filter((_, place) => !codes[place]) };
}

function restore(data, form) {
  const kept = new URLSearchParams(location.hash.slice(1));
  if (form.elements.match) form.elements.match.value = kept.get("match") ?? "broad";
  form.elements.day.value = kept.get("day") ?? "";
  form.elements.source.value = kept.get("source") ?? "";
  form.elements.tier.value = kept.get("tier") ?? "national";
  form.elements.all.checked = kept.has("all");
  const { countries, missing } = named(data, kept.getAll("country"));
  document.getElementById("missing").textContent = missing.length ? `No document of ${missing.join(", ")} is compared here.` : "";
  for (const box of form.querySelectorAll("#countries input")) box.checked = countries.includes(box.value);
}

function draw(data, form) {
  const choice = chosen(form);
  const { shown, cell, counted, spoken } = compared(data, choice);
  const concepts = listed(data, choice, spoken);
  const head = element("tr", {}, element("th", { scope: "col" }, "Concept"));
  for (const code of shown) head.append(element("th", { scope: "col" }, element("abbr", { title: data.names[code] }, code)));
  const body = element("tbody");
  const used = new Set();
  for (const [concept, label, depth] of concepts) {
    const row = element("tr", {}, element("th", { scope: "row", class: `depth-${Math.min(depth, 3)}` }, label));
    for (const code of shown) {
      const { value, rows } = cell(code, concept);
      const [sign, words] = data.values[value];
      used.add(value);
      const button = element("button", { type: "button", "aria-label": `${data.names[code]}, ${label}: ${words}`, title: words }, sign);
      button.addEventListener("click", () => open(data, code, label, words, rows));
      row.append(element("td", { class: value }, button));
    }
    body.append(row);
  }
  document.getElementById("matrix").replaceChildren(element("thead", {}, head), body);
  for (const item of document.querySelectorAll(".legend [data-value]")) item.hidden = !used.has(item.dataset.value);
  const told = [`${shown.length} ${shown.length === 1 ? "jurisdiction" : "jurisdictions"}, ${counted} ${counted === 1 ? "document" : "documents"} compared`];
  if (choice.day) told.push(`those that are or may be in force on ${choice.day}, by their stated period`);
  const words = (name) => form.elements[name].selectedOptions[0].textContent.trim();
  if (choice.source) told.push(`only as told by sources of the kind: ${words("source")}`);
  if (choice.tier !== "national" && !choice.countries.length) told.push(`of the tier: ${words("tier")}`);
  if (choice.match !== "broad") told.push(`wording that is not ${choice.match === "exact" ? "an exact" : "an exact or close"} match is shown as said in other words`);
  document.getElementById("told").textContent = `${told.join("; ")}.`;
  keep(choice);
}

function open(data, code, label, words, rows) {
  const used = new Set();
  const mark = (origin) => {
    const [sign, meaning] = data.marks[origin] ?? [];
    if (!sign) return "";
    used.add(origin);
    return element("abbr", { title: meaning, class: "origin" }, sign);
  };
  const statements = rows.map(({ document: number, how, phrase, role, passage, origin }) => {
    const { title, href, origin: titled } = data.documents[number];
    const item = element("li", {}, phrase ?? words, phrase ? mark(origin) : "", `${role ? ` (${role})` : ""}${how ? `, ${how === "under" ? "through a narrower concept" : `${how} match`}` : ""}: `);
    item.append(element("a", { href }, title), mark(titled));
    if (passage !== null) item.append(", ", element("a", { href: data.passages[passage][1] }, data.passages[passage][0]));
    return item;
  });
  const heading = element("h2", { tabindex: "-1" }, `${data.names[code]}: ${label}`);
  const said = statements.length ? element("ul", {}, ...statements) : element("p", {}, "No statement stands behind this cell.");
  const marks = [...used].map((origin) => element("p", { class: "origins" }, `${data.marks[origin][0]} ${data.marks[origin][1]}`));
  document.getElementById("cell").replaceChildren(heading, element("p", {}, words), said, ...marks);
  heading.focus();
}

/** Let the reader take away what is chosen: as tables, and as a picture of the matrix as it stands. */
function offer(data, form) {
  const made = {
    csv: () => [csv(data, chosen(form)), "csv", "text/csv"],
    evidence: () => [evidence(data, chosen(form), location.href), "evidence.csv", "text/csv"],
    png: async () => {
      const { picture } = await import("./picture.mjs");
      const told = [document.getElementById("told").textContent, document.getElementById("cite").textContent];
      return [await picture(document.getElementById("matrix"), document.querySelector("h1").textContent, told), "png", "image/png"];
    },
  };
  const place = document.getElementById("chosen");
  for (const button of place.querySelectorAll("button")) {
    button.addEventListener("click", async () => {
      const { save } = await import("./parts.js");
      const [content, ending, type] = await made[button.value]();
      save(`${data.axis}.${ending}`, content, type);
    });
  }
  place.hidden = false;
}

async function start() {
  const form = document.getElementById("choices");
  const data = await (await fetch(form.dataset.source)).json();
  const countries = document.getElementById("countries");
  for (const [code, name] of Object.entries(data.names)) {
    countries.append(element("label", {}, element("input", { type: "checkbox", value: code }), ` ${name}`));
  }
  restore(data, form);
  form.hidden = false;
  offer(data, form);
  form.addEventListener("input", () => draw(data, form));
  window.addEventListener("hashchange", () => { restore(data, form); draw(data, form); });
  draw(data, form);
}

if (typeof document !== "undefined") start();
