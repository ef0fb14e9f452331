"""A function with settings of its own: containers apart from those of the function that it is made of."""

from __future__ import annotations

from typing import Any

from modal.dual import Request, Steps
from modal.functions import Function


class FunctionVariant(Function):
    """What `Function.with_options` and its likes make."""

    def __init__(self, base: Function, overrides: dict[str, Any]) -> None:
        super().__init__(app=base.app, name=base.name, raw_f=base.raw_f, web=base.web, options=base.options)
        self._base = base
        self._overrides = overrides

    def with_overrides(self, overrides: dict[str, Any]) -> Function:
        """The same with further settings."""
        return FunctionVariant(self._base, {**self._overrides, **overrides})

    def __reduce__(self) -> tuple[Any, ...]:
        return FunctionVariant, (self._base, self._overrides)

    def _look_up(self) -> Steps:
        if not self._function_id:
            yield from self._base.hydrate_steps()
            self.is_generator = self._base.is_generator
            params = {**self._place().params, "name": self.name, "options": self._overrides, "parameters": []}
            reply = yield Request("bind", params)
            self._function_id = reply.value["function_id"]
        return self._function_id
