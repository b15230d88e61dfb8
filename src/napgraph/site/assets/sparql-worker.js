// The query engine of the page "Ask the data": Oxigraph over the published data, in a worker so that it can be stopped.
//
// In:  { kind: "load", file: { url, bytes }, stated, base }, then { kind: "ask", text, format, asserted }.
// Out: { kind: "progress", loaded, total }, { kind: "ready", triples, paged }, { kind: "answer", content, format },
//      { kind: "error", message }.
import init, { Store } from "../vendor/oxigraph/web.js";

let whole = null; // the graph as N-Triples, in UTF-8
let stated = 0; // bytes of it that the files state; the others follow from them
const stores = new Map();

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "load") await load(data);
    else self.postMessage({ kind: "answer", ...ask(data) });
  } catch (error) {
    self.postMessage({ kind: "error", message: String(error.message ?? error) });
  }
};

async function load({ file, stated: bytes, base }) {
  await init();
  const answer = await fetch(file.url);
  if (!answer.ok) throw new Error(`${file.url} could not be read (status ${answer.status}).`);
  const pieces = [];
  let loaded = 0;
  const reader = answer.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    pieces.push(piece.value);
    loaded += piece.value.length;
    self.postMessage({ kind: "progress", loaded, total: file.bytes });
  }
  whole = await unpacked(new Blob(pieces));
  stated = bytes;
  self.postMessage({ kind: "ready", triples: store(false).size, paged: paged(base) });
}

// The addresses below a base in what the files state: each of them has a page, and what follows from them has none.
function paged(base) {
  const found = new Set();
  for (let start = 0, end; start < stated; start = end) {
    end = whole.indexOf(10, Math.min(start + 2 ** 20, stated - 1)) + 1 || stated;
    for (const [, iri] of new TextDecoder().decode(whole.subarray(start, end)).matchAll(/<([^>]+)>/g)) {
      if (iri.startsWith(base)) found.add(iri);
    }
  }
  return found;
}

// Some hosts unpack .gz files on the way, so the first two bytes decide.
async function unpacked(blob) {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b;
  const stream = packed ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function store(asserted) {
  if (!stores.has(asserted)) {
    const made = new Store();
    const content = asserted ? whole.subarray(0, stated) : whole;
    made.load(content, { format: "application/n-triples", lenient: true, no_transaction: true });
    stores.set(asserted, made);
  }
  return stores.get(asserted);
}

function ask({ text, format, asserted }) {
  const asked = store(asserted);
  const formats = format ? [format] : ["application/sparql-results+json", "text/turtle"];
  for (const each of formats) {
    try {
      return { content: asked.query(text, { results_format: each }), format: each };
    } catch (error) {
      if (each === formats.at(-1) || !String(error.message).includes("Not supported RDF format")) throw error;
    }
  }
}
