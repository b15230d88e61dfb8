// What a reader means by the words of a search: a country by any name, then the rest, with up to two typing errors.
import MiniSearch from "../vendor/minisearch/index.js";
import { distance } from "./parts.js";

export const kinds = ["country", "plan", "theme", "words", "body", "question", "term"];
const alike = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", þ: "th", ə: "e" };
const stop = new Set(
  ("a an and as at by do does for from has have how in is it of on or that the their this to what which who with " +
    "au aux ce dans de des du en et est la le les leur ou par pour que qui quels sur un une " +
    "al como con cual del el los las para por se sin su una uno y").split(" "),
);
const short = new Set(["eu", "uae", "uk", "us", "usa"]); // which need no capitals; other codes could be words
const longestName = 7; // words

/** Fold a text as it is compared: small letters without accents, one space between words. */
export function fold(text) {
  const plain = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return plain.replace(/[ßæœøđðłıþə]/g, (letter) => alike[letter]).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** How many typing errors a word of this length may have. */
const errors = (term) => (/^\p{N}+$/u.test(term) || term.length < 5 ? 0 : term.length < 7 ? 1 : 2);
const words = (text) => fold(text).split(" ").filter(Boolean);

export class Finder {
  constructor() {
    this.entries = [];
    this.named = new Map(); // folded name to codes
    this.countries = new Map();
    this.index = new MiniSearch({
      fields: ["title", "also", "line"],
      tokenize: words,
      processTerm: (term) => (stop.has(term) ? null : term),
    });
  }

  /** Add entries, each [kind, what, title, place, code, line, other names, origin]. */
  add(listed) {
    const made = listed.map(([kind, what, title, place, code, line, also, origin], number) => ({
      id: this.entries.length + number,
      kind: kinds[kind],
      ...{ what, title, place, code, line, origin },
      names: also,
      also: also.join(" "),
    }));
    for (const entry of made.filter(({ kind }) => kind === "country")) {
      this.countries.set(entry.code, entry);
      for (const name of [entry.title, ...entry.names].map(fold)) {
        this.named.set(name, new Set([...(this.named.get(name) ?? []), entry.code]));
      }
    }
    this.entries.push(...made);
    this.index.addAll(made);
  }

  known(term, options = {}) {
    return this.index.search(term, { prefix: true, ...options }).length > 0;
  }

  /** Return the nearest to a word among all that there are, by one or two errors; of several, the most frequent. */
  nearest(term) {
    const counts = new Map();
    for (const { terms } of this.index.search(term, { fuzzy: errors(term) })) {
      for (const each of terms) counts.set(each, (counts.get(each) ?? 0) + 1);
    }
    const best = [...counts].map(([each, number]) => [distance(term, each) - number / 1e6, each]);
    return best.sort((one, other) => one[0] - other[0])[0]?.[1];
  }

  /** Return the countries that a text names, the other words, and whether a name had to be guessed. */
  places(text, asTyped) {
    const pieces = text.trim().split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);
    const codes = [];
    const rest = [];
    let guessed = false;
    for (let at = 0; at < pieces.length; ) {
      let taken = 0;
      for (let size = Math.min(longestName, pieces.length - at); size > 0 && !taken; size -= 1) {
        const name = fold(pieces.slice(at, at + size).join(" "));
        const meant = [...(this.named.get(name) ?? [])];
        const named = name.length > 3 || short.has(name) || pieces.length === 1 || pieces[at] === pieces[at].toUpperCase();
        if (meant.length === 1 && named) {
          codes.push(meant[0]);
          taken = size;
        }
      }
      const word = fold(pieces[at]);
      if (!taken && !asTyped && word.length > 3 && !this.known(word)) {
        const near = this.nearest(word);
        const meant = new Set([...this.named].filter(([name]) => name.split(" ").includes(near)).flatMap(([, each]) => [...each]));
        if (near?.length > 3 && meant.size === 1) {
          codes.push(...meant);
          guessed = true;
          taken = 1;
        }
      }
      if (!taken) rest.push(word);
      at += taken || 1;
    }
    return { codes: [...new Set(codes)], rest: rest.filter((word) => !stop.has(word)), guessed };
  }

  /** Return what is found: countries meant, words looked for in place of those typed, and the entries, the best first. */
  find(text, asTyped = false) {
    const { codes, rest, guessed } = this.places(text, asTyped);
    const meant = rest.map((term) => (asTyped || this.known(term) ? term : (this.nearest(term) ?? term)));
    const changed = guessed || meant.some((term, number) => term !== rest[number]);
    const within = codes.map((code) => this.countries.get(code));
    let found = [];
    if (meant.length) {
      const options = { prefix: true, boost: { title: 3, also: 2 }, boostDocument: (id) => (this.entries[id].kind === "theme" ? 2 : 1) };
      const hits = this.index.search(meant.join(" "), { ...options, combineWith: "AND" });
      const some = hits.length ? hits : this.index.search(meant.join(" "), { ...options, combineWith: "OR" });
      found = some.map(({ id }) => this.entries[id]);
      if (!asTyped && !found.some(({ kind }) => kind === "words")) {
        // What plans say in a spelling that is near.
        const near = this.index.search(meant.join(" "), { ...options, fuzzy: errors, combineWith: "AND" });
        found.push(...near.map(({ id }) => this.entries[id]).filter((entry) => !found.includes(entry)));
      }
    }
    const inside = ({ code }) => codes.includes(code);
    const hits = new Set(found);
    const plans = codes.length ? this.entries.filter((entry) => entry.kind === "plan" && inside(entry)) : [];
    const first = [...within, ...plans.sort((one, other) => hits.has(other) - hits.has(one))];
    const others = found.filter((entry) => !first.includes(entry) && !(codes.length && entry.kind === "plan"));
    others.sort((one, other) => codes.length && inside(other) - inside(one));
    const isTheme = ({ id }) => this.entries[id].place.startsWith("theme/");
    const [named] = meant.length ? this.index.search(meant.join(" "), { prefix: true, fields: ["title", "also"], combineWith: "AND", filter: isTheme }) : [];
    const theme = named && this.entries[named.id];
    return { codes, within, meant, typed: rest, changed, theme, entries: [...first, ...others], hits };
  }

  /** Return the names that are nearest to a text of which nothing was found. */
  near(text) {
    const found = this.index.search(text, { fuzzy: 0.5, maxFuzzy: 4, prefix: true, fields: ["title", "also"] });
    const named = found.map(({ id }) => this.entries[id]).filter(({ kind }) => ["country", "plan", "theme"].includes(kind));
    return named.slice(0, 5);
  }
}
