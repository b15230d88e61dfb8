// The page "Ask the data": saved queries with their parameters, an editor, and the answer as a table and as files.
import { count, distance, element, read, root, save, settings, size } from "./parts.js";
import { bound, choose, field } from "./saved.js";

const about = settings();
const shown = 500; // rows in the page; the files hold all
const types = {
  CSV: ["csv", "text/csv"],
  JSON: ["json", "application/sparql-results+json"],
  TSV: ["tsv", "text/tab-separated-values"],
  Turtle: ["ttl", "text/turtle"],
};
const at = (id) => document.getElementById(id);

let editor = { getValue: () => at("query").value, setValue: (text) => (at("query").value = text) };
let engine = null;
let waiting = null;
let chosen = null;
let asked = null;
let labels = null;
let paged = null;

function say(words, isError = false) {
  at("status").textContent = words;
  at("status").classList.toggle("error", isError);
}

// The engine: loaded when first asked, ended and made anew when a query is stopped.
function start() {
  engine ??= new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./sparql-worker.js", import.meta.url), { type: "module" });
    worker.onerror = () => reject(new Error("The query engine could not be started."));
    worker.onmessage = ({ data }) => {
      if (data.kind === "progress") {
        at("progress").hidden = false;
        at("progress").max = data.total;
        at("progress").value = Math.min(data.loaded, data.total);
        say(`Loading the data: ${size(data.loaded)} of ${size(data.total)}.`);
      } else if (data.kind === "ready") {
        at("progress").hidden = true;
        say(`${count(data.triples, "statement", "statements")} loaded. From here on no network is needed.`);
        paged = data.paged;
        resolve(worker);
      } else if (waiting) {
        const { done, failed } = waiting;
        waiting = null;
        if (data.kind === "answer") done(data);
        else failed(new Error(data.message));
      } else if (data.kind === "error") {
        reject(new Error(data.message));
      }
    };
    say("Loading the query engine.");
    const file = { ...about.file, url: new URL(about.file.path, root).href };
    worker.postMessage({ kind: "load", file, stated: about.stated, base: about.base });
    stop.worker = worker;
  });
  return engine;
}

function stop() {
  stop.worker?.terminate();
  waiting?.failed(new Error("Stopped."));
  waiting = engine = null;
}

async function ask(request) {
  const worker = await start();
  return new Promise((done, failed) => {
    waiting = { done, failed };
    worker.postMessage({ kind: "ask", ...request });
  });
}

async function run() {
  const text = editor.getValue();
  const asserted = chosen?.asserted === true && text === bound(chosen, values());
  asked = { text, asserted };
  at("run").disabled = true;
  at("stop").disabled = false;
  at("answer").replaceChildren();
  try {
    await start();
    labels ??= named(await ask({ text: about.labels }));
    say("Asking.");
    const began = performance.now();
    const answer = await ask(asked);
    show(answer, (performance.now() - began) / 1000);
  } catch (error) {
    say(explained(error.message), error.message !== "Stopped.");
    if (/could not be (read|started)/.test(error.message)) stop();
  }
  at("run").disabled = false;
  at("stop").disabled = true;
}

function named({ content }) {
  const rows = JSON.parse(content).results.bindings;
  return new Map(rows.map(({ resource, label }) => [resource.value, label.value]));
}

function explained(message) {
  if (message === "Stopped.") return "Stopped. The next query loads the data again, from the browser's own copy.";
  const place = /^error at (\d+):(\d+): expected ([^]*)$/.exec(message);
  if (!place) return message;
  const near = place[3].length > 200 ? "Something else is expected there." : `Expected there: ${place[3]}.`;
  return `This is not valid SPARQL: look at line ${place[1]}, column ${place[2]}. ${near}`;
}

