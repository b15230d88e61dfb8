"""The notebooks that show how napgraph is used from Python."""
