"""Parameters of classes: how they are declared, given values and sent."""

from __future__ import annotations

from typing import Any, Optional

from modal.exception import InvalidError

_MISSING = object()

#: The types that parameters may have, by the names that the engine knows them by.
TYPE_NAMES: dict[type, str] = {str: "str", int: "int", bool: "bool", bytes: "bytes"}


class Parameter:
    """A class attribute that becomes an argument of the constructor; with `init` false it is only annotated."""

    def __init__(self, default: Any, init: bool) -> None:
        self.default = default
        self.init = init

    @property
    def has_default(self) -> bool:
        return self.default is not _MISSING

    def __get__(self, instance: Any, _owner: Any = None) -> Any:
        if instance is None:
            return self
        if not self.has_default:
            raise AttributeError("This field has no default, and no value was given to it.")
        return self.default


def parameter(*, default: Any = _MISSING, init: bool = True) -> Any:
    """Declares a parameter of a class, as a dataclass field does."""
    return Parameter(default, init)


def parameters_of(user_cls: type) -> dict[str, Parameter]:
    """The parameters of a class and of those that it derives from, in the order of their declaration."""
    members = {name: value for owner in reversed(user_cls.__mro__) for name, value in vars(owner).items()}
    return {name: value for name, value in members.items() if isinstance(value, Parameter) and value.init}


def parameter_values(
    class_name: str, declared: dict[str, Parameter], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """A value for each parameter. Raises InvalidError for positional, unknown and missing ones."""
    if args:
        raise by_name_only(class_name)
    for name in kwargs:
        if name not in declared:
            raise InvalidError(f"{class_name} has no parameter `{name}`; it has: {', '.join(declared) or 'none'}.")
    missing = [name for name, field in declared.items() if name not in kwargs and not field.has_default]
    if missing:
        raise InvalidError(f"{class_name} needs a value for its parameter `{missing[0]}`.")
    return {name: kwargs.get(name, field.default) for name, field in declared.items()}


def by_name_only(class_name: str) -> InvalidError:
    """For positional arguments."""
    return InvalidError(f"{class_name} takes its parameters by name; write `{class_name}(name=value)`.")


def encode_parameter(class_name: str, name: str, value: Any) -> dict[str, Any]:
    """A value with its type, as JSON takes it. Raises InvalidError for what parameters cannot hold."""
    type_name: Optional[str] = TYPE_NAMES.get(type(value))
    if type_name is None:
        raise InvalidError(
            f"The parameter `{name}` of {class_name} cannot be of type {type(value).__name__}; "
            f"parameters are of type {', '.join(TYPE_NAMES.values())}."
        )
    if type_name == "int":
        if not -(2**63) <= value < 2**63:
            raise InvalidError(f"The parameter `{name}` of {class_name} is beyond 64 bits: {value}; send it as a str.")
        value = str(value)
    elif type_name == "bytes":
        from base64 import b64encode

        value = b64encode(value).decode()
    return {"name": name, "type": type_name, "value": value}


def decode_parameter(entry: dict[str, Any]) -> Any:
    """The value of what `encode_parameter` made."""
    value = entry["value"]
    if entry["type"] == "int":
        return int(value)
    if entry["type"] == "bytes":
        from base64 import b64decode

        return b64decode(value)
    return value
