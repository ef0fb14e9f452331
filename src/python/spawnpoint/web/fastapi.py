"""A single function as an endpoint, made by FastAPI."""

from __future__ import annotations

from typing import Any, Callable


def fastapi_app(function: Callable[..., Any], method: str, docs: bool) -> Any:
    """An app with the function at its root, as Modal makes it: open to pages of other origins, documented only on demand.

    Raises ImportError where FastAPI is not installed.
    """
    from fastapi import FastAPI
    from fastapi.middleware.cors import CORSMiddleware

    app = FastAPI(openapi_url="/openapi.json" if docs else None)
    app.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_credentials=True, allow_methods=["*"], allow_headers=["*"]
    )
    app.add_api_route("/", function, methods=[method])
    return app
