"""Handles of dicts and queues, in a process that has no engine."""

import unittest

import modal
from modal.exception import ExecutionError, InvalidError


class NamedObjects(unittest.TestCase):
    def test_a_handle_is_made_without_an_engine_and_says_where_it_can_be_used(self) -> None:
        state, jobs = modal.Dict.from_name("state", create_if_missing=True), modal.Queue.from_id("qu-1")
        self.assertEqual([state.name, jobs.name], ["state", None])
        for use in (lambda: state["x"], lambda: "x" in state, lambda: list(state.keys()), lambda: jobs.get(block=False)):
            with self.assertRaisesRegex(ExecutionError, "outside of the local engine"):
                use()

    def test_names_and_partitions_that_modal_refuses_are_refused(self) -> None:
        for name in ("has space", "has/slash", "a" * 65, ""):
            with self.assertRaisesRegex(InvalidError, "^Invalid Dict name"):
                modal.Dict.from_name(name)
        for partition in ("", "x" * 65):
            with self.assertRaisesRegex(InvalidError, "between 1 and 64"):
                list(modal.Queue.from_id("qu-1").iterate(partition=partition))

    def test_there_is_no_constructor(self) -> None:
        for kind in (modal.Dict, modal.Queue):
            with self.assertRaisesRegex(RuntimeError, "from_name"):
                kind()


if __name__ == "__main__":
    unittest.main()
