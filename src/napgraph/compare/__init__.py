"""Comparisons over answers: matrices of jurisdictions by concepts, and the profile of one jurisdiction."""
