"""One module for each kind of page. Each has ``files(context)``, which yields the path and content of its files.

A module whose pages every page should lead to has ``SECTION``: its folder, its name, and what is found there.
"""
