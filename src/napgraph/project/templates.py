"""Templates of Jinja, which lie in the folder ``templates`` of a package."""

from importlib.resources import files

import jinja2

from ..text import visible


def templates(package: str) -> jinja2.Environment:
    """Return the templates of a package; whatever is put into them is escaped, characters that cannot be seen too."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files(package).joinpath("templates"))),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: type(value)(visible(value)) if isinstance(value, str) else value,
    )
