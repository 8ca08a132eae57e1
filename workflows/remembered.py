"""Answers to updates that a workflow remembers across continue-as-new (DESIGN 3.4)."""

from typing import TypeVar

from temporalio import workflow
from temporalio.api.common.v1 import Payload

with workflow.unsafe.imports_passed_through():
    from domain.remembered import REMEMBERED_UPDATES, RememberedUpdate

V = TypeVar("V")


def _update_id() -> str:
    info = workflow.current_update_info()
    if info is None:
        message = "only an update handler has an update id"
        raise RuntimeError(message)
    return info.id


def recall(remembered: list[RememberedUpdate], kind: type[V]) -> V | None:
    """Return what the present update was answered the first time; None when it is new."""
    update_id = _update_id()
    for entry in remembered:
        if entry.update_id == update_id:
            payload = Payload(metadata={"encoding": b"json/plain"}, data=entry.view.encode())
            return workflow.payload_converter().from_payload(payload, kind)
    return None


def remember(remembered: list[RememberedUpdate], view: V) -> V:
    """Keep the answer to the present update, and return it."""
    payload = workflow.payload_converter().to_payload(view)
    remembered.append(RememberedUpdate(_update_id(), payload.data.decode()))
    del remembered[:-REMEMBERED_UPDATES]
    return view


def update_source() -> str:
    """Return the present update's id: the source of what it writes."""
    return _update_id()
