// What the checker found, as its own report lays it out: the structure of each plan, then each finding with its mend.
import { count } from "./parts.js";

/** Return the sentence that sums a report up. */
export function summary({ source, error, conforms, documents, elements }) {
  if (error) return `${source} could not be read as a record.`;
  const what = `${count(documents, "document", "documents")}, ${count(elements, "part", "parts")} of documents`;
  return `${source}: ${what}. ${conforms ? "Nothing has to be mended." : "Something has to be mended."}`;
}

/** Put the report, a page of its own, into the place for it; `field(place)` gives the field of a cell, if there is one. */
export function put(html, place, field = () => null) {
  // Its own style is for where it stands alone.
  const page = new DOMParser().parseFromString(html.replace(/<style>[^]*?<\/style>/, ""), "text/html");
  const parts = [...page.querySelectorAll("body > header > :not(h1), body > main > :is(section, fieldset)")];
  place.lang = page.documentElement.lang;
  place.replaceChildren(...parts.map((part) => document.importNode(part, true)));
  for (const each of place.querySelectorAll(".place")) {
    const found = field(each.textContent);
    if (!found) continue;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "plain", textContent: found.words });
    button.addEventListener("click", found.open);
    each.replaceChildren(button);
  }
}
