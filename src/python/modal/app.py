"""The App: the functions that are deployed together."""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, Any, Callable, NoReturn, Optional

from modal.class_definition import ClassDefinition
from modal.cls import Cls
from modal.concurrency import batching_of_class, check_batched
from modal.dual import Request, Steps, dual
from modal.exception import InvalidError
from modal.functions import Function
from modal.options import NotApplied, not_applied, read_options, take_environment
from modal.partial_function import PartialFunction

if TYPE_CHECKING:
    from modal.app_run import AppRun
    from modal.found_app import Lookup

_created: list[App] = []


def wrong_name(name: str) -> Optional[str]:
    """What is wrong with the name of an App that is to be deployed, by Modal's rules; None when it is good."""
    # Imported when it is wanted: containers have no use for it.
    import re

    if len(name) <= 64 and re.fullmatch(r"[a-zA-Z0-9._-]+", name) and not re.fullmatch(r"ap-[a-zA-Z0-9]{22}", name):
        return None
    return f"an app cannot be named {name!r}; a name has up to 64 letters, digits, dashes, periods and underscores."


def created_apps() -> list[App]:
    """Every App of this process, in the order of their creation."""
    return list(_created)


class LocalEntrypoint:
    """What `App.local_entrypoint` makes: a plain function that `modal run` would start."""

    def __init__(self, raw_f: Callable[..., Any]) -> None:
        self.raw_f = raw_f
        functools.update_wrapper(self, raw_f)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.raw_f(*args, **kwargs)


class _ClassProperty:
    """Decorates what a class has, made when it is asked for."""

    def __init__(self, make: Callable[[type], Any]) -> None:
        self._make = make

    def __get__(self, _instance: Any, owner: type) -> Any:
        return self._make(owner)


