"""Functions and the calls of them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Callable, NoReturn, Optional

from modal.dual import Request, Steps, dual
from modal.exception import ExecutionError, InvalidError
from modal.execution import current_input_id
from modal.function_call import FunctionCall
from modal.generator_call import started_for_loop
from modal.options import FunctionOptions, NotApplied, batching_overrides, concurrency_overrides, read_overrides
from modal.outputs import outputs_of
from modal.parallel_map import ForEachMethod, MapMethod, ThreadMethod, map_rows, spawn_rows
from modal.place import Place, place_of, read_place
from modal.rows import rows_of_iterables, rows_of_sequences
from spawnpoint.context import engine_channel
from spawnpoint.payload import PICKLE, encode_args

if TYPE_CHECKING:
    from modal.web import WebSettings
    from spawnpoint.channel import Reply

__all__ = ["Function", "FunctionCall", "gather"]

# So long may the engine hold the answer to a call for its output: a short call is one request then. As in our other client.
_OUTPUT_WAIT_MS = 20


class Function:
    """A function that containers run.

    Made by `App.function` or `Function.from_name`. Its id is looked up when it is first needed.
    """

    #: Which method of a class its inputs are for; empty for plain functions.
    method_name = ""

    #: Says to the other decorators that they come before this.
    _stands_above_all = True

    # Whether it shares the containers of a class's instance.
    _is_method = False

    def __init__(
        self,
        *,
        app: Any,
        name: str,
        raw_f: Optional[Callable[..., Any]] = None,
        is_generator: Optional[bool] = None,
        is_batched: bool = False,
        web: Optional[WebSettings] = None,
        options: Optional[FunctionOptions] = None,
        not_applied: Optional[list[NotApplied]] = None,
    ) -> None:
        self.app = app
        self.name = name
        self.is_generator = is_generator
        self.is_batched = is_batched
        self.web = web
        self.options = options
        self.not_applied = not_applied or []
        self.raw_f = raw_f
        self._function_id = ""
        self._web_url: Optional[str] = None
        if raw_f is not None:
            functools.update_wrapper(self, raw_f, updated=())

    @classmethod
    def from_name(
        cls,
        app_name: str,
        name: str,
        *,
        version: Optional[int] = None,
        environment_name: Optional[str] = None,
        **_options: Any,
    ) -> Function:
        """A deployed function by its app's name and its own. Asks nobody yet.

        It stays at a `version` of the app that is given; otherwise it is the live one of each call.
        """
        if "." in name:
            class_name, _, method_name = name.partition(".")
            raise InvalidError(
                f"{name!r} names a method of a class; "
                f"write `modal.Cls.from_name({app_name!r}, {class_name!r})().{method_name}`."
            )
        return cls(app=read_place(app_name, environment_name, version), name=name)

    @classmethod
    def lookup(cls, app_name: str, name: str, **options: Any) -> Function:
        """Like `from_name`, but raises NotFoundError at once where there is no such function."""
        function = cls.from_name(app_name, name, **options)
        function.hydrate()
        return function

    @property
    def tag(self) -> str:
        return self.name

    @property
    def object_id(self) -> str:
        """The function's id. Raises ExecutionError before `hydrate`."""
        if not self._function_id:
            raise ExecutionError(f"{self.name} has not been looked up yet; call `hydrate()` first.")
        return self._function_id

    @dual
    def get_web_url(self) -> Steps:
        """Where a web endpoint listens; None for other functions."""
        yield from self._look_up()
        return self._web_url

    @property
    def web_url(self) -> Optional[str]:
        """Like `get_web_url`; None where there is no engine to ask."""
        return self.get_web_url() if engine_channel() else None

    @dual
    def hydrate(self, _client: Any = None) -> Steps:
        """Looks the function up. Raises NotFoundError where it is not deployed."""
        yield from self._look_up()
        return self

    def hydrate_steps(self) -> Steps:
        """What `hydrate` does, for other descriptions."""
        yield from self._look_up()

    def with_options(self, **options: Any) -> Function:
        """The same function with other settings, and containers of its own. Takes the options of `App.function`."""
        return self.with_overrides(read_overrides(self.name, options))

    def with_concurrency(self, *, max_inputs: int, target_inputs: Optional[int] = None) -> Function:
        """The same function, whose containers run several inputs at a time, as `@modal.concurrent` says it."""
        return self.with_overrides(concurrency_overrides(max_inputs, target_inputs))

    def with_batching(self, *, max_batch_size: int, wait_ms: int) -> Function:
        """The same function, which takes lists and returns one, as `@modal.batched` says it."""
        return self.with_overrides(batching_overrides(max_batch_size, wait_ms))

    def with_overrides(self, overrides: dict[str, Any]) -> Function:
        """The same function with settings by the engine's names. Raises InvalidError for a method."""
        from modal.function_variant import FunctionVariant

        if self._is_method:
            raise InvalidError(f"{self.name} is a method; change the options of its class.")
        return FunctionVariant(self, overrides)

    @dual
    def remote(self, *args: Any, **kwargs: Any) -> Steps:
        """Runs the function in a container and returns its result, or raises what it raised."""
        reply = yield from self._call("sync", args, kwargs)
        for output in outputs_of(reply):
            return output.value()
        return (yield from _call_in(reply).get_steps(None, 0))

    @started_for_loop
    def remote_gen(self, *args: Any, **kwargs: Any) -> Steps:
        """Runs a generator function in a container and yields what it yields, as it comes.

        The call begins with the first `next`, and is cancelled when the loop is left before its end.
        """
        return _call_in((yield from self._call("generator", args, kwargs)))

    @dual
    def spawn(self, *args: Any, **kwargs: Any) -> Steps:
        """Starts the function in a container and returns the FunctionCall without waiting."""
        return _call_in((yield from self._call("async", args, kwargs)))

    @dual
    def get_current_stats(self) -> Steps:
        """The function's queue and containers now."""
        from modal.types import FunctionStats

        function_id = yield from self._look_up()
        reply = yield Request("stats", {"function_id": function_id})
        return FunctionStats(
            backlog=reply.value["backlog"],
            num_total_runners=reply.value["num_total_tasks"],
            num_running_inputs=reply.value["num_running_inputs"],
            input_headroom=reply.value["input_headroom"],
        )

    @MapMethod
    def map(
        self,
        *input_iterators: Any,
        kwargs: Optional[dict[str, Any]] = None,
        order_outputs: bool = True,
        return_exceptions: bool = False,
        wrap_returned_exceptions: bool = False,
    ) -> Any:
        """Runs the function over the items of one or more iterables in parallel, and yields the results as they come.

        Results have the order of the inputs unless `order_outputs` is False. The first failure is raised, or with
        `return_exceptions` each exception takes the place of its result.
        """
        return map_rows(self, rows_of_iterables(input_iterators), kwargs, order_outputs, return_exceptions)

    @MapMethod
    def starmap(
        self,
        input_iterator: Any,
        *,
        kwargs: Optional[dict[str, Any]] = None,
        order_outputs: bool = True,
        return_exceptions: bool = False,
        wrap_returned_exceptions: bool = False,
    ) -> Any:
        """Like `map` over one iterable whose items are sequences of arguments."""
        return map_rows(self, rows_of_sequences(input_iterator), kwargs, order_outputs, return_exceptions)

    @ForEachMethod
    def for_each(
        self, *input_iterators: Any, kwargs: Optional[dict[str, Any]] = None, ignore_exceptions: bool = False
    ) -> Any:
        """Like `map`, for what the function does and not for what it returns."""
        return map_rows(self, rows_of_iterables(input_iterators), kwargs, False, ignore_exceptions)

    @ThreadMethod
    def spawn_map(self, *input_iterators: Any, kwargs: Optional[dict[str, Any]] = None) -> FunctionCall:
        """Starts the function over the items of iterables, and returns the call without waiting for results."""
        return FunctionCall(spawn_rows(self, rows_of_iterables(input_iterators), kwargs))

    def local(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the function right here, as any Python function."""
        return self.get_raw_f()(*args, **kwargs)

    def get_raw_f(self) -> Callable[..., Any]:
        """The Python function inside. Raises ExecutionError for one that is known by its name only."""
        if self.raw_f is None:
            raise ExecutionError(f"{self.name} was found by its name, so its Python function is not here.")
        return self.raw_f

    @dual
    def keep_warm(self, warm_pool_size: int) -> Steps:
        """Keeps so many containers running, until the App is deployed again."""
        yield from self._change_autoscaler(min_containers=warm_pool_size)

    @dual
    def update_autoscaler(
        self,
        *,
        min_containers: Optional[int] = None,
        max_containers: Optional[int] = None,
        buffer_containers: Optional[int] = None,
        scaledown_window: Optional[int] = None,
    ) -> Steps:
        """Changes how containers come and go, until the App is deployed again. Returns what is in force then.

        Settings that are left out keep their value. The window is in seconds.
        """
        return (
            yield from self._change_autoscaler(
                min_containers=min_containers,
                max_containers=max_containers,
                buffer_containers=buffer_containers,
                scaledown_window=scaledown_window,
            )
        )

    def __call__(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        # With Modal's own package a Function cannot be called either.
        raise TypeError(
            f"{self.name} is a Modal Function: call `{self.name}.remote(...)` to run it in a container, "
            f"or `{self.name}.local(...)` to run it here."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _function_of, (self._place(), self.name)

    def __repr__(self) -> str:
        return f"modal.Function({self.app.name}.{self.name})"

    def _change_autoscaler(self, **settings: Optional[int]) -> Steps:
        from modal.types import FunctionAutoscalerSettings

        if self._is_method:
            raise InvalidError(f"{self.name} is a method, which has no containers of its own.")
        for name, value in settings.items():
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
                raise InvalidError(f"`{name}` takes a whole number from 0, not {value!r}.")
        function_id = yield from self._look_up()
        reply = yield Request("autoscaler", {"function_id": function_id, **settings})
        return FunctionAutoscalerSettings(
            min_containers=reply.value["min_containers"],
            max_containers=reply.value["max_containers"],
            buffer_containers=reply.value["buffer_containers"],
            scaledown_window=reply.value["scaledown_window"],
        )

    def _place(self) -> Place:
        return place_of(self.app, self.name)

    def forget_id(self) -> None:
        """Has the function looked up anew: its app runs anew."""
        self._function_id = ""

    def _look_up(self) -> Steps:
        if not self._function_id:
            reply = yield Request("lookup", {**self._place().params, "name": self.name})
            self._function_id = reply.value["function_id"]
            self.is_generator = reply.value["is_generator"]
            self._web_url = reply.value.get("web_url")
        return self._function_id

    def _call(self, invocation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
        function_id = yield from self._look_up()
        if self.is_generator and invocation != "generator":
            raise InvalidError(f"{self.name} is a generator function; call it with `{self.name}.remote_gen(...)`.")
        if not self.is_generator and invocation == "generator":
            raise InvalidError(f"{self.name} is not a generator function; call it with `{self.name}.remote(...)`.")
        data = encode_args(args, kwargs)
        params = {
            "function_id": function_id,
            "parent_input": current_input_id(),
            "kind": "unary",
            "invocation": invocation,
            "method": self.method_name,
            "inputs": [{"format": PICKLE, "size": len(data)}],
            "finished": True,
            "output_wait_ms": _OUTPUT_WAIT_MS if invocation == "sync" else 0,
        }
        return (yield Request("call", params, data))

    def start_map(self, invocation: str) -> Steps:
        """Begins a call whose inputs follow, and returns its id."""
        function_id = yield from self._look_up()
        if self.is_generator:
            raise InvalidError(f"{self.name} is a generator function, which cannot be mapped; use `remote_gen`.")
        params = {
            "function_id": function_id,
            "parent_input": current_input_id(),
            "kind": "map",
            "invocation": invocation,
            "inputs": [],
            "finished": False,
        }
        reply = yield Request("call", params)
        return reply.value["function_call_id"]


def _call_in(reply: Reply) -> FunctionCall:
    return FunctionCall(reply.value["function_call_id"])


def gather(*function_calls: FunctionCall) -> list[Any]:
    """The older name of `FunctionCall.gather`."""
    return FunctionCall.gather(*function_calls)


def _function_of(place: Place, name: str) -> Function:
    return Function(app=place, name=name)
