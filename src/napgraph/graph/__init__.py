"""From files to one graph: reading, closure, derivation, snapshot, and the knowledge graph over them."""
