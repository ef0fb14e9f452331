"""CBOR (RFC 8949) for the values that cross languages.

None, bool, int of any size, float, str, bytes, list, tuple, dict, datetime (tag 0), Decimal (tag 4) and set (tag 258).
"""

from spawnpoint.cbor.decoder import loads
from spawnpoint.cbor.encoder import dumps

__all__ = ["dumps", "loads"]
