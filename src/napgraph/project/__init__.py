"""What every package reads: the four folders, and the sentences of each language."""
