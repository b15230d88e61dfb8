"""From files to one graph: reading, closure, derivation, and the built graph on disk."""
