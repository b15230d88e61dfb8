// Saved queries in the page: the list, a field per parameter, and the values put into the query's visible slots.
import { element } from "./parts.js";

const space = "http://www.w3.org/2001/XMLSchema#";

/** List the queries by topic, each as a button with its question. */
export function choose(place, queries, take) {
  const topics = Map.groupBy ? Map.groupBy(queries, (query) => query.topic) : grouped(queries);
  const inside = element("details", {}, element("summary", {}, "What the project asks itself"));
  for (const [topic, members] of topics) {
    const buttons = members.map((query) =>
      element(
        "li",
        {},
        element("button", { type: "button", "data-name": query.name, "aria-pressed": "false", onclick: () => take(query) }, query.question),
      ),
    );
    const made = element("details", { open: topic === queries[0].topic }, element("summary", {}, topic), element("ul", {}, ...buttons));
    if (members[0].internal) inside.append(made);
    else place.append(made);
  }
  place.append(inside);
}

function grouped(queries) {
  const made = new Map();
  for (const query of queries) made.set(query.topic, [...(made.get(query.topic) ?? []), query]);
  return made;
}

/** Make the field of a parameter: a list where the values are known, else a line to write on. */
export function field(parameter, given) {
  const id = `parameter-${parameter.name}`;
  const { choices, kind } = parameter;
  let input;
  if (choices) {
    const options = choices.filter(([, words]) => words !== parameter.default).map(([term, words]) => element("option", { value: term, selected: term === given }, words));
    const none = element("option", { value: "" }, parameter.default || "All");
    input = element("select", { id, name: parameter.name }, none, ...options);
  } else {
    const shapes = {
      date: { type: "date" },
      integer: { type: "text", inputmode: "numeric", pattern: "[+\\-]?[0-9]{1,18}", title: "A whole number" },
      iri: { type: "text", pattern: "[A-Za-z][A-Za-z0-9+.\\-]*:[^<>\"\\{\\}\\|\\^`\\\\\\s]+", title: "A full address" },
    };
    input = element("input", { id, name: parameter.name, value: given, ...(shapes[kind] ?? { type: "text" }) });
  }
  const label = element("label", { for: id }, parameter.name);
  return element("div", { class: "field" }, label, input, element("small", {}, parameter.words));
}

/** Return the text of a query with each given value in its slot, as a term. */
export function bound(query, given) {
  let text = query.text;
  for (const { name, kind, choices } of query.parameters) {
    if (!(name in given)) continue;
    const value = choices ? choices.find(([known]) => known === given[name])?.[0] : term(kind, given[name]);
    if (value) text = text.replace(new RegExp(`VALUES \\?${name} \\{ [^{}\\n]* \\}`, "g"), () => `VALUES ?${name} { ${value} }`);
  }
  return text;
}

function term(kind, value) {
  if (kind === "iri") return /^[a-z][a-z0-9+.-]*:[^<>"{}|^`\\\s]+$/i.test(value) ? `<${value}>` : null;
  if (kind === "integer") return /^[+-]?\d{1,18}$/.test(value) ? `"${value}"^^<${space}integer>` : null;
  if (kind === "date") return /^\d{4}-\d\d-\d\d$/.test(value) ? `"${value}"^^<${space}date>` : null;
  return JSON.stringify(value);
}
