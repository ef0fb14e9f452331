"""How often and when a failed input is tried again."""

from __future__ import annotations

from modal.exception import InvalidError


class Retries:
    """A retry policy. Delays are in seconds.

    Raises InvalidError for values outside of Modal's limits.
    """

    def __init__(
        self,
        *,
        max_retries: int,
        backoff_coefficient: float = 2.0,
        initial_delay: float = 1.0,
        max_delay: float = 60.0,
    ) -> None:
        _check("max_retries", max_retries, 0, 10)
        _check("backoff_coefficient", backoff_coefficient, 1, 10)
        _check("initial_delay", initial_delay, 0, 60)
        _check("max_delay", max_delay, 1, 60)
        self.max_retries = max_retries
        self.backoff_coefficient = backoff_coefficient
        self.initial_delay = initial_delay
        self.max_delay = max_delay


def _check(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InvalidError(f"Retries({name}={value}) is out of range; use {least} to {most}.")
