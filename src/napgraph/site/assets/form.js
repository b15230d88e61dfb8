// The page "Fill in a plan": the fields of the workbook, a draft in the browser, and napgraph's own Python behind it.
import { fields } from "./fields.js";
import { put, summary } from "./findings.js";
import { count, element, read, save, settings } from "./parts.js";
import { Python } from "./python.js";
import { Steps } from "./steps.js";

const about = settings();
const key = "napgraph-draft";
const at = (id) => document.getElementById(id);
const steps = new Steps(at("steps"), {
  load: `Loading Python and the rules (${about.megabytes} MB, once)`,
  rules: "Reading the rules",
  work: "Working on the draft",
});
const python = new Python(about, ({ step, share }) => steps.at(step, share));

let form = null;
let draft = null;
let current = "document";

function say(text, isError = false) {
  at("status").textContent = text;
  at("status").classList.toggle("error", isError);
}

function keep() {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    say("This browser keeps no drafts: take the workbook out before you leave the page.", true);
  }
}

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found?.records ? found : null;
  } catch {
    return null;
  }
}

const fresh = (language) => ({ language, shown: language, records: structuredClone(form.start), statements: [] });
const records = (sheet) => (draft.records[sheet] ??= []);

/** Return how many needed fields of a sheet are still empty. */
function needed(sheet) {
  const names = sheet.fields.filter(({ need }) => need === "required").map(({ name }) => name);
  return records(sheet.name).reduce((sum, record) => sum + names.filter((name) => !record[name]).length, 0);
}

function draw() {
  at("sheets").replaceChildren(
    ...form.sheets.map((sheet) => {
      const number = records(sheet.name).length;
      const open = () => show(sheet.name);
      const current_ = sheet.name === current ? "true" : null;
      const button = element("button", { type: "button", "aria-current": current_, onclick: open }, sheet.label);
      const open_ = needed(sheet);
      const marks = [number ? String(number) : "", open_ ? `● ${open_}` : ""].filter(Boolean).join(" · ");
      return element("li", {}, button, marks ? element("small", { title: open_ ? `${form.words.required}: ${open_}` : null }, ` ${marks}`) : null);
    }),
  );
}

function show(name, focus = true) {
  current = name;
  draw();
  const sheet = form.sheets.find((each) => each.name === name);
  const title = element("h2", { id: "sheet-title", tabindex: "-1" }, sheet.label);
  const rows = records(name).map((record, number) => card(sheet, record, number));
  const add = element("button", { type: "button", class: "add", onclick: () => insert(sheet) }, `Add: ${sheet.label}`);
  at("sheet").replaceChildren(title, element("p", { lang: form.language }, sheet.help), ...rows, add);
  if (focus) title.focus();
}

function insert(sheet) {
  records(sheet.name).push({});
  keep();
  show(sheet.name, false);
  at("sheet").querySelector(".card:last-of-type :is(input, select, textarea)").focus();
}

function card(sheet, record, number) {
  const remove = () => {
    records(sheet.name).splice(number, 1);
    keep();
    show(sheet.name);
  };
  const change = (name, value) => {
    if (value) record[name] = value;
    else delete record[name];
    keep();
    draw();
  };
  const legend = element("legend", {}, `${sheet.label} ${number + 1}`);
  const button = element("button", { type: "button", onclick: remove }, `Remove ${number + 1}`);
  return element("fieldset", { class: "card" }, legend, ...fields(sheet, record, number, form, change), button);
}

// What Python does, step by step, with one way to tell what went wrong.
async function work(task) {
  const buttons = [at("check"), at("workbook"), at("turtle"), at("open"), at("new")];
  say("");
  at("report").replaceChildren();
  for (const each of buttons) each.disabled = true;
  at("stop").disabled = false;
  try {
    await python.start();
    steps.at("work");
    await task();
  } catch (error) {
    say(error.message, error.message !== "Stopped.");
  }
  steps.end();
  for (const each of buttons) each.disabled = false;
  at("stop").disabled = true;
}

const workbook = () => python.call("workbook", JSON.stringify(draft));

const tasks = {
  async check() {
    const [report] = JSON.parse(await python.call("checked", "draft.xlsx", await workbook(), draft.shown));
    put(await python.call("page"), at("report"), place);
    say(summary(report), !report.conforms);
  },
  async workbook() {
    save("plan.xlsx", await workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    say("The workbook holds everything that you filled in.");
  },
  async turtle() {
    save("plan.ttl", await python.call("written", "draft.xlsx", await workbook(), "turtle"), "text/turtle");
    say("The Turtle holds everything that could be read. Check tells what could not.");
  },
};

/** Return what the field of a cell such as Document!C7 is called, and what opens it; nothing if there is none. */
function place(text) {
  const [, title, letters, digits] = /^(.+)!([A-Z]+)(\d+)$/.exec(text) ?? [];
  const sheet = form.sheets.find((each) => each.label === title);
  if (!sheet) return null;
  const across = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  const [record, column] = sheet.down ? [across - 2, digits - 1] : [digits - 2, across - 1];
  const field = sheet.fields[column];
  if (!field || !records(sheet.name)[record]) return null;
  const open = () => {
    show(sheet.name, false);
    const input = at(`${sheet.name}-${record}-${field.name}`);
    input.closest("details")?.setAttribute("open", "");
    input.focus();
  };
  return { words: `${field.label} (${sheet.label}${records(sheet.name).length > 1 ? ` ${record + 1}` : ""})`, open };
}

async function open(file) {
  const content = new Uint8Array(await file.arrayBuffer());
  await work(async () => {
    draft = JSON.parse(await python.call("draft", file.name, content, form.language));
    keep();
    show("document", false);
    const others = draft.statements.length;
    const told = others ? ` ${count(others, "statement has", "statements have")} no field here and are kept beside them.` : "";
    say(`${file.name} is open in the form.${told}`);
  });
}

async function speak(language) {
  form = await read(`submit/form-${language}.json`);
  at("language").value = language;
  at("sheets").lang = at("sheet").lang = language;
  draft ??= kept() ?? fresh(language);
  draft.shown = language;
  show(current, false);
}

for (const [name, task] of Object.entries(tasks)) at(name).addEventListener("click", () => work(task));
at("stop").addEventListener("click", () => python.stop());
at("open").addEventListener("change", () => at("open").files[0] && open(at("open").files[0]));
at("language").addEventListener("change", () => speak(at("language").value).then(keep));
at("new").addEventListener("click", () => {
  if (!confirm("Start anew? The draft in this browser is removed.")) return;
  localStorage.removeItem(key);
  draft = fresh(form.language);
  at("report").replaceChildren();
  show("document");
  say("A new draft.");
});
speak(kept()?.shown ?? "en").catch((error) => say(error.message, true));
