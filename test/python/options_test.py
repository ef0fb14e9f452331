"""Every option of Modal's decorators is applied, recorded, or refused by its name."""

import unittest

import modal
from modal.options import describe_options

#: The keyword arguments of `App.function` in Modal 1.x, each with a value that does something.
FUNCTION_OPTIONS = {
    "image": modal.Image.debian_slim(),
    "schedule": modal.Cron("0 9 * * 1"),
    "env": {"NAME": "value"},
    "secrets": [modal.Secret.from_name("key")],
    "gpu": "H100",
    "serialized": True,
    "network_file_systems": {"/nfs": modal.NetworkFileSystem.from_name("nfs")},
    "volumes": {"/data": modal.Volume.from_name("data")},
    "cpu": 2.0,
    "memory": 512,
    "ephemeral_disk": 1024,
    "min_containers": 1,
    "max_containers": 4,
    "buffer_containers": 1,
    "scaledown_window": 30,
    "proxy": modal.Proxy.from_name("proxy"),
    "retries": 2,
    "timeout": 60,
    "startup_timeout": 20,
    "name": "other_name",
    "is_generator": True,
    "cloud": "aws",
    "region": "eu",
    "routing_region": "eu",
    "nonpreemptible": True,
    "enable_memory_snapshot": True,
    "block_network": True,
    "restrict_modal_access": True,
    "single_use_containers": True,
    "i6pn": True,
    "include_source": True,
    "experimental_options": {"flag": True},
    "_experimental_restrict_output": True,
    "max_inputs": 10,
}
#: Those that `App.cls` does not have.
OF_FUNCTIONS_ONLY = {"schedule", "name", "is_generator"}
OLD_NAMES = {"keep_warm": 1, "concurrency_limit": 2, "container_idle_timeout": 30, "allow_concurrent_inputs": 2}
#: What the engine takes under another name, or as a value that is looked for elsewhere.
APPLIED_AS = {
    "timeout": ("timeout_s", 60),
    "startup_timeout": ("startup_timeout_s", 20),
    "scaledown_window": ("scaledown_window_s", 30),
    "min_containers": ("min_containers", 1),
    "max_containers": ("max_containers", 4),
    "buffer_containers": ("buffer_containers", 1),
    "keep_warm": ("min_containers", 1),
    "concurrency_limit": ("max_containers", 2),
    "container_idle_timeout": ("scaledown_window_s", 30),
    "allow_concurrent_inputs": ("max_concurrent_inputs", 2),
}


def work():
    pass


class Model:
    @modal.method()
    def work(self):
        pass


class Options(unittest.TestCase):
    def test_every_option_of_a_function_is_applied_or_recorded(self):
        for name, value in {**FUNCTION_OPTIONS, **OLD_NAMES}.items():
            with self.subTest(name):
                self.check(name, value, modal.App("app").function(**{name: value})(work))

    def test_every_option_of_a_class_is_applied_or_recorded(self):
        for name, value in {**FUNCTION_OPTIONS, **OLD_NAMES}.items():
            if name in OF_FUNCTIONS_ONLY:
                continue
            with self.subTest(name):
                app = modal.App("app")
                app.cls(**{name: value})(Model)
                self.check(name, value, app.class_definitions["Model"])

    def check(self, name, value, registered):
        recorded = [entry.option for entry in registered.not_applied]
        if name in APPLIED_AS:
            option, expected = APPLIED_AS[name]
            self.assertEqual(describe_options(registered.options)[option], expected)
        elif name == "retries":
            self.assertEqual(registered.options.retries.max_retries, 2)
        elif name == "env":
            self.assertEqual(registered.options.environment, value)
        elif name == "volumes":
            self.assertEqual([(mount.path, mount.volume.name) for mount in registered.options.volumes], [("/data", "data")])
        elif name == "name":
            self.assertEqual(registered.name, value)
        elif name == "is_generator":
            self.assertTrue(registered.is_generator)
        else:
            self.assertEqual(recorded, [name])
            return
        self.assertEqual(recorded, [])

    def test_an_option_that_modal_does_not_have_is_a_type_error_with_its_name(self):
        app = modal.App("app")
        for make in (lambda: app.function(flavour=1)(work), lambda: app.cls(flavour=1)(Model), lambda: modal.App(flavour=1)):
            with self.assertRaisesRegex(TypeError, "`flavour`"):
                make()

    def test_a_maximum_of_no_containers_is_no_maximum(self):
        for name in ("max_containers", "concurrency_limit"):
            self.assertIsNone(modal.App("app").function(**{name: 0})(work).options.max_containers)

    def test_a_class_has_no_schedule_and_a_schedule_is_one(self):
        with self.assertRaisesRegex(TypeError, "`schedule`"):
            modal.App("app").cls(schedule=modal.Cron("0 9 * * 1"))(Model)
        with self.assertRaisesRegex(modal.exception.InvalidError, "five fields"):
            modal.Cron("daily")
        self.assertEqual(repr(modal.Cron("0 9 * * 1", timezone="Europe/Berlin")), "Cron('0 9 * * 1', timezone='Europe/Berlin')")

    def test_a_secret_keeps_the_variables_that_have_a_value(self):
        self.assertEqual(modal.Secret.from_dict({"A": "1", "B": None}).variables, {"A": "1"})
        with self.assertRaisesRegex(modal.exception.InvalidError, "'A'"):
            modal.Secret.from_dict({"A": 1})
        with self.assertRaisesRegex(modal.exception.InvalidError, "no variable SURELY_NOT_SET"):
            modal.Secret.from_local_environ(["SURELY_NOT_SET"])


if __name__ == "__main__":
    unittest.main()
