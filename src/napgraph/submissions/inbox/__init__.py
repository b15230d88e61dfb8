"""Submissions that came by the server: kept on disk before they are acknowledged, checked, then accepted or returned.

An inbox is a folder: ``tokens/`` says who may send for which jurisdiction, ``submissions/`` holds a folder each. What
becomes of a submission is a further file beside it, so no file is ever written over by another state.
"""

from __future__ import annotations

from .folder import Inbox, State
from .tokens import Token, Tokens

__all__ = ["Inbox", "State", "Token", "Tokens"]
