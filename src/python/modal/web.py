"""The decorators of web endpoints."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Callable, NamedTuple, Optional

from modal.exception import InvalidError
from modal.options import FunctionOptions, NotApplied
from modal.partial_function import Decorator, PartialFunction, decorator

_LOOPBACK = "The endpoint listens on this computer only."
_NO_FASTAPI = (
    "FastAPI is not installed in this interpreter; install it with `pip install fastapi` and deploy again. "
    "Until then the function has no URL, and can be called like any other."
)
_NO_RETRIES = "A request is answered once; whoever sent it can send it again."
_ONE_PORT = "Containers share this computer's ports, so a web server has one container at most."
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


class WebSettings(NamedTuple):
    """What kind of endpoint a function is. Times in seconds."""

    kind: str
    #: Names the endpoint in place of its app and function.
    label: Optional[str] = None
    method: str = "GET"
    docs: bool = False
    port: int = 0
    startup_timeout: float = 5.0

    def options(self, name: str, options: FunctionOptions) -> tuple[FunctionOptions, list[NotApplied]]:
        """The options that an endpoint has, and those of the given ones that it cannot have."""
        ignored = []
        if options.retries is not None:
            ignored.append(NotApplied(name, "retries", _NO_RETRIES))
        options = options._replace(retries=None)
        if self.kind == "web_server":
            if (options.max_containers or 0) > 1 or (options.min_containers or 0) > 1:
                ignored.append(NotApplied(name, "max_containers", _ONE_PORT))
            options = options._replace(max_containers=1, min_containers=options.min_containers and 1)
        return options, ignored


def asgi_app(
    _warn_parentheses_missing: Any = None,
    *,
    label: Optional[str] = None,
    custom_domains: Any = None,
    requires_proxy_auth: bool = False,
) -> Decorator:
    """The function takes nothing and returns an ASGI app."""
    settings = WebSettings("asgi_app", label)
    return _endpoint(_warn_parentheses_missing, settings, custom_domains, requires_proxy_auth)


def wsgi_app(
    _warn_parentheses_missing: Any = None,
    *,
    label: Optional[str] = None,
    custom_domains: Any = None,
    requires_proxy_auth: bool = False,
) -> Decorator:
    """The function takes nothing and returns a WSGI app."""
    settings = WebSettings("wsgi_app", label)
    return _endpoint(_warn_parentheses_missing, settings, custom_domains, requires_proxy_auth)


def web_server(
    port: int,
    *,
    startup_timeout: float = 5.0,
    label: Optional[str] = None,
    custom_domains: Any = None,
    requires_proxy_auth: bool = False,
) -> Decorator:
    """The function starts a server that listens on a port; `startup_timeout` is in seconds."""
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
        raise InvalidError(f"`web_server` takes a port from 1 to 65535, not {port!r}.")
    if startup_timeout <= 0:
        raise InvalidError(f"`startup_timeout` is a number of seconds above 0, not {startup_timeout!r}.")
    settings = WebSettings("web_server", label, port=port, startup_timeout=startup_timeout)
    return _endpoint(None, settings, custom_domains, requires_proxy_auth)


def _fastapi_decorator(name: str) -> Callable[..., Decorator]:
    def endpoint(
        _warn_parentheses_missing: Any = None,
        *,
        method: str = "GET",
        label: Optional[str] = None,
        custom_domains: Any = None,
        docs: bool = False,
        requires_proxy_auth: bool = False,
    ) -> Decorator:
        """The function answers requests itself: FastAPI reads its arguments and writes its result."""
        if method not in _METHODS:
            raise InvalidError(f"`{name}` takes a method of HTTP, such as \"POST\", not {method!r}.")
        if find_spec("fastapi") is None:
            return decorator(name, _warn_parentheses_missing, lambda partial: partial.report(name, _NO_FASTAPI))
        settings = WebSettings("fastapi_endpoint", label, method, docs)
        return _endpoint(_warn_parentheses_missing, settings, custom_domains, requires_proxy_auth)

    endpoint.__name__ = name
    return endpoint


fastapi_endpoint = _fastapi_decorator("fastapi_endpoint")
web_endpoint = _fastapi_decorator("web_endpoint")


def _endpoint(given: Any, settings: WebSettings, custom_domains: Any, requires_proxy_auth: bool) -> Decorator:
    def change(partial: PartialFunction) -> None:
        partial.web = settings
        if custom_domains:
            partial.report("custom_domains", _LOOPBACK)
        if requires_proxy_auth:
            partial.report("requires_proxy_auth", _LOOPBACK)

    return decorator(settings.kind, given, change)
