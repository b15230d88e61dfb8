"""Saved queries: their catalogue, their parameters, running them, and the table that comes back."""
