"""A stand-in for Modal's package: what files with Modal functions need to run on the local engine.

It covers what the functions API covers. Whatever describes machines (images, GPUs, secrets, schedules) is accepted and
reported as not applied; whatever would have to *do* something that the engine cannot do raises a sentence that says so.
Names are loaded when they are first used, because every cold start of a container pays for them.
"""

from importlib import import_module as _import_module

__version__ = "1.0.0"

_MODULE_OF_NAME = {
    "App": "app",
    "CloudBucketMount": "settings",
    "Cls": "cls",
    "Cron": "settings",
    "Dict": "dict",
    "Environment": "services",
    "Error": "exception",
    "FilePatternMatcher": "settings",
    "Function": "functions",
    "FunctionCall": "functions",
    "Image": "settings",
    "Mount": "settings",
    "NetworkFileSystem": "settings",
    "Period": "settings",
    "Proxy": "settings",
    "Queue": "queue",
    "Retries": "retries",
    "Sandbox": "services",
    "SchedulerPlacement": "settings",
    "Secret": "settings",
    "Volume": "volume",
    "Workspace": "services",
    "asgi_app": "web",
    "batched": "partial_function",
    "concurrent": "partial_function",
    "current_function_call_id": "execution",
    "current_input_id": "execution",
    "enable_output": "execution",
    "enter": "partial_function",
    "exit": "partial_function",
    "fastapi_endpoint": "web",
    "forward": "services",
    "interact": "services",
    "is_local": "execution",
    "method": "partial_function",
    "parameter": "parameters",
    "web_endpoint": "web",
    "web_server": "web",
    "wsgi_app": "web",
}
_MODULES = {"call_graph", "exception", "experimental", "functions", "gpu", "types"}

__all__ = sorted(_MODULE_OF_NAME)


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return _import_module(f"modal.{name}")
    if name not in _MODULE_OF_NAME:
        hint = "; use `modal.App`" if name == "Stub" else ""
        raise AttributeError(f"The local engine's `modal` has no `{name}`{hint}.")
    value = getattr(_import_module(f"modal.{_MODULE_OF_NAME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> "list[str]":
    return sorted([*globals(), *_MODULE_OF_NAME, *_MODULES])
