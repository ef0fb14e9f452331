"""Arguments on a command line for the parameters of a function, as `modal run` reads them."""

from __future__ import annotations

import argparse
import inspect
import typing
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn, Union

from spawnpoint.run.refusal import Refusal

_TIME_FORMATS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")


def parameters_of_function(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters with their annotations evaluated; those without one take text. Raises Refusal where that fails."""
    try:
        hints = typing.get_type_hints(function)
    except Exception as error:
        raise Refusal(f"The annotations of {function.__qualname__} cannot be read: {error}.") from error
    parameters = inspect.signature(function).parameters.values()
    return [parameter.replace(annotation=hints.get(parameter.name, Any)) for parameter in parameters]


def parse_arguments(
    program: str, parameters: list[inspect.Parameter], words: list[str]
) -> tuple[list[Any], dict[str, Any]]:
    """Positional and keyword arguments. Raises Refusal for words that do not fit, SystemExit after `--help`.

    A function that takes `*args` takes all words as they are.
    """
    if any(parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in parameters):
        if len(parameters) > 1:
            raise Refusal(f"{program} takes `*args` beside other parameters; keep one of both to run it.")
        return words, {}
    parser = _Parser(prog=program, allow_abbrev=False)
    for parameter in parameters:
        _add_option(parser, parameter)
    values = vars(parser.parse_args(words))
    by_position = [parameter.name for parameter in parameters if parameter.kind is inspect.Parameter.POSITIONAL_ONLY]
    return [values.pop(name) for name in by_position], values


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refusal(f"{message[:1].upper()}{message[1:]}; `{self.prog} --help` shows what there is.")


def _add_option(parser: argparse.ArgumentParser, parameter: inspect.Parameter) -> None:
    name = "--" + parameter.name.replace("_", "-")
    is_required = parameter.default is inspect.Parameter.empty
    default = None if is_required else parameter.default
    note = "required" if is_required else f"default: {default!r}".replace("%", "%%")
    kind = _without_none(parameter.annotation)
    if kind is bool:
        no = "--no-" + parameter.name.replace("_", "-")
        group = parser.add_mutually_exclusive_group(required=is_required)
        group.add_argument(name, dest=parameter.name, action="store_true", default=default, help=note)
        group.add_argument(no, dest=parameter.name, action="store_false", default=default)
        return
    parser.add_argument(
        name,
        dest=parameter.name,
        type=_reader(parser.prog, parameter, kind),
        required=is_required,
        default=default,
        help=note,
        metavar=getattr(kind, "__name__", "value").upper(),
    )


def _reader(program: str, parameter: inspect.Parameter, kind: Any) -> Callable[[str], Any]:
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        raise Refusal(f"{program} takes `**{parameter.name}`, which has no form on a command line; name the parameters.")
    if kind in (str, Any):
        return str
    if kind in (int, float):
        reader: Callable[[str], Any] = kind
        return reader
    if kind is datetime:
        return _time
    if typing.get_origin(kind) is typing.Literal:
        return _choice(typing.get_args(kind))
    raise Refusal(
        f"The parameter `{parameter.name}` of {program} is a {inspect.formatannotation(kind)}, which has no form on a "
        "command line; make it a str, int, float, bool, datetime or Literal, or take `*args`."
    )


def _without_none(annotation: Any) -> Any:
    """`X` of `Optional[X]`."""
    # `X | None` is of a type of its own since Python 3.10.
    if typing.get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
        kinds = [kind for kind in typing.get_args(annotation) if kind is not type(None)]
        if len(kinds) == 1:
            return kinds[0]
    return annotation


def _time(text: str) -> datetime:
    for time_format in _TIME_FORMATS:
        try:
            return datetime.strptime(text, time_format)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-03-01T05:00:00")


def _choice(values: tuple[Any, ...]) -> Callable[[str], Any]:
    by_text = {str(value): value for value in values}

    def read(text: str) -> Any:
        if text not in by_text:
            raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(by_text)}")
        return by_text[text]

    return read
