"""What `App.function` takes: what the local engine applies, and what it reports as not applied."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from modal.concurrency import Batching, Concurrency, read_batching, read_concurrency
from modal.exception import InvalidError
from modal.retries import Retries

if TYPE_CHECKING:
    from modal.volume import VolumeMount

_DEFAULT_TIMEOUT_S = 300

_OLD_NAMES = {
    "keep_warm": "min_containers",
    "concurrency_limit": "max_containers",
    "container_idle_timeout": "scaledown_window",
}

_MACHINE = "Containers are processes on this computer and share its processors, memory and disk."
_INTERPRETER = "Functions run in this computer's Python interpreter, with the packages, files and variables that it has."
_FILES = "Functions see this computer's own files; nothing is mounted."
_PLACE = "Functions run on this computer."
_NETWORK = "Containers use this computer's network as it is."
_SECRETS = "Secrets that Modal keeps are not loaded; use Secret.from_dict or Secret.from_dotenv, or variables of the engine."
_COLD_START = "Containers start from the source files each time."

# What the engine calls otherwise than Modal does, apart from its units of time.
_OPTION_OF = {"memory_limit_mib": "memory"}

#: Why each of Modal's other settings has no effect here.
NOT_APPLIED_REASONS = {
    "image": _INTERPRETER,
    "include_source": _INTERPRETER,
    "gpu": "No GPU is reserved; code sees whatever this computer has.",
    "cpu": _MACHINE,
    "memory": "Containers share this computer's memory; memory=(request, limit) sets a limit, on Linux.",
    "ephemeral_disk": _MACHINE,
    "nonpreemptible": _MACHINE,
    "secrets": _SECRETS,
    "secret": _SECRETS,
    "volumes": "Only volumes with a name are mounted; functions see this computer's own files.",
    "network_file_systems": _FILES,
    "mounts": _FILES,
    "mount": _FILES,
    "schedule": "Nothing runs by itself; call the function when you want it to run.",
    "cloud": _PLACE,
    "region": _PLACE,
    "routing_region": _PLACE,
    "proxy": _NETWORK,
    "i6pn": _NETWORK,
    "block_network": _NETWORK,
    "restrict_modal_access": "Functions can always call functions of the same engine.",
    "enable_memory_snapshot": _COLD_START,
    "checkpointing_enabled": _COLD_START,
    "serialized": "Functions are imported from their source file.",
    "single_use_containers": "A container takes further inputs after its first.",
    "max_inputs": "A container takes inputs until it is idle for too long.",
    "experimental_options": "Experimental options are unknown here.",
    "tags": "Tags are not kept.",
}


_said: set[str] = set()


class NotApplied(NamedTuple):
    """A setting without effect. `function_name` is empty for an app's own, `value` for what cannot be said in a few words."""

    function_name: str
    option: str
    reason: str
    value: str = ""


class FunctionOptions(NamedTuple):
    """The settings that the local engine applies. Times in seconds."""

    timeout: float
    retries: Optional[Retries]
    min_containers: Optional[int]
    max_containers: Optional[int]
    buffer_containers: Optional[int]
    scaledown_window: Optional[float]
    max_concurrent_inputs: Optional[int] = None
    target_concurrent_inputs: Optional[int] = None
    batch_max_size: Optional[int] = None
    batch_wait_ms: Optional[int] = None
    startup_timeout: Optional[float] = None
    memory_limit_mib: Optional[int] = None
    #: Variables of its containers.
    environment: Mapping[str, str] = MappingProxyType({})
    volumes: tuple[VolumeMount, ...] = ()

    def with_environment(self, variables: Mapping[str, str]) -> FunctionOptions:
        """These options with the variables of an App, below their own."""
        return self._replace(environment={**variables, **self.environment})

    def with_decorators(self, concurrency: Optional[Concurrency], batching: Optional[Batching]) -> FunctionOptions:
        """These options with what decorators say; what they leave out stays."""
        changed = self
        if concurrency is not None:
            changed = changed._replace(
                max_concurrent_inputs=concurrency.max_inputs, target_concurrent_inputs=concurrency.target_inputs
            )
        if batching is not None:
            changed = changed._replace(batch_max_size=batching.max_batch_size, batch_wait_ms=batching.wait_ms)
        return changed


