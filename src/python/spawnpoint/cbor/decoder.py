"""CBOR to Python values. Input is not trusted: whatever is malformed raises DeserializationError."""

from __future__ import annotations

import struct
from typing import Any

from modal.exception import DeserializationError

_F16 = struct.Struct(">e").unpack_from
_F32 = struct.Struct(">f").unpack_from
_F64 = struct.Struct(">d").unpack_from

_CHUNKED = -1
_BREAK = object()


def loads(data: bytes) -> Any:
    """Decodes one value that fills `data`."""
    try:
        value, end = _item(data, 0)
    except (IndexError, struct.error):
        raise DeserializationError("The CBOR data ends too early.") from None
    except RecursionError:
        raise DeserializationError("The CBOR data is nested too deeply.") from None
    except (UnicodeDecodeError, TypeError, ValueError, ArithmeticError, OSError) as error:
        raise DeserializationError(f"The CBOR data is malformed: {error}.") from None
    if value is _BREAK:
        raise DeserializationError("The CBOR data is malformed: a break stands outside of an item.")
    if end != len(data):
        raise DeserializationError(f"The CBOR data goes on after its value ({len(data) - end} bytes).")
    return value


def _item(data: bytes, at: int) -> tuple[Any, int]:
    first = data[at]
    major = first >> 5
    info = first & 31
    if major == 7:
        return _simple(data, at, info)
    if info < 24:
        number, at = info, at + 1
    else:
        number, at = _argument(data, at, info)
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major == 2:
        return _bytes(data, at, number)
    if major == 3:
        text, at = _bytes(data, at, number, 3)
        return text.decode("utf-8"), at
    if major == 4:
        return _array(data, at, number)
    if major == 5:
        return _map(data, at, number)
    return _tagged(data, at, number)


def _argument(data: bytes, at: int, info: int) -> tuple[int, int]:
    if info == 31 and 2 <= data[at] >> 5 <= 5:
        return _CHUNKED, at + 1
    if info > 27:
        raise ValueError(f"additional information {info} is not defined")
    size = 1 << (info - 24)
    end = at + 1 + size
    if end > len(data):
        raise IndexError
    return int.from_bytes(data[at + 1 : end], "big"), end


def _simple(data: bytes, at: int, info: int) -> tuple[Any, int]:
    if info == 20 or info == 21:
        return info == 21, at + 1
    if info == 22 or info == 23:
        return None, at + 1
    if info == 25:
        return _F16(data, at + 1)[0], at + 3
    if info == 26:
        return _F32(data, at + 1)[0], at + 5
    if info == 27:
        return _F64(data, at + 1)[0], at + 9
    if info == 31:
        return _BREAK, at + 1
    raise ValueError(f"simple value {info} is not defined")


def _bytes(data: bytes, at: int, length: int, major: int = 2) -> tuple[bytes, int]:
    if length != _CHUNKED:
        end = at + length
        if end > len(data):
            raise IndexError
        return data[at:end], end
    chunks = []
    while data[at] != 0xFF:
        info = data[at] & 31
        if data[at] >> 5 != major or info == 31:
            raise ValueError("a string has a chunk of another kind")
        size, at = (info, at + 1) if info < 24 else _argument(data, at, info)
        chunk, at = _bytes(data, at, size)
        chunks.append(chunk)
    return b"".join(chunks), at + 1


def _member(data: bytes, at: int) -> tuple[Any, int]:
    value, at = _item(data, at)
    if value is _BREAK:
        raise ValueError("a break stands outside of an item")
    return value, at


def _array(data: bytes, at: int, length: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    if length == _CHUNKED:
        while data[at] != 0xFF:
            value, at = _item(data, at)
            items.append(value)
        return items, at + 1
    for _ in range(length):
        value, at = _member(data, at)
        items.append(value)
    return items, at


def _map(data: bytes, at: int, length: int) -> tuple[dict[Any, Any], int]:
    items: dict[Any, Any] = {}
    remaining = length
    while remaining:
        if length == _CHUNKED and data[at] == 0xFF:
            return items, at + 1
        key, at = _member(data, at)
        items[tuple(key) if isinstance(key, list) else key], at = _member(data, at)
        remaining -= 1
    return items, at


def _tagged(data: bytes, at: int, tag: int) -> tuple[Any, int]:
    value, at = _member(data, at)
    if tag == 0 or tag == 1:
        return _datetime(tag, value), at
    if tag == 2:
        return int.from_bytes(value, "big"), at
    if tag == 3:
        return -1 - int.from_bytes(value, "big"), at
    if tag == 4:
        return _decimal(value), at
    if tag == 258:
        return set(value), at
    # Uint8Array, Map and "this is CBOR": JavaScript encoders mark what Python sees anyway.
    if tag == 64 or tag == 259 or tag == 55799:
        return value, at
    raise ValueError(f"tag {tag} is not supported")


def _datetime(tag: int, value: Any) -> Any:
    from datetime import datetime, timezone

    if tag == 1:
        return datetime.fromtimestamp(value, timezone.utc)
    if not isinstance(value, str):
        raise TypeError("a date is no text")
    # Before Python 3.11 `fromisoformat` takes neither "Z" nor one to five digits of a second's fraction.
    text = value[:-1] + "+00:00" if value[-1:] in "Zz" else value
    head, dot, tail = text.partition(".")
    if dot:
        digits = len(tail) - len(tail.lstrip("0123456789"))
        text = f"{head}.{tail[:digits][:6].ljust(6, '0')}{tail[digits:]}"
    return datetime.fromisoformat(text)


def _decimal(value: Any) -> Any:
    from decimal import Decimal

    exponent, mantissa = value
    sign, digits = (1, str(-mantissa)) if mantissa < 0 else (0, str(mantissa))
    return Decimal((sign, tuple(map(int, digits)), exponent))
