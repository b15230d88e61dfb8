"""Submissions: what one may state, the inbox, and taking one into the data folder."""
