// The page "Search": every word that is typed must begin a word of an entry; a hit in the name counts most.
import { count, element, read, root, settings } from "./parts.js";

const shown = 60;
const alike = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", þ: "th", ə: "e" };
const at = (id) => document.getElementById(id);
let entries = [];

/** Fold a text as it is compared: small letters without accents, one space between words. */
export function fold(text) {
  const plain = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return ` ${plain.replace(/[ßæœøđðłıþə]/g, (letter) => alike[letter]).replace(/[^\p{L}\p{N}]+/gu, " ").trim()}`;
}

/** Return the entries that hold every word, the best first. */
export function find(listed, text) {
  const words = fold(text).split(" ").filter(Boolean);
  if (!words.length) return [];
  const found = [];
  for (const entry of listed) {
    let score = 0;
    for (const word of words) {
      const start = ` ${word}`;
      const named = entry.name.includes(start);
      if (!named && !entry.all.includes(start)) {
        score = -1;
        break;
      }
      score += named ? (`${entry.name} `.includes(`${start} `) ? 6 : 4) : 1;
    }
    if (score > 0) found.push([score + (entry.name === fold(text) ? 10 : 0) - entry.name.length / 1000, entry]);
  }
  return found.sort((one, other) => other[0] - one[0]).map(([, entry]) => entry);
}

function show() {
  const text = at("typed").value.trim();
  const found = find(entries, text);
  history.replaceState(null, "", text ? `#${encodeURIComponent(text)}` : location.pathname);
  const more = found.length > shown ? ` The first ${shown} are shown; another word narrows them.` : "";
  at("status").textContent = !text ? "" : found.length ? `${count(found.length, "entry", "entries")}.${more}` : "Nothing has all of these words.";
  at("found").replaceChildren(
    ...found.slice(0, shown).map(({ title, place, kind, words }) =>
      element(
        "li",
        {},
        element("a", { href: new URL(place, root) }, title),
        kind ? element("small", {}, ` ${kind}`) : null,
        words ? element("p", {}, words.length > 200 ? `${words.slice(0, 200)} …` : words) : null,
      ),
    ),
  );
}

async function begin() {
  const listed = await read(settings().index);
  entries = listed.map(([title, place, kind, words]) => {
    const name = fold(title);
    return { title, place, kind, words, name, all: `${name}${fold(words)}${fold(kind)}` };
  });
  at("typed").value = decodeURIComponent(location.hash.slice(1));
  at("typed").addEventListener("input", show);
  if (at("typed").value) show();
}

if (typeof document !== "undefined") begin().catch((error) => (at("status").textContent = error.message));
