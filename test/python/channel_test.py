"""Requests to the engine, and what becomes of them when it is gone."""

import unittest

from spawnpoint.channel import Channel


class Writer:
    def write(self, header, payload=b""):
        pass


class Requests(unittest.TestCase):
    def test_those_that_wait_fail_when_the_other_side_is_gone(self):
        channel = Channel(Writer())
        replies = []
        channel.start_request("lookup", {}, b"", replies.append)
        self.assertTrue(channel.is_waiting)
        channel.fail("It has ended.")
        self.assertFalse(channel.is_waiting)
        self.assertEqual([(reply.error_code, reply.message) for reply in replies], [("UNAVAILABLE", "It has ended.")])


if __name__ == "__main__":
    unittest.main()
