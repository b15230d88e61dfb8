"""RDF in general: terms, datatypes, names, descriptions, and how they are written."""
