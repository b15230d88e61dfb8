// The query engine of the page "Ask the data": Oxigraph over the published data, in a worker so that it can be stopped.
//
// In:  { kind: "load", files: [{ url, bytes }] }, then { kind: "ask", text, format, asserted }.
// Out: { kind: "progress", loaded, total }, { kind: "ready", triples }, { kind: "answer", content, format },
//      { kind: "error", message }.
import init, { Store } from "../vendor/oxigraph/web.js";

let parts = [];
const stores = new Map();

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "load") await load(data.files);
    else self.postMessage({ kind: "answer", ...ask(data) });
  } catch (error) {
    self.postMessage({ kind: "error", message: String(error.message ?? error) });
  }
};

async function load(files) {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let loaded = 0;
  await init();
  parts = [];
  for (const file of files) {
    const answer = await fetch(file.url);
    if (!answer.ok) throw new Error(`${file.url} could not be read (status ${answer.status}).`);
    const reader = answer.body.getReader();
    const pieces = [];
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      loaded += piece.value.length;
      self.postMessage({ kind: "progress", loaded, total });
    }
    parts.push(await text(new Blob(pieces)));
  }
  self.postMessage({ kind: "ready", triples: store(false).size });
}

// Some hosts unpack .gz files on the way, so the first two bytes decide.
async function text(blob) {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b;
  const stream = packed ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
  return new Response(stream).text();
}

// The first part is what the files state, the others what follows from it.
function store(asserted) {
  if (!stores.has(asserted)) {
    const made = new Store();
    for (const part of asserted ? parts.slice(0, 1) : parts) {
      made.load(part, { format: "application/n-triples", unchecked: true, no_transaction: true });
    }
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
