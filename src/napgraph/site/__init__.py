"""Publish the graph as a folder that any static host serves: pages for people, files for programs, comparisons."""
