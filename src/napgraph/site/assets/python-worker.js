// napgraph's own Python in the page, in a worker so that it can be stopped; nothing that it reads is sent anywhere.
//
// In:  { kind: "start", archive, language }, then { kind: "call", id, name, given }.
// Out: { kind: "progress", loaded }, { kind: "step", step }, { kind: "ready" },
//      { kind: "answer", id, value }, { kind: "error", id, message }.
import init, * as oxigraph from "../vendor/oxigraph/web.js";
import { loadPyodide } from "../vendor/pyodide/pyodide.mjs";
import { bridge } from "./oxigraph-page.js";

let python = null;
let page = null;
let loaded = 0;

// What is loaded is counted as it comes in, whoever asks for it.
const fetched = self.fetch.bind(self);
self.fetch = async (...given) => {
  const { body, status, headers, ok } = await fetched(...given);
  if (!ok) throw new Error(`${given[0].url ?? given[0]} could not be read (status ${status}).`);
  const counting = new TransformStream({
    transform(piece, out) {
      loaded += piece.length;
      self.postMessage({ kind: "progress", loaded });
      out.enqueue(piece);
    },
  });
  return new Response(body.pipeThrough(counting), { status, headers });
};

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "start") {
      await start(data);
      self.postMessage({ kind: "ready" });
    } else {
      self.postMessage({ kind: "answer", id: data.id, value: call(data.name, data.given) });
    }
  } catch (error) {
    const lines = String(error.message ?? error).trim().split("\n");
    self.postMessage({ kind: "error", id: data.id, message: lines.at(-1) });
  }
};

async function start({ archive, language }) {
  const [packed] = await Promise.all([self.fetch(archive), init()]);
  python = await loadPyodide();
  python.registerJsModule("oxigraph_page", bridge(oxigraph));
  python.unpackArchive(await packed.arrayBuffer(), "zip", { extractDir: "/lib/page" });
  python.runPython("import sys; sys.path.insert(0, '/lib/page')");
  page = python.pyimport("napgraph_page");
  self.postMessage({ kind: "step", step: "rules" });
  call("ready", [language]);
}

function call(name, given) {
  const made = page.answer(name, ...given.map((each) => (each instanceof Uint8Array ? python.toPy(each) : each)));
  const [problem, value] = made.toJs();
  made.destroy();
  if (problem) throw new Error(problem);
  return value;
}