class App:
    """A named group of functions. Settings other than the name are accepted and reported as not applied."""

    def __init__(self, name: Optional[str] = None, **options: Any) -> None:
        if name is not None and not isinstance(name, str):
            raise InvalidError(f"The name of an App is a str, not {name!r}.")
        caller = sys._getframe(1)
        self.line = caller.f_lineno
        self.path = caller.f_code.co_filename
        self.included_in: Optional[App] = None
        self._environment = take_environment(options)
        self.not_applied = not_applied("", options)
        self._name = name
        self._app_id: Optional[str] = None
        self._functions: dict[str, Function] = {}
        self._classes: dict[str, ClassDefinition] = {}
        self._entrypoints: dict[str, LocalEntrypoint] = {}
        if self.is_defined_here():
            _created.append(self)

    def is_defined_here(self) -> bool:
        """False for one that was only looked up."""
        return True

    @property
    def name(self) -> Optional[str]:
        return self._name

    def take_name(self, name: str) -> None:
        """Names an app that has no name: a run is known by its file."""
        self._name = self._name or name

    def be_known_as(self, name: str) -> None:
        """Says under which name the app was deployed."""
        self._name = name

    def defines(self, function_name: str) -> bool:
        """Whether it has a function of this name, as the engine knows it."""
        services = [definition.service_name for definition in self._classes.values()]
        return function_name in self._functions or function_name in services

    @property
    def description(self) -> Optional[str]:
        return self._name

    @property
    def registered_functions(self) -> dict[str, Function]:
        return self._functions

    @property
    def registered_classes(self) -> dict[str, Cls]:
        return {name: Cls(definition) for name, definition in self._classes.items()}

    @property
    def class_definitions(self) -> dict[str, ClassDefinition]:
        return self._classes

    @property
    def registered_entrypoints(self) -> dict[str, LocalEntrypoint]:
        return self._entrypoints

    def function(
        self,
        _warn_parentheses_missing: Any = None,
        *,
        name: Optional[str] = None,
        is_generator: Optional[bool] = None,
        **options: Any,
    ) -> Callable[[Any], Function]:
        """Registers a function. Takes Modal's options; raises TypeError for others."""
        _refuse_positional(_warn_parentheses_missing, "app.function")

        def register(target: Any) -> Function:
            if isinstance(target, type):
                raise TypeError("`@app.function` cannot be used on a class; use `@app.cls` instead.")
            partial = target if isinstance(target, PartialFunction) else PartialFunction(target)
            _check_place(partial, bool(options.get("serialized")))
            function_name = name or _qualname_of(partial.raw_f)
            applied, ignored = read_options(function_name, options)
            applied = applied.with_environment(self._environment)
            ignored += [NotApplied(function_name, option, reason) for option, reason in partial.not_applied]
            if partial.is_batched:
                check_batched(function_name, partial.raw_f, is_generator)
            if partial.web is not None:
                applied, unused = partial.web.options(function_name, applied)
                ignored += unused
            function = Function(
                app=self,
                name=function_name,
                raw_f=partial.raw_f,
                is_generator=is_generator,
                is_batched=partial.is_batched,
                web=partial.web,
                options=applied.with_decorators(partial.concurrency, partial.batching),
                not_applied=ignored,
            )
            self._functions[function_name] = function
            return function

        return register

    def cls(self, _warn_parentheses_missing: Any = None, **options: Any) -> Callable[[type], Cls]:
        """Registers a class. Takes the options of `function`; raises TypeError for others."""
        _refuse_positional(_warn_parentheses_missing, "app.cls")
        if "schedule" in options:
            raise TypeError("Modal has no option `schedule` here; put it on a function that calls the class.")

        def register(user_cls: Any) -> Cls:
            partial = user_cls if isinstance(user_cls, PartialFunction) else PartialFunction(user_cls)
            raw_cls: Any = partial.raw_f
            if not isinstance(raw_cls, type):
                raise TypeError("`@app.cls` can only be used on a class; use `@app.function` instead.")
            name = raw_cls.__name__
            applied, ignored = read_options(name, options)
            applied = applied.with_environment(self._environment)
            ignored += [NotApplied(name, option, reason) for option, reason in partial.not_applied]
            definition = ClassDefinition(app=self, name=name, user_cls=raw_cls, not_applied=ignored)
            batching = batching_of_class(name, definition.methods)
            definition.options = applied.with_decorators(partial.concurrency, batching)
            self._classes[name] = definition
            return Cls(definition)

        return register

    def server(self, *_args: Any, **_options: Any) -> NoReturn:
        """Modal's servers at its network's edge: not supported."""
        from modal.services import refuse

        refuse("App.server")

    def local_entrypoint(
        self, _warn_parentheses_missing: Any = None, *, name: Optional[str] = None
    ) -> Callable[[Callable[..., Any]], LocalEntrypoint]:
        """Registers a function that starts the app from a terminal."""
        _refuse_positional(_warn_parentheses_missing, "app.local_entrypoint")

        def register(raw_f: Callable[..., Any]) -> LocalEntrypoint:
            entrypoint = LocalEntrypoint(raw_f)
            self._entrypoints[name or raw_f.__qualname__] = entrypoint
            return entrypoint

        return register

    def include(self, /, other_app: App, inherit_tags: bool = True) -> App:
        """Takes over the functions and classes of another App: they are called as its own from now on."""
        other_app.included_in = self
        for included in (*other_app._functions.values(), *other_app._classes.values()):
            included.app = self
        self._functions.update(other_app._functions)
        self._classes.update(other_app._classes)
        self.not_applied += other_app.not_applied
        return self

    @_ClassProperty
    def lookup(_cls: type) -> Lookup:
        """`App.lookup(name, create_if_missing=False)`: an app that is deployed, by its name."""
        # Imported when it is wanted: most files have no use for it.
        from modal.found_app import Lookup

        return Lookup()

    @property
    def app_id(self) -> Optional[str]:
        """Its id, while it runs by `App.run`, or when it was deployed or looked up."""
        return self._app_id

    def run(
        self,
        *,
        name: Optional[str] = None,
        client: Any = None,
        detach: bool = False,
        interactive: bool = False,
        environment_name: Optional[str] = None,
    ) -> AppRun:
        """Runs the app, without deploying it, from `with` (or `async with`) to its end.

        With `detach` it goes on when this process goes, until its calls are finished.
        """
        if interactive:
            raise InvalidError("`interactive=True` is not supported by the local engine; leave it out.")
        if name and not self._name:
            raise InvalidError(f"Name the app where it is made: `modal.App({name!r})`.")
        from modal.app_run import AppRun

        return AppRun(self, detach=detach, environment_name=environment_name)

    def began(self, app_id: Optional[str]) -> None:
        """Says under which id the app runs now. None: it does not run. Ids of an earlier run count no more."""
        self._app_id = app_id
        for function in self._functions.values():
            function.forget_id()

    @dual
    def deploy(
        self,
        *,
        name: Optional[str] = None,
        environment_name: Optional[str] = None,
        tag: str = "",
        client: Any = None,
        strategy: str = "rolling",
    ) -> Steps:
        """Deploys the app from its file, and returns it. Tags are not kept, and versions take over one after another."""
        if not (name or self._name):
            raise InvalidError('An app needs a name to be deployed; write `modal.App("my-app")` or `app.deploy(name="my-app")`.')
        if wrong_name(name or self._name or ""):
            raise InvalidError(f"It is not deployed: {wrong_name(name or self._name or '')}")
        if strategy != "rolling":
            raise InvalidError(f"The local engine deploys with `strategy=\"rolling\"` only, not {strategy!r}; leave it out.")
        params = {"path": path_of(self), "app": self._name or "", "name": name or "", "environment": environment_name or ""}
        reply = yield Request("deploy", params)
        self._name = reply.value["name"]
        self.began(reply.value["app_id"])
        return self


def path_of(app: App) -> str:
    """The file that defines the app's functions: the script that has the app, wherever the app itself was made."""
    main = sys.modules["__main__"]
    path = getattr(main, "__file__", None)
    return os.path.abspath(path if path and app in vars(main).values() else app.path)


def _check_place(partial: PartialFunction, is_serialized: bool) -> None:
    """Raises InvalidError for what Modal would not find again, or not as a function."""
    outer, _, _ = _qualname_of(partial.raw_f).rpartition(".")
    if partial.is_method or (outer and not outer.endswith("<locals>")):
        raise InvalidError(
            f"`{_qualname_of(partial.raw_f)}` is a method, so `@app.function()` cannot be used on it; "
            "put `@modal.method()` above it and `@app.cls()` above its class."
        )
    if outer and not is_serialized:
        raise InvalidError(
            f"`{_qualname_of(partial.raw_f)}` is defined inside of another function; move it to the top level of the file, "
            "or say `@app.function(serialized=True)`. A decorator below `@app.function()` takes `functools.wraps`."
        )


def _qualname_of(raw_f: Any) -> str:
    return str(getattr(raw_f, "__qualname__", repr(raw_f)))


def _refuse_positional(value: Any, decorator: str) -> None:
    if value is not None:
        raise InvalidError(f"Did you forget the parentheses? Write `@{decorator}()`.")
