"""Unit tests of `spawnpoint.cbor`, run by pythonUnits.test.ts."""

import math
import random
import sys
import unittest
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from modal.exception import DeserializationError, SerializationError
from spawnpoint.cbor import dumps, loads

# Appendix A of RFC 8949, as far as there is a Python value for it.
RFC_EXAMPLES = {
    "00": 0,
    "17": 23,
    "1818": 24,
    "1903e8": 1000,
    "1a000f4240": 1000000,
    "1b000000e8d4a51000": 1000000000000,
    "1bffffffffffffffff": 18446744073709551615,
    "c249010000000000000000": 18446744073709551616,
    "3bffffffffffffffff": -18446744073709551616,
    "c349010000000000000000": -18446744073709551617,
    "20": -1,
    "3903e7": -1000,
    "fb3ff199999999999a": 1.1,
    "fbc010666666666666": -4.1,
    "fb7e37e43c8800759c": 1.0e300,
    "f4": False,
    "f5": True,
    "f6": None,
    "4401020304": b"\x01\x02\x03\x04",
    "6449455446": "IETF",
    "62c3bc": "\u00fc",
    "64f0908591": "\U00010151",
    "80": [],
    "8301820203820405": [1, [2, 3], [4, 5]],
    "a0": {},
    "a201020304": {1: 2, 3: 4},
    "a26161016162820203": {"a": 1, "b": [2, 3]},
}
RFC_DECODED_ONLY = {
    "f93c00": 1.0,
    "f97bff": 65504.0,
    "fa47c35000": 100000.0,
    "f9c400": -4.0,
    "f7": None,
    "c11a514b67b0": datetime(2013, 3, 21, 20, 4, 0, tzinfo=timezone.utc),
    "c074323031332d30332d32315432303a30343a30305a": datetime(2013, 3, 21, 20, 4, 0, tzinfo=timezone.utc),
    "5f42010243030405ff": b"\x01\x02\x03\x04\x05",
    "7f657374726561646d696e67ff": "streaming",
    "9fff": [],
    "9f018202039f0405ffff": [1, [2, 3], [4, 5]],
    "bf61610161629f0203ffff": {"a": 1, "b": [2, 3]},
    "c48221196ab3": Decimal("273.15"),
    "d9d9f700": 0,
    "d84041ff": b"\xff",
}
MALFORMED = [
    "", "18", "1c", "1f", "61", "62c3", "61ff", "81", "8201", "a1", "a101", "5f", "5f6161ff", "5f5fffff", "ff", "81ff",
    "a1ff01", "bf01ff", "fc", "f8ff", "c0", "c001", "c0a0", "c080", "c06161", "c1fb7e37e43c8800759c", "c4", "c401", "c48161", "d8ff00",
    "9bffffffffffffffff", "bbffffffffffffffff", "5bffffffffffffffff", "0000", "a1a00000", "d90102818100", "81" * 100_000,
]  # fmt: skip


class CborTest(unittest.TestCase):
    def test_examples_of_the_standard(self) -> None:
        for text, value in RFC_EXAMPLES.items():
            self.assertEqual(dumps(value).hex(), text)
            self.assertEqual(loads(bytes.fromhex(text)), value)
            self.assertIs(type(loads(bytes.fromhex(text))), type(value))
        for text, value in RFC_DECODED_ONLY.items():
            self.assertEqual(loads(bytes.fromhex(text)), value)

    def test_modals_arguments(self) -> None:
        self.assertEqual(dumps(((7,), {})).hex(), "828107a0")
        self.assertEqual(dumps((("a",), {"k": 1})).hex(), "82816161a1616b01")

    def test_values_come_back(self) -> None:
        zone = timezone(timedelta(hours=-5, minutes=-30))
        for value in [
            {"nested": [{"a": None, 1: [True, {}]}], "": "x" * 70000},
            {"alone"},
            2**200, -(2**200), 2**64 - 1, -(2**63),
            math.inf, -0.0, sys.float_info.min,
            datetime(2024, 2, 29, 1, 2, 3, 450, zone),
            Decimal("-12.3400"), Decimal("1E+30"), Decimal(0),
            b"\0" * 300,
        ]:  # fmt: skip
            self.assertEqual(loads(dumps(value)), value)
            self.assertEqual(repr(loads(dumps(value))), repr(value))
        self.assertTrue(math.isnan(loads(dumps(math.nan))))
        # Its order in the text differs from run to run.
        several = {1, "two", 3.5}
        self.assertEqual(loads(dumps(several)), several)

    def test_subclasses_are_encoded_as_what_they_are(self) -> None:
        class Name(str):
            pass

        class Pair(tuple):
            pass

        self.assertEqual(loads(dumps([Name("x"), Pair((1, 2)), bytearray(b"b"), memoryview(b"m"), frozenset([1])])),
                         ["x", [1, 2], b"b", b"m", {1}])  # fmt: skip

    def test_a_time_without_a_zone_is_local_time(self) -> None:
        value = datetime(2024, 5, 6, 7, 8, 9)
        self.assertEqual(loads(dumps(value)), value.astimezone())

    def test_what_cannot_be_encoded_names_its_type(self) -> None:
        with self.assertRaisesRegex(SerializationError, "builtins.object"):
            dumps([object()])
        with self.assertRaisesRegex(SerializationError, "builtins.complex"):
            dumps({"a": 1j})
        with self.assertRaisesRegex(SerializationError, "surrogate"):
            dumps("\ud800")
        loop: list = []
        loop.append(loop)
        with self.assertRaisesRegex(SerializationError, "contains itself"):
            dumps(loop)

    def test_malformed_data_is_refused(self) -> None:
        for text in MALFORMED:
            with self.subTest(text[:40]), self.assertRaises(DeserializationError):
                loads(bytes.fromhex(text))

    def test_no_bytes_make_the_decoder_fail_otherwise(self) -> None:
        generator = random.Random(7)
        for _ in range(20_000):
            data = bytes(generator.choices(range(256), k=generator.randrange(12)))
            try:
                loads(data)
            except DeserializationError:
                pass


if __name__ == "__main__":
    unittest.main()
