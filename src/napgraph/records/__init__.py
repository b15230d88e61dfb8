"""What was read from a file: statements with their places, what is to be said of them, and what may be read at all."""
