// One field of the form for each column of the workbook.
import { element } from "./parts.js";

/** Return the fields of a record: those that are needed or filled in, then the others behind a fold. */
export function fields(sheet, record, number, form, change) {
  const made = sheet.fields.map((field) => [field, one(sheet, field, record, number, form, change)]);
  const first = ([field]) => field.first || record[field.name] !== undefined;
  const more = made.filter((each) => !first(each)).map(([, node]) => node);
  return [
    element("div", { class: "fields" }, ...made.filter(first).map(([, node]) => node)),
    more.length
      ? element("details", {}, element("summary", {}, `${more.length} more fields`), element("div", { class: "fields" }, ...more))
      : null,
  ].filter(Boolean);
}

function one(sheet, field, record, number, form, change) {
  const id = `${sheet.name}-${number}-${field.name}`;
  const value = String(record[field.name] ?? "");
  const need = field.need ? ` (${form.words[field.need] ?? field.need})` : "";
  const hint = [field.help, field.example && !field.choices.length ? `→ ${field.example}` : ""].filter(Boolean).join(" ");
  const common = { id, "aria-describedby": `${id}-help`, "aria-required": field.need === "required" ? "true" : null };
  const write = (event) => change(field.name, event.target.value.trim());
  const parts = field.choices.length ? chosen(field, value, common, write) : [written(field, value, common, write)];
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, field.label + need),
    ...parts,
    element("small", { id: `${id}-help` }, hint),
  );
}

function written(field, value, common, oninput) {
  if (field.kind !== "text") return element("input", { type: "text", value, ...common, oninput });
  const area = element("textarea", { rows: 2, ...common, oninput });
  area.value = value;
  return area;
}

// One value is chosen from the list; several stand in a line, to which the list adds.
function chosen(field, value, common, oninput) {
  const listed = field.choices.map((words) => element("option", { value: words, selected: !field.several && words === value }, words));
  if (!field.several) {
    const own = value && !field.choices.includes(value) ? element("option", { value, selected: true }, value) : null;
    return [element("select", { ...common, onchange: oninput }, element("option", { value: "" }), own, ...listed)];
  }
  const line = element("input", { type: "text", value, ...common, oninput });
  const add = (event) => {
    const words = event.target.value;
    const there = line.value.split(";").map((each) => each.trim()).filter(Boolean);
    if (words && !there.includes(words)) line.value = [...there, words].join("; ");
    event.target.value = "";
    line.dispatchEvent(new Event("input"));
  };
  const list = element("select", { "aria-label": `${field.label} +`, onchange: add }, element("option", { value: "" }, "+"), ...listed);
  return [element("div", { class: "several" }, line, list)];
}