def read_options(function_name: str, options: dict[str, Any]) -> tuple[FunctionOptions, list[NotApplied]]:
    """Splits the keyword arguments of `App.function`. Raises TypeError for one that Modal does not have."""
    given = {_OLD_NAMES.get(name, name): value for name, value in options.items()}
    concurrent_inputs = given.pop("allow_concurrent_inputs", None)
    environment = take_environment(given)
    applied = FunctionOptions(
        timeout=_positive("timeout", given.pop("timeout", None)) or _DEFAULT_TIMEOUT_S,
        retries=_read_retries(given.pop("retries", None)),
        min_containers=_whole("min_containers", given.pop("min_containers", None)),
        # As Modal's client sends it, 0 is no maximum.
        max_containers=_whole("max_containers", given.pop("max_containers", None)) or None,
        buffer_containers=_whole("buffer_containers", given.pop("buffer_containers", None)),
        scaledown_window=_positive("scaledown_window", given.pop("scaledown_window", None)),
        startup_timeout=_positive("startup_timeout", given.pop("startup_timeout", None)),
        memory_limit_mib=_memory_limit(given.get("memory")),
        environment=environment,
        volumes=_take_volumes(given),
    )
    if applied.memory_limit_mib is not None and sys.platform == "linux":
        given.pop("memory")
    if applied.max_containers is not None and (applied.min_containers or 0) > applied.max_containers:
        raise InvalidError(f"{function_name}: min_containers is larger than max_containers.")
    concurrency = None if concurrent_inputs is None else read_concurrency(concurrent_inputs, None)
    return applied.with_decorators(concurrency, None), not_applied(function_name, given)


def take_environment(options: dict[str, Any]) -> dict[str, str]:
    """The variables that the options of a function or an App give, of which only what has no effect here is left in `options`."""
    if options.keys().isdisjoint(("secret", "secrets", "env")):
        return {}
    # Imported when it is wanted: every start of a container would pay for it.
    from modal.environment import take_variables

    return take_variables(options)


def _take_volumes(options: dict[str, Any]) -> tuple[VolumeMount, ...]:
    if not options.get("volumes"):
        return ()
    # As above.
    from modal.volume import take_volumes

    return take_volumes(options)


def read_overrides(class_name: str, options: dict[str, Any]) -> dict[str, Any]:
    """What `with_options` changes, by the engine's names. Settings without effect here are left out, and said once."""
    applied, ignored = read_options(class_name, options)
    if applied.volumes:
        ignored.append(NotApplied(class_name, "volumes", "Instances have the volumes of their class."))
    for entry in ignored:
        _say_once(f"{class_name}.with_options({entry.option}=...) has no effect here. {entry.reason}")
    given = {_OLD_NAMES.get(name, name) for name, value in options.items() if value is not None}
    described = describe_options(applied)
    changed = {name: value for name, value in described.items() if _OPTION_OF.get(name, name.removesuffix("_s")) in given}
    # As in Modal, they take the place of those that the function has.
    return {**changed, "variables": dict(applied.environment)} if applied.environment else changed


def concurrency_overrides(max_inputs: Any, target_inputs: Any) -> dict[str, Any]:
    """What `with_concurrency` changes, by the engine's names."""
    concurrency = read_concurrency(max_inputs, target_inputs)
    return {"max_concurrent_inputs": concurrency.max_inputs, "target_concurrent_inputs": concurrency.target_inputs}


def batching_overrides(max_batch_size: Any, wait_ms: Any) -> dict[str, Any]:
    """What `with_batching` changes, by the engine's names."""
    batching = read_batching(max_batch_size, wait_ms)
    return {"batch_max_size": batching.max_batch_size, "batch_wait_ms": batching.wait_ms}


