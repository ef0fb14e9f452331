"""What the client asks and cannot have."""

from __future__ import annotations


class Refusal(Exception):
    """The message is one sentence for the user."""
