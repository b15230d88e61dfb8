"""The documentation as pages: with the READMEs of the folders; links to other files lead to the repository."""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("ontology", "shapes", "queries", "data", "benchmarks")
SOURCE = "https://github.com/napgraph/napgraph/blob/main/"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is made from the files of the folders."""
    for folder in FOLDERS:
        files.append(File.generated(config, f"{folder}/README.md", abs_src_path=str(ROOT / folder / "README.md")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Lead each link that leaves the pages to the file in the repository; raises ValueError where there is none."""
    inside = page.file.src_uri.partition("/")[0] in FOLDERS
    folder = posixpath.dirname(page.file.src_uri if inside else f"docs/{page.file.src_uri}")
    here = posixpath.dirname(page.file.src_uri)

    def led(match: re.Match[str]) -> str:
        target, anchor = match[1], match[2] or ""
        path = posixpath.normpath(posixpath.join(folder, target))
        if not (ROOT / path).exists():
            raise ValueError(f"{page.file.src_uri}: {target} leads nowhere.")
        name = path.removeprefix("docs/")
        if files.get_file_from_path(name) and (path.startswith("docs/") or name.partition("/")[0] in FOLDERS):
            return f"]({posixpath.relpath(name, here or '.')}{anchor})"
        return f"]({SOURCE}{path}{anchor})"

    return re.sub(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)", led, markdown)