def describe_options(options: FunctionOptions) -> dict[str, Any]:
    """The settings as the engine takes them."""
    retries = options.retries
    return {
        "timeout_s": options.timeout,
        "startup_timeout_s": options.startup_timeout,
        "retries": retries
        and {
            "max_retries": retries.max_retries,
            "backoff_coefficient": retries.backoff_coefficient,
            "initial_delay_s": retries.initial_delay,
            "max_delay_s": retries.max_delay,
        },
        "min_containers": options.min_containers,
        "max_containers": options.max_containers,
        "buffer_containers": options.buffer_containers,
        "scaledown_window_s": options.scaledown_window,
        "max_concurrent_inputs": options.max_concurrent_inputs,
        "target_concurrent_inputs": options.target_concurrent_inputs,
        "batch_max_size": options.batch_max_size,
        "batch_wait_ms": options.batch_wait_ms,
        "memory_limit_mib": options.memory_limit_mib,
    }


def not_applied(function_name: str, options: dict[str, Any]) -> list[NotApplied]:
    """One entry for each option that was really set."""
    for name in options:
        if name not in NOT_APPLIED_REASONS and not name.startswith("_experimental"):
            raise TypeError(f"Modal has no option `{name}` here{_meant_instead_of(name)}.")
    return [
        NotApplied(function_name, name, _reason(name, value), "" if name == "schedule" else _value_text(value))
        for name, value in options.items()
        if value is not None and value is not False and value != {} and value != [] and value != ()
    ]


def _meant_instead_of(name: str) -> str:
    from difflib import get_close_matches

    known = [*NOT_APPLIED_REASONS, *_OLD_NAMES, *FunctionOptions._fields, "name", "is_generator", "env"]
    close = get_close_matches(name, known, 1)
    return f"; `{close[0]}` is the nearest" if close else ""


def _say_once(sentence: str) -> None:
    if sentence not in _said:
        _said.add(sentence)
        print(sentence, file=sys.stderr)


def _reason(option: str, value: Any) -> str:
    reason = NOT_APPLIED_REASONS.get(option, "Experimental options are unknown here.")
    return f"{value!r} is recorded. {reason}" if option == "schedule" else reason


def _value_text(value: Any) -> str:
    """Texts, numbers and lists of them as Python writes them, the paths of mounts, and the names of secrets."""
    if isinstance(value, Mapping):
        return ", ".join(map(str, value))
    parts = list(value) if isinstance(value, (list, tuple)) else [value]
    texts = [repr(part) if isinstance(part, (str, int, float)) else getattr(part, "said_name", "") for part in parts]
    return ", ".join(texts) if all(texts) else ""


def _read_retries(value: Any) -> Optional[Retries]:
    if value is None or isinstance(value, Retries):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        # As Modal reads a bare number.
        return Retries(max_retries=value, backoff_coefficient=1.0, initial_delay=1.0)
    raise InvalidError(f"`retries` takes a number or `modal.Retries(...)`, not {value!r}.")


def _memory_limit(value: Any) -> Optional[int]:
    """Of a request in MiB, or a pair of request and limit, the limit."""
    if not isinstance(value, (tuple, list)):
        _whole("memory", value)
        return None
    if len(value) != 2 or not all(type(part) is int for part in value) or not 0 <= value[0] <= value[1] or not value[1]:
        raise InvalidError(f"`memory` takes MiB, or (request, limit) with a limit above 0, not {value!r}.")
    return int(value[1])


def _positive(name: str, value: Any) -> Optional[float]:
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0):
        return value
    raise InvalidError(f"`{name}` takes a number of seconds above 0, not {value!r}.")


def _whole(name: str, value: Any) -> Optional[int]:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise InvalidError(f"`{name}` takes a whole number from 0, not {value!r}.")
