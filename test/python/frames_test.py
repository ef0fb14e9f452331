"""Reading frames."""

import socket
import unittest

from spawnpoint.frames import FrameReader, FrameWriter


class FrameReaderTest(unittest.TestCase):
    def setUp(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.addCleanup(self.ours.close)
        self.addCleanup(self.theirs.close)
        self.reader = FrameReader(self.ours.fileno())

    def test_frames_come_whole(self) -> None:
        FrameWriter(self.theirs.fileno()).write(b'{"type":"stop"}', b"payload")
        self.assertEqual(self.reader.read(), ({"type": "stop"}, b"payload"))

    def test_the_end_of_the_other_side_is_the_end(self) -> None:
        self.theirs.close()
        self.assertIsNone(self.reader.read())

    def test_so_it_is_when_the_other_side_left_something_unread(self) -> None:
        self.ours.send(b"unread")
        self.theirs.close()
        self.assertIsNone(self.reader.read())


if __name__ == "__main__":
    unittest.main()
