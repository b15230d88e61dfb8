"""One graph that can be asked: the engine that answers, and the saved queries, names and labels that belong to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Self

import pyoxigraph

from ..errors import UnknownNameError
from ..project.language import known, say
from ..rdf.namespaces import BASE, prefixes, slug
from ..tables.columns import About, Column, Value, answered, described
from ..tables.origins import citation
from ..tables.table import Table
from . import text
from .catalogue import Catalogue, SavedQuery, bind
from .engine import Engine
from .jurisdictions import folded, jurisdiction, names_by_code
from .results import Results, columns_and_rows

_PLACE = {"page": "page {number}", "section": "{number}", "paragraph": "paragraph {number}", "item": "item {number}"}


class Names(dict[str, str]):
    """Names by IRI or code; what has none goes by the last part of its IRI."""

    def __missing__(self, key: str) -> str:
        return slug(key)


class _Later(Sequence[str]):
    """Texts that are asked for when somebody looks at them, since most forms of a table do not tell them."""

    def __init__(self, ask: Callable[[], Sequence[str]]) -> None:
        self._ask = ask

    @cached_property
    def _texts(self) -> Sequence[str]:
        return self._ask()

    def __getitem__(self, index: Any) -> Any:
        return self._texts[index]

    def __len__(self) -> int:
        return len(self._texts)


class Session:
    """One set of ontology, data and queries, with what follows from them, asked through an :class:`Engine`.

    Names, places in a source and sentences are in ``language`` (en, fr or es); what a plan says stays in its own.
    """

    def __init__(self, root: str, engine: Engine, language: str = "en") -> None:
        self.root = root
        self.engine = engine
        self.language = known(language)
        self._codes: dict[str, frozenset[str]] = {}
        self._labels: dict[str, str] = {}
        self._asked = set[str]()

    def speaking(self, language: str) -> Self:
        """Return the same graph for a reader of another language; raises UnknownNameError."""
        if language == self.language:
            return self
        other = type(self)(self.root, self.engine, language)
        other.queries = self.queries
        return other

    def say(self, sentence: str, /, **slots: object) -> str:
        """Return an English sentence in the language of the reader, its slots filled."""
        return say(self.language, sentence, **slots)

    @property
    def version(self) -> str:
        """What tells this state of the data from any other: the digest of the files that the answers come from."""
        return self.engine.version

    @cached_property
    def queries(self) -> Catalogue:
        """The saved queries."""
        return Catalogue(self.root)

    @cached_property
    def labels(self) -> Names:
        """The label of every resource that has one, by IRI."""
        found = {str(row["resource"]): str(row["label"]) for row in self.query("labels")}
        return Names(self._in_language(found, every=True))

    @cached_property
    def foreign(self) -> dict[str, str]:
        """The language, as a tag, of every label that is not in English, by IRI."""
        return {str(row["resource"]): str(row["language"]) for row in self.query("labels-elsewhere")}

    def labels_of(self, resources: Iterable[object]) -> dict[str, str]:
        """Return the labels of resources (IRIs; what is none is passed over) and all known, asked in one query."""
        wanted = {each for each in resources if isinstance(each, str) and ":" in each} - self._asked
        if wanted:
            self._asked |= wanted
            found = {str(row["resource"]): str(row["label"]) for row in self.query("labels", resource=sorted(wanted))}
            self._labels.update(self._in_language(found))
        return self._labels

    def origins_of(self, resources: Iterable[object]) -> dict[str, str]:
        """Return where the names of documents, their parts and bodies (IRIs) come from: printed, ours or none."""
        wanted = sorted({each for each in resources if isinstance(each, str) and ":" in each})
        rows = self.query("origins", resource=wanted) if wanted else ()
        return {str(row["resource"]): str(row["origin"]) for row in rows}

    @cached_property
    def called(self) -> dict[str, str]:
        """What the terms of the ontology are called by the reader, by their English labels."""
        rows = self.query("names-in-language", language=self.language) if self.language != "en" else ()
        ours = {str(row["resource"]): str(row["label"]) for row in rows if "#" in str(row["resource"])}
        rows = self.query("labels", resource=sorted(ours)) if ours else ()
        return {str(row["label"]): ours[str(row["resource"])] for row in rows}

    def _in_language(self, labels: dict[str, str], *, every: bool = False) -> dict[str, str]:
        """Return ``labels`` (all that there are, or some) as the reader calls what has names in several languages."""
        if self.language == "en" or not labels:
            return labels

        def term(iri: str) -> str:
            """Return what a property of another vocabulary is called, by its last part; empty where nobody says."""
            other = "" if iri.startswith(BASE) else self.say(slug(iri))
            return other if other != slug(iri) else ""

        made = {iri: term(iri) or label for iri, label in labels.items()}
        asked = {} if every else {"resource": sorted(labels)}
        for row in self.query("names-in-language", language=self.language, **asked):
            made[str(row["resource"])] = str(row["label"])
        for row in self.query("passage-parts", **({} if every else {"passage": sorted(labels)})):
            stated = [name for name in _PLACE if row[name] is not None]
            parts = [self.say(_PLACE[name], number=row[name]) for name in stated]
            if any(parts):  # the build writes the same in English
                made[str(row["passage"])] = ", ".join(parts)
        return made

    def name_of_axis(self, axis: str) -> str:
        """Return what an axis of comparison is called by the reader."""
        iri = f"{BASE}axis/{axis}"
        return self.labels_of([iri]).get(iri) or self.say(axis)

    def names_of(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the names of jurisdictions by their alpha-3 codes; one without a name goes by its code."""
        space = f"{BASE}jurisdiction/"
        places = {code: f"{space}{code.lower()}" for code in codes}
        labels = self.labels_of(places.values())
        return {code: labels.get(iri, code) for code, iri in places.items()}

    @cached_property
    def names(self) -> Names:
        """The name of every jurisdiction, by its alpha-3 code."""
        rows = self.query("jurisdictions").rows()
        named = self._in_language({str(row["jurisdiction"]): str(row["name"]) for row in rows})
        return Names({str(row["code"]): named[str(row["jurisdiction"])] for row in rows})

    @cached_property
    def jurisdictions(self) -> dict[str, list[str]]:
        """All that a jurisdiction can be called, by its alpha-3 code, the name to show first."""
        return names_by_code(self.query("names-of-jurisdictions"))

    def codes(self, scheme: str) -> frozenset[str]:
        """Return the codes of a list, such as ``theme``; of the jurisdictions also those that only data name."""
        if scheme not in self._codes:
            rows = self.query("codes-of-list", list=self.lists.get(scheme, f"{BASE}{scheme}"))
            self._codes[scheme] = frozenset(str(row["code"]).removeprefix(self.space(scheme)) for row in rows)
        return self._codes[scheme]

    @cached_property
    def lists(self) -> dict[str, str]:
        """The IRI of each list of codes by its last part, such as ``theme``; a subject may keep its own anywhere."""
        return {slug(str(row["list"])): str(row["list"]) for row in self.query("lists")}

    def space(self, scheme: str) -> str:
        """Return what the IRIs of the codes of a list begin with."""
        return f"{self.lists.get(scheme, BASE + scheme)}/"

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The number that M49 and ISO 3166-1 give a jurisdiction that has one, by its alpha-3 code."""
        return {str(row["code"]): str(row["number"]) for row in self.query("area-numbers")}

    def table(
        self,
        columns: Sequence[str | Column],
        rows: Sequence[Mapping[str, Value]],
        title: str,
        *,
        queries: Sequence[str | SavedQuery] = (),
        parameters: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
        evidence: Sequence[Mapping[str, Value]] = (),
    ) -> Table:
        """Return ``rows`` as a table that tells what its columns mean and which saved ``queries`` it rests on.

        The sources are those of the column evidence of ``rows``, or of other rows: ``evidence``.
        A column is given whole or named: the first of ``queries`` that ``columns.toml`` knows the name by decides.
        """
        asked = [self.queries.get(query) if isinstance(query, str) else query for query in queries]
        about = About(
            title,
            asked[0].header.get("question", "") if asked else "",
            {query.name: query.text for query in asked},
            parameters or {},
            self.version,
            _Later(partial(self._sources, evidence or rows)),
            notes,
            self._licence,
            citation(self.root, self.version),
            self.language,
        )
        return Table(described(self.root, columns, [query.name for query in asked]), rows, about)

    def _sources(self, rows: Sequence[Mapping[str, Value]]) -> list[str]:
        """Return title and address on the web of each source that the evidence of ``rows`` comes from."""
        passages = {str(row["evidence"]) for row in rows if row.get("evidence")}
        found = self.query("sources", passage=sorted(passages))
        told = (", ".join(str(row[key]) for key in ("title", "whole", "address") if row[key]) for row in found)
        return list(dict.fromkeys(told))

    @cached_property
    def _licence(self) -> str:
        return "".join(str(row["licence"]) for row in self.query("licence").rows()[:1])

    def query(self, name: str, /, **parameters: object) -> Results:
        """Answer the saved query ``name``, or the query in the file ``name`` if that ends in ``.rq``.

        ``parameters`` are its own, one value or a list each. Raises UnknownNameError, ParameterError or QueryError.
        """
        query = self.queries.get(name)
        bound = bind(query, parameters, self.meant, self.seen)
        if not query.folder:  # someone's own
            text.check(bound.text, f"{query.name}.rq", prefixes(self.root))
        answer = self.engine.answer(bound.text, query.name, asserted=query.header.get("graph") == "asserted")
        if self.language != "en" and "names" in query.header:
            pairs = dict(pair.split("=") for pair in query.header["names"].split(", "))
            answer = answer.renamed(pairs, self._in_language, self.language)

        def table(answer: Results, title: str) -> Table:
            known = answered(self.root, answer.columns, query.name)
            columns, rows = columns_and_rows(answer, known, saved=bool(query.folder))
            given = {key: _words(value) for key, value in parameters.items() if value not in (None, [], ())}
            heading = title or query.header.get("summary", query.name)
            return self.table(columns, rows, heading, queries=[bound], parameters=given)

        def evidence() -> Results | None:
            if "behind" not in query.header:
                return None
            known, other = query.parameters, self.queries.get(query.header["behind"]).parameters
            shared = {key for key in known.keys() & other.keys() if known[key][1:3] == other[key][1:3]}
            return self.query(query.header["behind"], **{key: parameters[key] for key in parameters.keys() & shared})

        answer.in_table, answer.behind = table, evidence
        return answer

    def resolve(self, scheme: str, text: str) -> pyoxigraph.NamedNode:
        """Return the IRI of a code of ``scheme``: a code, ``prefix:code`` or IRI; of a jurisdiction also its names.

        For a source its key, the last part of its IRI, or the code of a kind of source.

        Raises UnknownNameError with the nearest that exist, or ParameterError for a name that several share.
        """
        text, space = text.strip(), self.space(scheme)
        prefix, _, name = text.partition(":")
        shortened = name and prefixes(self.root).get(prefix) == space
        code = text.removeprefix(space) if text.startswith(space) else name if shortened else text.lower()
        if scheme == "source" and (code := text.rpartition("/")[2].rpartition(":")[2]) in self.codes("source-kind"):
            return pyoxigraph.NamedNode(f"{BASE}source-kind/{code}")
        if code not in self.codes(scheme):
            if scheme == "source":
                kinds = sorted(self.codes("source-kind"))
                see = f"Kinds are: {', '.join(kinds)}; the key of a source is the name of its file in data/sources."
                raise UnknownNameError("source or kind of source", text, [*kinds, *sorted(self.codes(scheme))], see=see)
            if scheme != "jurisdiction":
                see = f"The codes are listed in ontology/schemes/{scheme}.ttl."
                raise UnknownNameError(scheme.replace("-", " "), text, sorted(self.codes(scheme)), see=see)
            code = jurisdiction(text, self.jurisdictions).lower()
        return pyoxigraph.NamedNode(space + code)

    def seen(self, sources: Sequence[str], least: str | None) -> str:
        """Return the slot of a query for what sources (IRIs in brackets, kinds among them; all if none) tell.

        ``least`` is how much of a document they must show. Then the slot holds pairs of a document and a source of it.
        """
        kinds = any(each.startswith(f"<{BASE}source-kind/") for each in sources)
        if not kinds and least is None:
            return f"VALUES ?source {{ {' '.join(sources)} }}"
        lens = [each.strip("<>") for each in sources]
        rows = self.query("readings-seen", lens=lens, least=least and least.strip("<>")).rows()
        if least is not None:
            pairs = (f"(<{row['document']}> <{row['source']}>)" for row in rows)
            return f"VALUES (?document ?source) {{ {' '.join(pairs)} }}"
        named = dict.fromkeys(f"<{row['source']}>" for row in rows)
        return f"VALUES ?source {{ {' '.join(named)} }}"

    def meant(self, scheme: str, text: str) -> list[pyoxigraph.NamedNode]:
        """Return the IRIs that a text stands for: as :meth:`resolve`, of a region its countries.

        A region goes by its M49 number or its name in any language.
        """
        if scheme != "jurisdiction":
            return [self.resolve(scheme, text)]
        try:
            return [self.resolve(scheme, text)]
        except UnknownNameError:
            if folded(text) not in self._areas:
                raise
        rows = self.query("places-within", area=self._areas[folded(text)])
        return [pyoxigraph.NamedNode(str(row["place"])) for row in rows]

    @cached_property
    def _areas(self) -> dict[str, str]:
        """The regions by all that they are called."""
        return {folded(str(row["name"])): str(row["area"]) for row in self.query("areas")}

    def unknown_terms(self, name: str) -> list[text.Unknown]:
        """Return the terms of a query that the graph does not know: why there may be no rows."""
        return text.unknown_terms(self.root, self.queries.get(name), self.query)


def _words(value: object) -> str:
    several = isinstance(value, (list, tuple, set, frozenset))
    return ", ".join(map(str, value)) if several else str(value)  # type: ignore[call-overload]
