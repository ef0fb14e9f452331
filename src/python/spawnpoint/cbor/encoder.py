"""Python values to CBOR."""

from __future__ import annotations

import struct
import sys
from typing import Any, Callable

from modal.exception import SerializationError

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = (major << 5 for major in range(7))
_TAG_DATETIME, _TAG_BIGNUM, _TAG_NEGATIVE_BIGNUM, _TAG_DECIMAL, _TAG_SET = 0, 2, 3, 4, 258

_U8 = struct.Struct(">BB").pack
_U16 = struct.Struct(">BH").pack
_U32 = struct.Struct(">BI").pack
_U64 = struct.Struct(">BQ").pack
_FLOAT = struct.Struct(">Bd").pack
_SMALL_INTS = [bytes([value]) for value in range(24)]

Append = Callable[[bytes], None]


def dumps(value: Any) -> bytes:
    """Encodes `value`. Raises SerializationError, which names the type, where CBOR has no form for it."""
    parts: list[bytes] = []
    try:
        _encode(value, parts.append)
    except RecursionError:
        raise SerializationError("The value is nested too deeply for CBOR, or contains itself.") from None
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _encode(value: Any, append: Append) -> None:
    encode = _ENCODERS.get(type(value))
    if encode is None:
        encode = _encoder_of_subclass(value)
    encode(value, append)


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes((major | number,))
    if number < 0x100:
        return _U8(major | 24, number)
    if number < 0x10000:
        return _U16(major | 25, number)
    if number < 0x100000000:
        return _U32(major | 26, number)
    return _U64(major | 27, number)


def _encode_none(_value: None, append: Append) -> None:
    append(b"\xf6")


def _encode_bool(value: bool, append: Append) -> None:
    append(b"\xf5" if value else b"\xf4")


def _encode_int(value: int, append: Append) -> None:
    if 0 <= value < 24:
        append(_SMALL_INTS[value])
    elif 0 <= value < 1 << 64:
        append(_head(_UNSIGNED, value))
    elif -(1 << 64) <= value < 0:
        append(_head(_NEGATIVE, -1 - value))
    else:
        magnitude = value if value > 0 else -1 - value
        append(_head(_TAG, _TAG_BIGNUM if value > 0 else _TAG_NEGATIVE_BIGNUM))
        _encode_bytes(magnitude.to_bytes((magnitude.bit_length() + 7) // 8, "big"), append)


def _encode_float(value: float, append: Append) -> None:
    append(_FLOAT(0xFB, value))


def _encode_text(value: str, append: Append) -> None:
    try:
        data = value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SerializationError(f"A str with a lone surrogate (at {error.start}) cannot be encoded as CBOR.") from None
    append(_head(_TEXT, len(data)))
    append(data)


def _encode_bytes(value: bytes, append: Append) -> None:
    append(_head(_BYTES, len(value)))
    append(value)


def _encode_buffer(value: Any, append: Append) -> None:
    _encode_bytes(bytes(value), append)


def _encode_array(value: Any, append: Append) -> None:
    append(_head(_ARRAY, len(value)))
    for item in value:
        _encode(item, append)


def _encode_map(value: dict[Any, Any], append: Append) -> None:
    append(_head(_MAP, len(value)))
    for key, item in value.items():
        _encode(key, append)
        _encode(item, append)


def _encode_set(value: Any, append: Append) -> None:
    append(_head(_TAG, _TAG_SET))
    _encode_array(value, append)


def _encode_datetime(value: Any, append: Append) -> None:
    # Tag 0 needs an offset; Python reads a time without one as local time.
    zoned = value if value.tzinfo is not None else value.astimezone()
    append(_head(_TAG, _TAG_DATETIME))
    _encode_text(zoned.isoformat(), append)


def _encode_decimal(value: Any, append: Append) -> None:
    if not value.is_finite():
        _encode_float(float(value), append)
        return
    sign, digits, exponent = value.as_tuple()
    mantissa = int("".join(map(str, digits)))
    append(_head(_TAG, _TAG_DECIMAL) + _head(_ARRAY, 2))
    _encode_int(exponent, append)
    _encode_int(-mantissa if sign else mantissa, append)


_ENCODERS: dict[type, Callable[[Any, Append], None]] = {
    type(None): _encode_none,
    bool: _encode_bool,
    int: _encode_int,
    float: _encode_float,
    str: _encode_text,
    bytes: _encode_bytes,
    bytearray: _encode_buffer,
    memoryview: _encode_buffer,
    list: _encode_array,
    tuple: _encode_array,
    dict: _encode_map,
    set: _encode_set,
    frozenset: _encode_set,
}


def _encoder_of_subclass(value: Any) -> Callable[[Any, Append], None]:
    # Whoever has a datetime or a Decimal has imported its module: no need to load them for everybody.
    if _is_instance(value, "datetime", "datetime"):
        return _encode_datetime
    if _is_instance(value, "decimal", "Decimal"):
        return _encode_decimal
    for base, encode in _ENCODERS.items():
        if isinstance(value, base):
            return encode
    kind = type(value)
    raise SerializationError(
        f"A value of type {kind.__module__}.{kind.__qualname__} cannot be encoded as CBOR; "
        "use None, numbers, text, bytes, lists, dicts, sets, datetimes or Decimals."
    )


def _is_instance(value: Any, module: str, name: str) -> bool:
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(value, kind)
