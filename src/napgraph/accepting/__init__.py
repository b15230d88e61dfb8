"""Parts of taking in a submission: what it may say, where it differs, how it is written, and one writer at a time."""
