"""What the stand-in package does with Modal's services: they are made, passed on, and refuse to be used."""

import pickle
import unittest

import modal
from modal.exception import UnimplementedError


class Services(unittest.TestCase):
    def test_a_sandbox_refuses_what_it_would_do(self) -> None:
        box = modal.Sandbox.from_id("sb-1")
        for use in (lambda: box.exec("ls"), lambda: modal.Sandbox.create("ls"), lambda: modal.Sandbox.objects):
            with self.assertRaisesRegex(UnimplementedError, r"^`modal\.Sandbox\..* is not supported by the local engine"):
                use()

    def test_one_can_be_an_argument_of_a_call(self) -> None:
        copy = pickle.loads(pickle.dumps(modal.Sandbox.from_id("sb-1")))
        with self.assertRaisesRegex(UnimplementedError, r"^`modal\.Sandbox\.exec` is not supported"):
            copy.exec("ls")

    def test_what_would_change_something_on_modal_is_refused_and_what_names_a_setting_is_not(self) -> None:
        for change in (
            lambda: modal.Secret.create_deployed("name", {}),
            lambda: modal.Volume.delete("name"),
            lambda: modal.Secret.objects,
        ):
            with self.assertRaises(UnimplementedError):
                change()
        self.assertIsInstance(modal.Volume.from_name("name", create_if_missing=True), modal.Volume)


if __name__ == "__main__":
    unittest.main()
