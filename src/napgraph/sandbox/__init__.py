"""Untrusted work in a process of its own, with limits of time and memory and without a network."""
