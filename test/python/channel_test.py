"""Requests to the engine, and what becomes of them when it is gone."""

import unittest

from spawnpoint.channel import Channel


class Writer:
    def write(self, header, payload=b""):
        pass


class Requests(unittest.TestCase):
    def test_each_gets_its_own_reply_and_others_are_dropped(self):
        channel = Channel(Writer())
        replies = []
        channel.start_request("lookup", {}, b"", lambda reply: replies.append(("first", reply.payload)))
        channel.start_request("stats", {}, b"", lambda reply: replies.append(("second", reply.payload)))
        for number in (2, 3, 1, 1):
            channel.deliver({"request": number, "ok": True}, b"%d" % number)
        self.assertEqual(replies, [("second", b"2"), ("first", b"1")])

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
