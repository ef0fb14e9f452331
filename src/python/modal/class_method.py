"""Methods of class instances: functions that containers of that instance run."""

from __future__ import annotations

from typing import Any, Callable, Optional

from modal.class_instance import ClassInstance
from modal.dual import Steps
from modal.exception import NotFoundError
from modal.functions import Function


class Method(Function):
    """A method of an instance, with all that a function has. Its id is that of the instance's function."""

    _is_method = True

    def __init__(self, instance: ClassInstance, name: str, raw_f: Optional[Callable[..., Any]] = None) -> None:
        definition = instance.definition
        super().__init__(app=definition.app, name=f"{definition.name}.{name}", raw_f=raw_f)
        self._instance = instance
        self.method_name = name

    def local(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the method right here, on the object of this process. Of an `async def`, returns the coroutine."""
        return self._instance.run_local(self.get_raw_f(), args, kwargs)

    def __reduce__(self) -> tuple[Any, ...]:
        from modal.cls import Obj

        return getattr, (Obj(self._instance), self.method_name)

    def _look_up(self) -> Steps:
        if not self._function_id:
            bound = yield from self._instance.bind_steps()
            methods = bound["methods"]
            if self.method_name not in methods:
                raise NotFoundError(
                    f"{self._instance.definition.name} has no method `{self.method_name}`; "
                    f"it has: {', '.join(methods) or 'none'}."
                )
            self._function_id = bound["function_id"]
            self.is_generator = methods[self.method_name]["is_generator"]
            self._web_url = methods[self.method_name].get("web_url")
        return self._function_id