function show({ content, format }, seconds) {
  const took = `${seconds.toFixed(2)} s`;
  if (format === "text/turtle") {
    say(`A graph, in ${took}.`);
    at("answer").append(downloads(["Turtle"]), element("pre", { tabindex: "0" }, content.slice(0, 50000)));
    return;
  }
  const { head, results, boolean } = JSON.parse(content);
  if (boolean !== undefined) {
    say(`${boolean ? "Yes" : "No"}, in ${took}.`);
    at("answer").append(downloads(["JSON"]), element("p", { class: "boolean" }, boolean ? "Yes" : "No"));
    return;
  }
  const rows = results.bindings;
  unknown(asked.text);
  const cut = rows.length > shown ? ` The first ${shown} are shown; the files hold all.` : "";
  say(`${count(rows.length, "row", "rows")} in ${took}.${cut}`);
  if (rows.length === 0) return;
  const classes = new Map(head.vars.map((name) => [name, content_(rows.map((row) => row[name]).filter(Boolean))]));
  const names = head.vars.map((name) => element("th", { scope: "col", class: classes.get(name) }, name.replaceAll("_", " ")));
  const cells = (row) => head.vars.map((name) => cell(row[name], classes.get(name)));
  const body = rows.slice(0, shown).map((row) => element("tr", {}, ...cells(row)));
  at("answer").append(
    downloads(["CSV", "JSON", "TSV"]),
    element(
      "div",
      { class: "wide", tabindex: "0", role: "region", "aria-label": "Answer" },
      element("table", {}, element("thead", {}, element("tr", {}, ...names)), element("tbody", {}, ...body)),
    ),
  );
}

