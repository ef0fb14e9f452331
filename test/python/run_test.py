"""What `spawnpoint run` finds in a file, and how it reads arguments."""

import types
import unittest
from datetime import datetime
from typing import Any, Literal, Optional

import modal
from spawnpoint.run.arguments import parameters_of_function, parse_arguments
from spawnpoint.run.refusal import Refusal
from spawnpoint.run.runnable import find_runnable


def main(n: int, half: float = 0.5, loud: bool = False, at: Optional[datetime] = None, mode: Literal["a", "b"] = "a"):
    pass


def anything(text, some_value: Any = 3):
    pass


def words(*args):
    pass


def mixed(x: int, *args):
    pass


def listing(items: list):
    pass


def named(**options):
    pass


def switch(on: bool):
    pass


def placed(first: int, second: int = 2, /, third: int = 3):
    pass


def parsed(function, *given):
    return parse_arguments("run", parameters_of_function(function), list(given))


class Arguments(unittest.TestCase):
    def test_values_have_the_types_of_the_parameters(self):
        args, kwargs = parsed(main, "--n", "4", "--half", "2", "--loud", "--at", "2026-03-01", "--mode", "b")
        self.assertEqual(args, [])
        self.assertEqual(kwargs, {"n": 4, "half": 2.0, "loud": True, "at": datetime(2026, 3, 1), "mode": "b"})
        self.assertEqual(parsed(anything, "--text", "7", "--some-value", "8")[1], {"text": "7", "some_value": "8"})

    def test_what_is_left_out_has_its_default(self):
        self.assertEqual(
            parsed(main, "--n", "4", "--no-loud")[1], {"n": 4, "half": 0.5, "loud": False, "at": None, "mode": "a"}
        )
        self.assertEqual(parsed(anything, "--text", "")[1], {"text": "", "some_value": 3})
        self.assertEqual(parsed(switch, "--no-on")[1], {"on": False})

    def test_what_has_to_stand_in_its_place_does(self):
        self.assertEqual(parsed(placed, "--first", "4", "--third", "5"), ([4, 2], {"third": 5}))

    def test_arguments_without_names_are_all_the_words(self):
        self.assertEqual(parsed(words, "--x", "--", "y"), (["--x", "--", "y"], {}))

    def test_what_does_not_fit_is_refused_in_a_sentence(self):
        for function, given, sentence in [
            (main, [], "The following arguments are required: --n; `run --help` shows what there is"),
            (main, ["--n", "x"], "Argument --n: invalid int value: 'x'; "),
            (main, ["--n", "1", "--mode", "c"], "Argument --mode: 'c' is not one of a, b; "),
            (main, ["--n", "1", "--at", "now"], "'now' is not a time such as 2026-03-01T05:00:00"),
            (main, ["--n", "1", "--other"], "Unrecognized arguments: --other; "),
            (switch, [], "--on"),
            (listing, [], "The parameter `items` of run is a list, which has no form on a command line; "),
            (named, [], "takes `\\*\\*options`"),
            (mixed, [], "takes `\\*args` beside other parameters"),
        ]:
            with self.subTest(sentence), self.assertRaisesRegex(Refusal, sentence):
                parsed(function, *given)


def module(**members):
    made = types.ModuleType("file")
    vars(made).update(members)
    return made


class Runnables(unittest.TestCase):
    def test_the_sole_entrypoint_or_else_the_sole_function_needs_no_name(self):
        app = modal.App("app")
        app.function()(anything)
        self.assertEqual(find_runnable(module(app=app), "file.py", "").name, "anything")
        app.local_entrypoint()(main)
        self.assertEqual(find_runnable(module(app=app), "file.py", "").name, "main")
        self.assertEqual(find_runnable(module(app=app), "file.py", "app.anything").name, "anything")

    def test_parameters_of_an_instance_stand_beside_those_of_its_method(self):
        app = modal.App("app")

        @app.cls()
        class Model:
            size: int = modal.parameter(default=3)

            @modal.method()
            def predict(self, x: int):
                pass

        found = find_runnable(module(app=app), "file.py", "Model.predict")
        self.assertEqual(parse_arguments("run", found.parameters(), ["--x", "1"])[1], {"size": 3, "x": 1})

    def test_what_cannot_be_found_is_refused_with_what_there_is(self):
        app = modal.App("app")
        with self.assertRaisesRegex(Refusal, "^file.py has no app; "):
            find_runnable(module(), "file.py", "")
        with self.assertRaisesRegex(Refusal, "^file.py has nothing to run; "):
            find_runnable(module(app=app), "file.py", "")
        app.function()(anything)
        app.function()(words)
        with self.assertRaisesRegex(Refusal, "several things to run; name one, such as file.py::anything, of: anything, words"):
            find_runnable(module(app=app), "file.py", "")
        with self.assertRaisesRegex(Refusal, "^file.py has no other to run; it has: anything, words.$"):
            find_runnable(module(app=app), "file.py", "other")


if __name__ == "__main__":
    unittest.main()
