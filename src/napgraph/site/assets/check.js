// The page "Check a file": the file is read and judged by napgraph's own Python in the page, and goes nowhere.
import { put, summary } from "./findings.js";
import { element, save, settings } from "./parts.js";
import { Python } from "./python.js";
import { Steps } from "./steps.js";

const about = settings();
const at = (id) => document.getElementById(id);
const steps = new Steps(at("steps"), {
  load: `Loading Python and the rules (${about.megabytes} MB, once)`,
  rules: "Reading the rules",
  check: "Reading the file and checking it",
});
const python = new Python(about, ({ step, share }) => steps.at(step, share));
const types = {
  html: "text/html",
  json: "application/json",
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
const words = { html: "Report as a page", xlsx: "Workbook with the findings", csv: "Findings as CSV", json: "Findings as JSON" };
let last = null;

function say(text, isError = false) {
  at("status").textContent = text;
  at("status").classList.toggle("error", isError);
}

async function check(file) {
  last = file;
  at("report").replaceChildren();
  say("");
  at("stop").disabled = false;
  at("file").disabled = true;
  try {
    const content = new Uint8Array(await file.arrayBuffer());
    await python.start();
    steps.at("check");
    const [report] = JSON.parse(await python.call("checked", file.name, content, at("language").value));
    put(await python.call("page"), at("report"));
    at("report").prepend(downloads(file.name));
    say(summary(report), !report.conforms);
  } catch (error) {
    if (error.message !== "Stopped.") python.stop();
    say(error.message === "Stopped." ? "Stopped." : `The file could not be checked here: ${error.message}`, true);
  }
  steps.end();
  at("stop").disabled = true;
  at("file").disabled = false;
}

function downloads(name) {
  const buttons = Object.entries(words).map(([form, text]) =>
    element("button", { type: "button", onclick: () => give(name, form) }, text),
  );
  return element("p", { class: "actions" }, ...buttons);
}

async function give(name, form) {
  try {
    save(`${name.replace(/\.[^.]*$/, "")}.report.${form}`, await python.call("report", form), types[form]);
  } catch (error) {
    say(error.message, true);
  }
}

// What is needed begins to load while the reader looks for the file.
at("file").addEventListener("click", () => {
  python.start().catch((error) => error.message !== "Stopped." && say(error.message, true));
  at("stop").disabled = false;
});
at("file").addEventListener("change", () => at("file").files[0] && check(at("file").files[0]));
at("language").addEventListener("change", () => last && check(last));
at("stop").addEventListener("click", () => python.stop());
for (const kind of ["dragover", "dragenter"]) {
  at("drop").addEventListener(kind, (event) => {
    event.preventDefault();
    at("drop").classList.add("over");
  });
}
at("drop").addEventListener("dragleave", () => at("drop").classList.remove("over"));
at("drop").addEventListener("drop", (event) => {
  event.preventDefault();
  at("drop").classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (file && !at("file").disabled) check(file);
});
// A file that is dropped beside the place for it should not replace the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
at("file").disabled = false;
