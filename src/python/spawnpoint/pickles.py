"""Pickle as Modal uses it: protocol 4, and function calls, dicts and queues by their id."""

from __future__ import annotations

import io
import pickle
from typing import Any, Optional

import modal
from modal.exception import DeserializationError, SerializationError

# What Modal's clients write. Newer protocols would shut out older Pythons.
_PROTOCOL = 4

_CLASS_OF_PREFIX = {"fc-": "FunctionCall", "di-": "Dict", "qu-": "Queue"}


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: Any) -> Optional[tuple[str, str, None]]:
        object_id = getattr(type(value), "_pickled_by_id", None) and value.object_id
        # The form that Modal gives to a handle: id, kind of class, metadata.
        return (object_id, "o", None) if object_id else None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, identity: Any) -> Any:
        kind = _CLASS_OF_PREFIX.get(str(identity[0])[:3]) if isinstance(identity, tuple) else None
        if kind is not None:
            # By the package's public name, which is loaded when it is used: the class's own module needs this one.
            return getattr(modal, kind).from_id(identity[0])
        raise DeserializationError(f"Modal objects such as {identity!r} cannot be passed to the local engine.")


def dumps(value: Any) -> bytes:
    """Raises SerializationError for whatever makes pickling fail, user code included."""
    buffer = io.BytesIO()
    try:
        _Pickler(buffer, _PROTOCOL).dump(value)
    except Exception as error:
        kind = type(value)
        raise SerializationError(
            f"A value of type {kind.__module__}.{kind.__qualname__} cannot be pickled: {error}"
        ) from error
    return buffer.getvalue()


def loads(data: bytes) -> Any:
    """Raises DeserializationError for whatever makes unpickling fail, user code included."""
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except DeserializationError:
        raise
    except Exception as error:
        raise DeserializationError(f"The pickled value cannot be loaded: {type(error).__name__}: {error}") from error
