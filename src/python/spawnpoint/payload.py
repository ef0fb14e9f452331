"""Arguments and results as bytes, in the two formats of Modal's `DataFormat` that cross here."""

from __future__ import annotations

from typing import Any, Optional

from modal.exception import DeserializationError, SerializationError

PICKLE = 1
CBOR = 4


def encode_args(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """The arguments of a call from Python to Python: pickled, as Modal's own client does."""
    try:
        return encode_value(PICKLE, (args, kwargs))
    except SerializationError as error:
        reason = error.__cause__ or error
        raise SerializationError(
            f"The arguments cannot be pickled ({reason}); pass data, and functions and classes that stand at the top level of a module."
        ) from error


def decode_args(data_format: int, data: bytes) -> tuple[list[Any], dict[str, Any]]:
    """Positional and keyword arguments. No bytes at all stand for no arguments."""
    if not data:
        return [], {}
    value = decode_value(data_format, data)
    if isinstance(value, (tuple, list)) and len(value) == 2:
        args, kwargs = value
        if isinstance(args, (tuple, list)) and isinstance(kwargs, dict):
            return list(args), kwargs
    raise DeserializationError("The input is not a pair of positional arguments and keyword arguments.")


def encode_value(data_format: int, value: Any) -> bytes:
    """Raises SerializationError, which names the type, for a value that has no form in this format."""
    if data_format == CBOR:
        from spawnpoint import cbor

        return cbor.dumps(value)
    if data_format == PICKLE:
        from spawnpoint import pickles

        return pickles.dumps(value)
    raise SerializationError(f"Payload format {data_format} is not supported.")


def decode_value(data_format: int, data: bytes) -> Any:
    """Raises DeserializationError for bytes that are no value in this format."""
    if data_format == CBOR:
        from spawnpoint import cbor

        return cbor.loads(data)
    if data_format == PICKLE:
        from spawnpoint import pickles

        return pickles.loads(data)
    raise DeserializationError(f"Payload format {data_format} is not supported.")


def encode_exception(error: BaseException) -> bytes:
    """The pickled exception, or no bytes if it would not arrive as what it is."""
    from spawnpoint import pickles

    try:
        data = pickles.dumps(error)
        arrives = type(pickles.loads(data)) is type(error)
    except (SerializationError, DeserializationError):
        return b""
    return data if arrives else b""


def decode_exception(data_format: int, data: bytes) -> Optional[BaseException]:
    """The exception in a failure's payload; None if there is none or if it cannot be read here."""
    if data_format != PICKLE or not data:
        return None
    try:
        error = decode_value(data_format, data)
    except DeserializationError:
        return None
    return error if isinstance(error, BaseException) else None
