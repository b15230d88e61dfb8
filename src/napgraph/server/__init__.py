"""The live server: a SPARQL endpoint, saved queries by their address, linked data, and checking.

The process that listens never evaluates what strangers send. It hands questions and files to worker processes that
can be stopped, and answers only when the whole answer is there.
"""
