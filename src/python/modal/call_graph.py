"""The tree of calls that a call made."""

from __future__ import annotations

from typing import Any, Optional

from modal.types import InputInfo, InputStatus

__all__ = ["InputInfo", "InputStatus"]


def build_call_graph(inputs: list[dict[str, Any]], function_calls: list[dict[str, Any]]) -> list[InputInfo]:
    """Joins the engine's flat lists to a forest. As in Modal, an input whose parent is missing is left out."""
    calls = {call["function_call_id"]: call for call in function_calls}
    nodes: dict[str, InputInfo] = {}
    for entry in inputs:
        call = calls[entry["function_call_id"]]
        nodes[entry["input_id"]] = InputInfo(
            input_id=entry["input_id"],
            function_call_id=entry["function_call_id"],
            task_id=entry["task_id"],
            status=InputStatus(entry["status"]),
            function_name=call["function_name"],
            module_name=call["module_name"],
            children=[],
        )
    roots = []
    for node in nodes.values():
        parent_id: Optional[str] = calls[node.function_call_id].get("parent_input_id")
        if not parent_id:
            roots.append(node)
        elif parent_id in nodes:
            nodes[parent_id].children.append(node)
    return roots
