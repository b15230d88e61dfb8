"""Shapes as look-ups: what each rule of SHACL means, as functions over indexed statements. No engine is imported.

``index`` lays out statements, ``targets`` finds focus nodes, ``paths`` value nodes; ``constraints``, ``logic`` and
``sparql`` judge them; ``shapes`` reads all of it from a shapes graph. What differs between engines is decided as
pyshacl decides it, so that both find the same; what cannot be, raises :class:`UnknownRuleError`.
"""

__all__ = ["UnknownRuleError"]


class UnknownRuleError(Exception):
    """A rule that this compiler does not know, or that SHACL leaves open; the text says what in it."""
