// What the interactive pages share: elements, sizes in words, files for the reader, and where the site lies.

export const root = new URL("../", import.meta.url);

/** Make an element; text goes in as text, so no value can become markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function count(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** Give a file to the reader, made here and sent nowhere. */
export function save(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** Read what the page was built with: the JSON in its element of type application/json. */
export function settings() {
  return JSON.parse(document.getElementById("settings").textContent);
}

export async function read(path) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(`${path} could not be read (status ${answer.status}).`);
  return answer.json();
}

/** How many letters must be put in, left out or changed to make one word the other. */
export function distance(one, other) {
  let row = [...other].map((_, at) => at + 1);
  row.unshift(0);
  for (const [above, letter] of [...one].entries()) {
    const next = [above + 1];
    for (let at = 0; at < other.length; at += 1) {
      next.push(Math.min(next[at] + 1, row[at + 1] + 1, row[at] + (letter === other[at] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1);
}
