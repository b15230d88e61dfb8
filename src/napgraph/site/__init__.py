"""Publish the graph as a folder that any static host serves: pages for people, files for programs, comparisons.

``build`` makes all files and ``writer`` writes those that changed; ``addresses`` tells where an address of the graph
lies in the folder; ``context`` holds what pages are made from; each module of ``pages`` makes some kinds of page.
"""
