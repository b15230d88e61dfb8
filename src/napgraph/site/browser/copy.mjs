// Copy what the pages of the site load from node_modules to ../vendor, with the licence of every package in it.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const vendor = path.join(here, "..", "vendor");
const parts = {
  minisearch: ["minisearch/dist/es", "index.js"],
  oxigraph: ["oxigraph", "web.js", "web_bg.wasm"],
  pyodide: ["pyodide", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"],
  yasqe: ["@zazuko/yasqe/build", "yasqe.esm.js", "yasqe.min.css"],
};

fs.rmSync(vendor, { recursive: true, force: true });
for (const [name, [folder, ...files]] of Object.entries(parts)) {
  fs.mkdirSync(path.join(vendor, name), { recursive: true });
  for (const file of files) {
    const content = fs.readFileSync(path.join(modules, folder, file));
    // A map of the source is not shipped, so nobody should look for it.
    const told = /\.m?js$/.test(file) ? content.toString().replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n") : content;
    // Of one part, two thirds are comments.
    fs.writeFileSync(path.join(vendor, name, file), name === "minisearch" ? told.replace(/^ *\/\*\*[^]*?\*\/\n/gm, "") : told);
  }
}

// The lock file says which packages belong to the pages (the others are for tests) and under which licence.
const { packages } = JSON.parse(fs.readFileSync(path.join(here, "package-lock.json"), "utf8"));
const texts = Object.entries(packages)
  .filter(([place, { dev }]) => place && !dev)
  .map(([place, { version, license }]) => {
    const folder = path.join(here, place);
    const { author, homepage } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    const own = fs.readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name));
    const told = own.map((name) => fs.readFileSync(path.join(folder, name), "utf8").trim());
    const by = author?.name ?? author ?? homepage ?? "its authors";
    const head = `${place.replace("node_modules/", "")} ${version}: ${license}, by ${by}`;
    return [head, ...(told.length ? told : [`The package holds no text of its licence, ${license}; see below.`])].join("\n\n");
  });
const general = fs.readFileSync(path.join(here, "general-licences.txt"), "utf8").trim();
fs.writeFileSync(path.join(vendor, "LICENSES.txt"), `${[...texts, general].join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
