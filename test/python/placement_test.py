"""Where Modal's decorators may stand, what apps may be called, and what is said otherwise."""

import unittest

import modal
from modal.app import wrong_name
from modal.exception import InvalidError, SerializationError
from spawnpoint.payload import encode_args


def work():
    pass


class Plain:
    def work(self):
        pass

    @modal.method()
    def method(self):
        pass


def nested():
    def inner():
        pass

    return inner


class Placement(unittest.TestCase):
    def setUp(self):
        self.app = modal.App("placed")

    def test_the_app_stands_above_all_other_decorators(self):
        function = self.app.function()(work)
        for decorate in (modal.concurrent(max_inputs=2), modal.batched(max_batch_size=2, wait_ms=1), modal.method()):
            with self.assertRaisesRegex(InvalidError, "above all"):
                decorate(function)
        with self.assertRaisesRegex(InvalidError, "above all"):
            modal.concurrent(max_inputs=2)(self.app.cls()(Plain))

    def test_a_method_is_no_function(self):
        for target in (Plain.work, vars(Plain)["method"]):
            with self.assertRaisesRegex(InvalidError, "is a method"):
                self.app.function()(target)

    def test_a_function_inside_of_another_is_taken_where_it_says_so(self):
        with self.assertRaisesRegex(InvalidError, "inside of another function"):
            self.app.function()(nested())
        self.assertEqual(self.app.function(serialized=True, name="inner")(nested()).name, "inner")

    def test_names_are_those_that_modal_takes(self):
        for name in ("app", "my-app_2.x", "a" * 64):
            self.assertIsNone(wrong_name(name))
        for name in ("", "two words", "a/b", "a" * 65, "ap-" + "x" * 22):
            self.assertIn(repr(name), wrong_name(name) or "")

    def test_the_nearest_option_is_named(self):
        with self.assertRaisesRegex(TypeError, "`gpus` here; `gpu` is the nearest"):
            self.app.function(gpus="A100")(work)
        with self.assertRaisesRegex(TypeError, "`qqq` here.$"):
            self.app.function(qqq=1)(work)


class Arguments(unittest.TestCase):
    def test_what_cannot_be_pickled_is_said_with_a_way_out(self):
        with self.assertRaisesRegex(SerializationError, "arguments cannot be pickled .*lambda.*top level of a module"):
            encode_args((lambda: 1,), {})


if __name__ == "__main__":
    unittest.main()
