"""A dictionary that containers, clients and local programs share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from modal.dual import Steps, dual, dual_iterator
from modal.named_object import Manager, NamedObject
from spawnpoint.payload_files import payloads_of
from spawnpoint.pickles import dumps, loads

_NONE = object()


class Dict(NamedObject):
    """Keys and values are pickled: the same key is one that pickles to the same bytes.

    An entry goes when nobody has used it for seven days.
    """

    _prefix = "di"
    objects: Manager

    @dual
    def get(self, key: Any, default: Any = None) -> Steps:
        """The value of a key, or `default`."""
        reply = yield from self.ask("dict_get", dumps(key))
        return loads(reply.payload) if reply.value["found"] else default

    @dual
    def contains(self, key: Any) -> Steps:
        """Whether a key is there."""
        reply = yield from self.ask("dict_has", dumps(key))
        return reply.value["found"]

    @dual
    def len(self) -> Steps:
        """How many entries there are; 100,000 where there are more."""
        reply = yield from self.ask("dict_length")
        return reply.value["length"]

    @dual
    def put(self, key: Any, value: Any, *, skip_if_exists: bool = False) -> Steps:
        """Puts one entry, and says whether it was put."""
        return (yield from self._update({key: value}, skip_if_exists))

    @dual
    def update(self, other: Optional[Mapping[Any, Any]] = None, /, **kwargs: Any) -> Steps:
        """Puts many entries at once."""
        yield from self._update({**(dict(other) if other else {}), **kwargs}, False)

    @dual
    def pop(self, key: Any, default: Any = _NONE) -> Steps:
        """Removes a key and returns its value. Raises KeyError when it is not there, unless there is a `default`."""
        reply = yield from self.ask("dict_pop", dumps(key))
        if reply.value["found"]:
            return loads(reply.payload)
        if default is _NONE:
            raise KeyError(f"{key} not in dict {self._object_id}")
        return default

    @dual
    def clear(self) -> Steps:
        """Removes all entries."""
        yield from self.ask("dict_clear")

    @dual_iterator
    def keys(self) -> Iterator[Steps]:
        """The keys, in no order."""
        for page in self._pages(values=False):
            yield _decoded(page, lambda key, _value: loads(key))

    @dual_iterator
    def values(self) -> Iterator[Steps]:
        """The values, in no order."""
        for page in self._pages(values=True):
            yield _decoded(page, lambda _key, value: loads(value))

    @dual_iterator
    def items(self) -> Iterator[Steps]:
        """Pairs of keys and values, in no order."""
        for page in self._pages(values=True):
            yield _decoded(page, lambda key, value: (loads(key), loads(value)))

    def __getitem__(self, key: Any) -> Any:
        value = self.get(key, _NONE)
        if value is _NONE:
            raise KeyError(f"{key} not in dict {self._object_id}")
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        self.put(key, value)

    def __delitem__(self, key: Any) -> None:
        self.pop(key)

    def __contains__(self, key: Any) -> bool:
        return bool(self.contains(key))

    def _update(self, entries: dict[Any, Any], only_new: bool) -> Steps:
        pairs = [(dumps(key), dumps(value)) for key, value in entries.items()]
        parts = [part for pair in pairs for part in pair]
        sizes = [{"size": len(part)} for part in parts]
        reply = yield from self.ask("dict_update", b"".join(parts), parts=sizes, only_new=only_new)
        return reply.value["is_put"]

    def _pages(self, *, values: bool) -> Iterator[_Page]:
        page = _Page(self, values)
        while not page.is_last:
            yield page


class _Page:
    """Some entries, and then those after them."""

    def __init__(self, of: Dict, wants_values: bool) -> None:
        self._of = of
        self._wants_values = wants_values
        self._last_key = b""
        self.is_last = False

    def next(self) -> Steps:
        """The next keys and values, serialized."""
        reply = yield from self._of.ask("dict_page", self._last_key, values=self._wants_values)
        parts = list(payloads_of(reply.value["parts"], reply.payload))
        keys, values = parts[::2], parts[1::2]
        self.is_last = not keys
        self._last_key = keys[-1] if keys else b""
        return list(zip(keys, values))


def _decoded(page: _Page, decode: Any) -> Steps:
    pairs = yield from page.next()
    return [decode(key, value) for key, value in pairs]


Dict.objects = Manager(Dict)
