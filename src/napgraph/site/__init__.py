"""Publish the graph as a folder that any static host serves: pages for people, files for programs, comparisons.

``addresses`` tells where an address of the graph lies in the folder; ``folder`` writes it, all or nothing; ``material``
holds what pages are made from; each module of ``pages`` makes one kind of page; ``site`` puts them together.
"""
