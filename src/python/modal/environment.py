"""Environment variables of functions: secrets that this computer has, and what `env` says."""

from __future__ import annotations

import os
from typing import Any, Optional

from modal.exception import InvalidError


def checked_variables(option: str, variables: Any) -> dict[str, str]:
    """The variables that have a value. Raises InvalidError for what cannot stand in an environment."""
    if not isinstance(variables, dict):
        raise InvalidError(f"`{option}` takes a dict of names and texts, not {variables!r}.")
    for name, value in variables.items():
        if not isinstance(name, str) or not isinstance(value, (str, type(None))):
            raise InvalidError(f"`{option}` takes a dict of names and texts; {name!r} is none.")
    return {name: value for name, value in variables.items() if value is not None}


def take_variables(options: dict[str, Any]) -> dict[str, str]:
    """The variables of the options `secrets`, `secret` and `env`, of which only what has no effect here is left in `options`."""
    variables: dict[str, str] = {}
    for option in ("secret", "secrets"):
        given = options.pop(option, None) or []
        secrets = list(given) if isinstance(given, (list, tuple)) else [given]
        missing = [secret for secret in secrets if secret.variables is None]
        for secret in secrets:
            variables.update(secret.variables or {})
        if missing:
            options[option] = missing
    variables.update(checked_variables("env", options.pop("env", None) or {}))
    return variables


def read_dotenv(path: Optional[str], filename: str) -> dict[str, str]:
    """The variables of the nearest file of that name, from a folder (or a file's) upwards; none where there is no such file."""
    folder = os.path.abspath(path or os.getcwd())
    if os.path.isfile(folder):
        folder = os.path.dirname(folder)
    while True:
        candidate = os.path.join(folder, filename)
        if os.path.isfile(candidate):
            with open(candidate, encoding="utf-8") as file:
                return dict(filter(None, map(_read_line, file)))
        if os.path.dirname(folder) == folder:
            return {}
        folder = os.path.dirname(folder)


def _read_line(line: str) -> Optional[tuple[str, str]]:
    """`NAME=value`, also with `export` before it, quotes around the value, or a comment behind it."""
    name, equals, value = line.strip().partition("=")
    name = (name[len("export ") :] if name.startswith("export ") else name).strip()
    if not equals or not name or name.startswith("#"):
        return None
    value = value.strip()
    quote = value[:1]
    if quote in ("'", '"') and quote in value[1:]:
        value = value[1 : value.index(quote, 1)]
        return name, value.replace("\\n", "\n") if quote == '"' else value
    return name, value.partition(" #")[0].rstrip()
