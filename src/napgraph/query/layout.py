"""The named graphs in which an engine elsewhere holds what the files say; the one place that names them.

Merged, since what follows speaks of nameless resources (periods, amounts) of what is stated, and these are the same
only inside one graph; and since an engine may count a statement twice that lies in two graphs of a union.
"""

from __future__ import annotations

from ..rdf.namespaces import BASE

EVERYTHING = f"{BASE}graph/everything"
"""All that is stated and all that follows from it: what questions are put to."""
STATED = f"{BASE}graph/stated"
"""Only what the files state: what questions with ``#+ graph: asserted`` are put to."""
MANIFEST = f"{BASE}graph/manifest"
"""The version of the two, their counts, and when they were loaded whole."""
