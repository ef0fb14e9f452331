"""Who reads the engine's pipe, and when."""

import unittest
from threading import Event, Thread

from spawnpoint.worker.turns import Turns

_PATIENCE_S = 20


def _yes() -> bool:
    return True


def _no() -> bool:
    return False


class TurnsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.turns = Turns()

    def test_at_first_the_inbox_reads_and_the_main_thread_waits(self) -> None:
        self.assertTrue(self.turns.inbox_goes_on(_yes))
        self.assertFalse(self.turns.main_arrives())

    def test_the_inbox_goes_on_until_the_main_thread_has_something(self) -> None:
        self.turns.main_arrives()
        self.assertTrue(self.turns.inbox_goes_on(_no))
        self.assertFalse(self.turns.inbox_goes_on(_yes))

    def test_the_main_thread_reads_when_it_comes_back(self) -> None:
        self._give_up_the_turn()
        self.turns.main_leaves(is_urgent=False)
        self.assertTrue(self.turns.main_arrives())

    def test_the_inbox_reads_when_the_main_thread_stays_away(self) -> None:
        self._give_up_the_turn()
        self.turns.main_leaves(is_urgent=False)
        self.turns.await_inbox()
        self.assertFalse(self.turns.main_arrives())

    def test_the_inbox_sleeps_while_the_main_thread_reads(self) -> None:
        self._give_up_the_turn()
        self.turns.main_leaves(is_urgent=False)
        self.assertTrue(self.turns.main_arrives())
        its_turn = self._await_inbox()
        self.assertFalse(its_turn.wait(0.1))
        self.turns.main_leaves(is_urgent=False)
        self.assertTrue(its_turn.wait(_PATIENCE_S))

    def test_the_inbox_reads_when_a_reply_is_waited_for(self) -> None:
        self._give_up_the_turn()
        self.turns.main_leaves(is_urgent=False)
        self.turns.hurry()
        self.turns.await_inbox()
        self.assertFalse(self.turns.main_arrives())

    def test_the_inbox_reads_when_the_main_thread_leaves_while_a_reply_is_waited_for(self) -> None:
        self._give_up_the_turn()
        self.turns.main_leaves(is_urgent=False)
        self.assertTrue(self.turns.main_arrives())
        its_turn = self._await_inbox()
        self.turns.hurry()
        self.assertFalse(its_turn.is_set())
        self.turns.main_leaves(is_urgent=True)
        self.assertTrue(its_turn.wait(_PATIENCE_S))

    def _give_up_the_turn(self) -> None:
        self.turns.main_arrives()
        self.assertFalse(self.turns.inbox_goes_on(_yes))

    def _await_inbox(self) -> Event:
        its_turn = Event()

        def wait() -> None:
            self.turns.await_inbox()
            its_turn.set()

        Thread(target=wait, daemon=True).start()
        return its_turn


if __name__ == "__main__":
    unittest.main()
