"""One page of HTML: the picture, its caption and its table. It holds all that it needs and asks nobody for more."""

from __future__ import annotations

from functools import partial
from html import escape as escape_marks
from typing import Any

from ..project.language import counted, say
from ..text import visible
from .packages import renderer

__all__ = ["page"]

_STYLE = """
body{font:16px/1.45 Arial,Helvetica,sans-serif;color:#111;background:#fff}
body{margin:1rem auto;max-width:80rem;padding:0 1rem}
h1{font-size:1.35rem}
figure{margin:0}
.wide{overflow-x:auto;max-width:100%;border:1px solid #ccc}
.wide:focus{outline:3px solid #08305c}
figcaption{font-size:.9rem;max-width:50rem}
figcaption p{margin:.5em 0;overflow-wrap:anywhere}
table{border-collapse:collapse;font-size:.85rem}
caption{text-align:left;font-weight:bold;padding:.5em .3em}
th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}
td{max-width:28rem;overflow-wrap:break-word}
td.number{text-align:right}
dt{font-weight:bold}
@media print{.wide{overflow:visible;border:0}}
"""
_SHOW = "window.napgraphShow = (place, spec, options) => vegaEmbed(place, spec, options);"
_CALL = """
const spec = JSON.parse(document.getElementById("spec").textContent);
napgraphShow("#picture", spec, {renderer: "svg", actions: false}).catch(() => {});
"""


def page(spec: dict[str, Any]) -> str:
    """Return the page of a picture: it shows without scripts too; with them, each mark tells what it is."""
    meta = spec["usermeta"]
    bare = {key: value for key, value in spec.items() if key not in {"usermeta", "title", "description"}}
    bare["concat"] = [part for part in spec["concat"] if part.get("name") != "caption"]
    engine = renderer()
    title, told = escape(meta["title"]), "\n".join(f"<p>{escape(line)}</p>" for line in meta["caption"])
    return f"""<!doctype html>
<html lang="{meta["language"]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<figure>
<div class="wide" id="picture" tabindex="0" role="group" aria-label="{escape(spec["description"])}">
{visible(engine.vegalite_to_svg(bare))}
</div>
<figcaption>
{told}
</figcaption>
</figure>
{_table(meta)}
</main>
<script type="application/json" id="spec">{_inert(bare)}</script>
<script>{_bundle().replace("</script", "<" + chr(92) + "/script")}</script>
<script>{_CALL}</script>
</body>
</html>
"""


def escape(text: str) -> str:
    """Return a text as HTML, what cannot be seen in it as signs."""
    return escape_marks(visible(text))


def _inert(spec: dict[str, Any]) -> str:
    """Return JSON that no HTML reader takes for a mark."""
    import json

    return json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _bundle() -> str:
    return str(renderer().javascript_bundle(_SHOW))


def _table(meta: dict[str, Any]) -> str:
    columns = meta["table"]["columns"]
    head = "".join(f'<th scope="col">{escape(column["name"])}</th>' for column in columns)
    rows = "\n".join(
        "<tr>" + "".join(_cell(column, row) for column in columns) + "</tr>" for row in meta["table"]["rows"]
    )
    meant = "".join(
        f"<dt>{escape(column['name'])}</dt><dd>{escape(column['words'])}</dd>" for column in columns if column["words"]
    )
    said = partial(say, meta["language"])
    counted_rows = counted(meta["language"], len(meta["table"]["rows"]), "{count} row", "{count} rows")
    return f"""<h2>{escape(said("The table of the picture"))}</h2>
<div class="wide" tabindex="0" role="group" aria-label="{escape(said("The table, which can be scrolled"))}">
<table>
<caption>{escape(meta["title"])}: {counted_rows}</caption>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
<h2>{escape(said("What the columns mean"))}</h2>
<dl>{meant}</dl>"""


def _cell(column: dict[str, Any], row: dict[str, Any]) -> str:
    value = row.get(column["name"])
    if value is None:
        return "<td></td>"
    text = str(value).lower() if isinstance(value, bool) else str(column["codes"].get(value, value))
    mark = ' class="number"' if column["kind"] in {"integer", "decimal"} else "" if text.isascii() else ' dir="auto"'
    return f"<td{mark}>{escape(text)}</td>"
