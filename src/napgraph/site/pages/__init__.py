"""The kinds of page. Each function that makes some yields the path and content of their files."""
