"""Where ontology, data, shapes and queries are: beside ``src``, or inside an installed package.

``NAPGRAPH_ROOT`` or the ``root`` argument names another folder that holds all four.
"""

import os

from ..errors import FolderError

FOLDERS = ("ontology", "data", "shapes", "queries")
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_SHIPPED = os.path.join(_PACKAGE, "_resources")


def shipped_root() -> str:
    """Return the folder that holds ``FOLDERS`` as napgraph ships them."""
    return _SHIPPED if os.path.isdir(_SHIPPED) else os.path.dirname(os.path.dirname(_PACKAGE))


def resolve_root(root: str | os.PathLike[str] | None = None) -> str:
    """Return the folder that holds ``FOLDERS``; raise FolderError if one of them is missing."""
    if root is None:
        root = os.environ.get("NAPGRAPH_ROOT") or shipped_root()
    root = os.fspath(root)
    missing = [name for name in FOLDERS if not os.path.isdir(os.path.join(root, name))]
    if missing:
        raise FolderError(
            f"{root}: the folder{'s' if len(missing) > 1 else ''} {', '.join(missing)} cannot be found here. "
            f"napgraph needs {', '.join(FOLDERS)} "
            "side by side; name the folder that holds them with --root or NAPGRAPH_ROOT."
        )
    return root


def is_inside_package(root: str) -> bool:
    """Whether ``root`` is part of an installed package, whose files go when the package is renewed."""
    return os.path.isdir(_SHIPPED) and os.path.samefile(root, _SHIPPED)


def files_below(root: str, folder: str, endings: tuple[str, ...]) -> list[str]:
    """Return the files of ``folder`` whose names end so, as sorted paths relative to ``root`` with ``/``.

    Hidden files and editors' left-overs are passed over. Raises FolderError for a folder that cannot be read.
    """
    found: list[str] = []

    def fail(error: OSError) -> None:
        raise FolderError(f"{error.filename}: this folder cannot be read ({error.strerror}). Check its rights.")

    for path, folders, names in os.walk(os.path.join(root, folder), onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = os.path.relpath(path, root).replace(os.sep, "/")
        found += [f"{below}/{name}" for name in names if name.endswith(endings) and not name.startswith(".")]
    return sorted(found)
