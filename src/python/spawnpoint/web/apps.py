"""From a decorated function to the endpoint that its container serves."""

from __future__ import annotations

import asyncio
from typing import Any, Callable

from modal.web import WebSettings
from spawnpoint.web.endpoint import Endpoint


def endpoint_of(settings: WebSettings, function: Callable[..., Any]) -> Endpoint:
    """`function` is the user's, or a method bound to its instance. It runs when the endpoint starts, or, with FastAPI, for each request."""

    async def create_app() -> Any:
        if settings.kind == "web_server":
            from spawnpoint.web.server import start_server

            return await start_server(function, settings.port, settings.startup_timeout)
        if settings.kind == "fastapi_endpoint":
            from spawnpoint.web.fastapi import fastapi_app

            return fastapi_app(function, settings.method, settings.docs)
        app = function()
        if asyncio.iscoroutine(app):
            app = await app
        if settings.kind == "asgi_app":
            return app
        from spawnpoint.web.wsgi import wsgi_as_asgi

        return wsgi_as_asgi(app)

    return Endpoint(create_app)
