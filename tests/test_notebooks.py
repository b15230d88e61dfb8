"""The notebooks run from top to bottom, in a folder of their own, and are kept without outputs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from .conftest import Run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(napgraph: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebooks as a user gets them."""
    made = tmp_path_factory.mktemp("notebooks") / "mine"
    done = napgraph("notebooks", str(made))
    assert done.returncode == 0, done.stderr
    return made


def executed(path: Path, monkeypatch: pytest.MonkeyPatch, **variables: str) -> nbformat.NotebookNode:
    """Run a notebook in its folder, with the commands of this environment; raises for a cell that fails."""
    monkeypatch.setenv("PATH", os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    assert not any(cell.get("outputs") for cell in notebook.cells)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    return notebook


def shown(notebook: nbformat.NotebookNode) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not any(output.get("name") == "stderr" and "Traceback" in output.get("text", "") for output in outputs)
    return "\n".join(str(output.get("text", "")) + str(output.get("data", "")) for output in outputs)


def test_there_are_four_and_none_is_written_over(folder: Path, napgraph: Run) -> None:
    assert len(list(folder.glob("*.ipynb"))) == 4
    done = napgraph("notebooks", str(folder))
    assert done.returncode == 2
    assert "there already" in done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("1-first-look", "the source does not say"),
        ("2-compare-pillars", "image/svg+xml"),
        ("3-bring-your-own-plan", "plan.xlsx"),
    ],
)
def test_a_notebook_runs(folder: Path, name: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert words in shown(executed(folder / f"{name}.ipynb", monkeypatch))


def test_the_notebook_of_an_endpoint_gets_the_answers_of_the_files(
    folder: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = executed(folder / "4-query-an-endpoint.ipynb", monkeypatch, NAPGRAPH_ENDPOINT=f"{server}/query")
    (compared,) = [cell for cell in notebook.cells if "here.compare" in cell.source]
    assert compared.outputs[0]["data"]["text/plain"] == "True"
    assert "country,document,title" in shown(notebook)