// How a column is set, by what is in it: numbers below each other, days unbroken, long texts wide.
function content_(terms) {
  const every = (fits) => terms.length > 0 && terms.every((term) => term.type === "literal" && fits(term));
  if (every(({ datatype }) => /#(integer|decimal|double|float)$/.test(datatype ?? ""))) return "number";
  if (every(({ value }) => /^\d{4}(-\d\d){0,2}$/.test(value))) return "day";
  const length = terms.reduce((sum, { type, value }) => sum + (type === "uri" ? (labels.get(value) ?? "").length : value.length), 0);
  return length > 60 * terms.length ? "long" : null;
}

function cell(term, kind) {
  if (!term) return element("td");
  if (term.type === "uri") return element("td", { class: kind, dir: "auto" }, link(term.value));
  const language = term["xml:lang"];
  return element("td", { class: kind, lang: language, dir: "auto" }, term.type === "bnode" ? `_:${term.value}` : term.value);
}

// Terms of the query that nothing states, with those that are near: a click puts one in their place.
function unknown(text) {
  const plain = text.replace(/("""|'''|"|')(?:\\[^]|(?!\1)[^])*?\1/g, "").replace(/(^|\s)#.*$/gm, "");
  const spaces = { ...about.prefixes };
  for (const [, name, space] of plain.matchAll(/PREFIX\s+([\w-]*):\s*<([^>]*)>/gi)) spaces[name] = space;
  const body = plain.replace(/PREFIX\s+[\w-]*:\s*<[^>]*>/gi, "");
  const used = new Map([...body.matchAll(/<([^<>\s]+)>/g)].map(([written, iri]) => [written, iri]));
  for (const [written, name, local] of body.matchAll(/(?<![\w?$:<])([A-Za-z][\w-]*):([\w.-]*[\w-])/g)) {
    if (spaces[name]) used.set(written, spaces[name] + local);
  }
  for (const [written, iri] of used) {
    if (!iri.startsWith(about.base) || paged.has(iri)) continue;
    const space = iri.slice(0, Math.max(iri.lastIndexOf("/"), iri.lastIndexOf("#")) + 1);
    const beside = [...paged].filter((each) => each.startsWith(space) && !/[/#]/.test(each.slice(space.length)));
    const ranked = beside.map((each) => [distance(each.toLowerCase(), iri.toLowerCase()), each]).sort((one, other) => one[0] - other[0]);
    const near = ranked.slice(0, 3).filter(([far]) => far <= Math.max(2, (iri.length - space.length) / 2));
    const put = (each) => () => editor.setValue(editor.getValue().split(written).join(written.startsWith("<") ? `<${each}>` : shortened(each)));
    const buttons = near.map(([, each]) => element("button", { type: "button", onclick: put(each) }, `${shortened(each)} (${labels.get(each) ?? "no name"})`));
    at("answer").append(element("p", { class: "notice actions" }, element("strong", {}, `Nothing is stated with ${written}.`), buttons.length ? " Near to it:" : "", ...buttons));
  }
}

// An address of the graph leads to its page here if it has one, another web address to where it lies; the rest is words.
function link(iri) {
  const words = labels.get(iri) ?? shortened(iri);
  const [place, mark] = iri.slice(about.base.length).split("#");
  if (iri.startsWith(about.base) && !paged.has(iri)) return element("span", { title: iri }, words);
  if (iri.startsWith(about.base) && /^[a-z0-9]+(?:[._/-][a-z0-9]+)*\/?$/.test(place)) {
    const page = new URL(`${place.replace(/\/$/, "")}/${mark ? `#${mark}` : ""}`, root);
    return element("a", { href: page, title: iri }, words);
  }
  return /^https?:/.test(iri) ? element("a", { href: iri, title: iri, rel: "noreferrer" }, words) : words;
}

function shortened(iri) {
  const fitting = Object.entries(about.prefixes).filter(([, space]) => iri.startsWith(space));
  const [name, space] = fitting.sort((one, other) => other[1].length - one[1].length)[0] ?? [];
  return name ? `${name}:${iri.slice(space.length)}` : iri;
}

function downloads(names) {
  const buttons = names.map((name) =>
    element("button", { type: "button", class: "quiet", onclick: () => file(name) }, `Download ${name}`),
  );
  return element("p", { class: "actions" }, ...buttons);
}

async function file(name) {
  const [ending, type] = types[name];
  try {
    const { content } = await ask({ ...asked, format: type });
    save(`${chosen?.name ?? "answer"}.${ending}`, content, type);
  } catch (error) {
    say(explained(error.message), true);
  }
}

// The saved queries.
function values() {
  return Object.fromEntries([...new FormData(at("parameters"))].filter(([, value]) => value !== ""));
}

function take(query, given = {}) {
  chosen = query;
  for (const button of document.querySelectorAll("#saved button")) {
    button.setAttribute("aria-pressed", String(button.dataset.name === query.name));
  }
  at("question").textContent = query.question;
  at("words").textContent = query.description;
  at("parameters").replaceChildren(...query.parameters.map((parameter) => field(parameter, given[parameter.name])));
  editor.setValue(bound(query, values()));
}

function remember() {
  const own = chosen?.name && editor.getValue() === bound(chosen, values());
  const kept = own ? { q: chosen.name, ...values() } : { query: editor.getValue() };
  history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
}

async function edit() {
  const { Yasqe } = await import("../vendor/yasqe/yasqe.esm.js");
  const old = at("query");
  const text = old.value;
  const label = old.getAttribute("aria-label");
  const place = element("div", { id: "editor" });
  old.replaceWith(place);
  editor = new Yasqe(place, {
    value: text,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    prefixCcApi: null,
    autocompleters: [],
    editorHeight: "22rem",
    viewportMargin: Infinity,
    // Tab leaves the editor, as the keyboard alone must suffice.
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-/": (here) => here.commentLines() },
  });
  editor.getInputField().setAttribute("aria-label", label);
  const scroller = editor.getScrollerElement();
  Object.assign(scroller, { tabIndex: 0, role: "group", ariaLabel: `${label}, to scroll` });
}

async function begin() {
  const { queries, choices } = await read(about.queries);
  for (const { parameters } of queries) for (const parameter of parameters) parameter.choices = choices[parameter.kind];
  choose(at("saved"), queries, (query) => {
    take(query);
    remember();
  });
  at("parameters").addEventListener("input", () => {
    if (at("parameters").checkValidity()) editor.setValue(bound(chosen, values()));
    remember();
  });
  at("parameters").addEventListener("submit", (event) => event.preventDefault());
  at("run").addEventListener("click", () => {
    remember();
    run();
  });
  at("stop").addEventListener("click", stop);
  await edit();
  for (const button of document.querySelectorAll("#starters button")) {
    button.addEventListener("click", () => {
      take(queries.find(({ name }) => name === button.dataset.name) ?? { ...queries[0], name: "", question: button.textContent, text: button.dataset.query, parameters: [], description: "", asserted: false });
      remember();
      run().then(() => at("status").scrollIntoView({ block: "nearest" }));
    });
  }
  const kept = Object.fromEntries([...new URLSearchParams(location.search), ...new URLSearchParams(location.hash.slice(1))]);
  const named = queries.find((query) => query.name === kept.q) ?? queries.find((query) => query.name === about.first);
  take(named ?? queries[0], kept);
  if (kept.query) editor.setValue(kept.query);
  at("run").disabled = false;
  for (const button of document.querySelectorAll("#starters button")) button.disabled = false;
}

begin().catch((error) => say(error.message, true));
