// What Python in the page needs of Oxigraph, as plain texts: see napgraph/site/browser/engine.

const json = "application/sparql-results+json";

/** Return the module that Python imports as oxigraph_page. */
export function bridge({ Store, literal, namedNode, parse }) {
  const fault = (make) => {
    try {
      make();
      return "";
    } catch (error) {
      return error.message;
    }
  };
  const given = (input) => (typeof input === "string" ? input : input.toJs());
  return {
    faultOfIri: (value) => fault(() => namedNode(value)),
    faultOfLanguage: (tag) => fault(() => literal("", tag)),
    parse(input, format) {
      const quads = [];
      let error = null;
      try {
        // One part, read as it is needed, so that what stands before a mistake is told too.
        for (const quad of parse([given(input)], { format })) quads.push(parts(quad));
      } catch (problem) {
        error = problem.message;
      }
      return JSON.stringify({ quads, error });
    },
    reading(read, format) {
      const chunks = (function* () {
        for (let chunk = read(); chunk.length; chunk = read()) yield chunk.toJs();
      })();
      const quads = parse(chunks, { format })[Symbol.iterator]();
      return {
        next() {
          try {
            const { done, value } = quads.next();
            return done ? "" : JSON.stringify({ quad: parts(value) });
          } catch (problem) {
            return JSON.stringify({ error: problem.message });
          }
        },
      };
    },
    store: () => new Store(),
    extend(store, text) {
      // Loading is faster, and gives nameless resources new names: those are added one by one.
      const [named, nameless] = [[], []];
      for (const line of text.split("\n")) (line.includes("_:") ? nameless : named).push(line);
      store.load(named.join("\n"), { format: "application/n-quads", lenient: true, no_transaction: true });
      const quads = parse(nameless.join("\n"), { format: "application/n-quads", lenient: true });
      for (const quad of quads) store.add(quad);
    },
    content: (store) => JSON.stringify(store.match().map(parts)),
    ask(store, text, union) {
      try {
        return JSON.stringify({ answer: store.query(text, { results_format: json, use_default_graph_as_union: union }) });
      } catch (problem) {
        return JSON.stringify({ error: problem.message });
      }
    },
  };
}

const parts = (quad) => [quad.subject, quad.predicate, quad.object, quad.graph].map(told);

function told(term) {
  switch (term.termType) {
    case "NamedNode":
      return ["iri", term.value];
    case "BlankNode":
      return ["blank", term.value];
    case "Literal":
      return ["literal", term.value, term.datatype.value, term.language || null, term.direction || null];
    case "Quad":
      return ["triple", told(term.subject), told(term.predicate), told(term.object)];
    default:
      return ["default"];
  }
}
