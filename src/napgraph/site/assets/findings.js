// What the checker found, as a table like the one of the command line.
import { count, element } from "./parts.js";

/** Return the sentence that sums a report up. */
export function summary(report) {
  if (report.error) return `${report.source} could not be read as a record.`;
  const found = Object.entries(Object.groupBy ? Object.groupBy(report.findings, level) : grouped(report.findings));
  const parts = found.map(([name, members]) => `${name}: ${members.length}`);
  const verdict = report.conforms ? "Nothing has to be mended." : "Something has to be mended.";
  const what = `${count(report.documents, "document", "documents")}, ${count(report.elements, "part", "parts")} of documents.`;
  return [report.source, what, verdict, parts.length ? `${parts.join("; ")}.` : ""].filter(Boolean).join(" ").replace(" ", ": ");
}

const level = (finding) => finding.level;

function grouped(findings) {
  const made = {};
  for (const finding of findings) (made[level(finding)] ??= []).push(finding);
  return made;
}

/** Return the findings as a table; `opens(place)` gives what a click on a place does, if it leads anywhere. */
export function table(report, opens = () => null) {
  if (!report.findings.length) return element("p", {}, "Nothing was found.");
  const rows = report.findings.map(({ place, level: name, severity, message, fix, title }) =>
    element(
      "tr",
      {},
      element("td", { class: "place" }, where(place, opens(place))),
      element("td", { class: `level ${severity.toLowerCase()}` }, name),
      element("td", {}, element("strong", {}, title), element("br"), message),
      element("td", {}, fix),
    ),
  );
  const head = ["Where", "How grave", "What was found", "How to mend it"].map((words) => element("th", { scope: "col" }, words));
  return element(
    "div",
    { class: "wide", tabindex: "0", role: "region", "aria-label": "Findings" },
    element(
      "table",
      { class: "findings", lang: report.language },
      element("thead", { lang: "en" }, element("tr", {}, ...head)),
      element("tbody", {}, ...rows),
    ),
  );
}

function where(place, open) {
  const words = place.sheet ? `${place.sheet}!${place.cell}` : place.line ? `line ${place.line}` : place.pointer;
  return open ? element("button", { type: "button", onclick: open }, words) : words;
}
