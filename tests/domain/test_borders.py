"""What crosses a process border: payloads, refusals, ids, signatures."""

import dataclasses
import typing
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from temporalio import activity, workflow
from temporalio.converter import DataConverter

from activities import edge
from activities.refusals import from_failure, to_failure
from activities.registry import all_activities
from db.secrets import Cipher
from db.session import Database
from db.store import LocalStore
from domain import errors, ids, signing
from domain.machine_codes import CodeAddresses
from workflows.registry import WORKFLOWS


def an(kind: Any) -> Any:  # noqa: ANN401 - one value of any type that crosses
    """Return a value of a type, every field filled."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (UnionType, typing.Union):
        return an(next(one for one in inner if one is not type(None)))
    if origin is list:
        return [an(inner[0])]
    if origin is dict:
        return {an(inner[0]): an(inner[1])}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: an(hints[field.name]) for field in dataclasses.fields(kind)})
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next(iter(kind))
    samples: dict[Any, Any] = {
        str: "text",
        int: 7,
        float: 1.5,
        bool: True,
        datetime: datetime(2026, 1, 10, 9, 30, tzinfo=UTC),
        UUID: UUID(int=5),
        Any: 1,
    }
    return samples[kind]


def every_activity() -> list[Callable[..., Any]]:
    """Return the activities of a worker that is connected to nothing."""
    database = Database("postgresql+asyncpg://nobody@/none")
    return all_activities(database, Cipher("key"), LocalStore(Path("nowhere")), CodeAddresses())


def crossing() -> set[type]:
    """Return every dataclass in the signatures of workflows, their handlers, and activities."""
    functions: list[Callable[..., Any]] = [edge.self_test, edge.capture]
    functions += every_activity()
    for kind in WORKFLOWS:
        definition = workflow._Definition.must_from_class(kind)
        functions.append(definition.run_fn)
        functions += [signal.fn for signal in definition.signals.values()]
        functions += [update.fn for update in definition.updates.values()]
    hints = [hint for function in functions for hint in get_type_hints(function).values()]
    return {hint for hint in hints if isinstance(hint, type) and dataclasses.is_dataclass(hint)}


@pytest.mark.parametrize("kind", sorted(crossing(), key=str))
async def test_a_payload_comes_back_as_it_went(kind: type) -> None:
    value = an(kind)
    sent = await DataConverter.default.encode([value])
    assert await DataConverter.default.decode(sent, [kind]) == [value]


def test_every_activity_has_a_name_of_its_own() -> None:
    functions = every_activity()
    names = [activity._Definition.must_from_callable(one).name for one in functions]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("code", sorted(errors.all_refusals()))
def test_a_refusal_travels_through_temporal(code: str) -> None:
    refusal = errors.all_refusals()[code](holder="Rina", limit_mb=20)
    again = from_failure(to_failure(refusal))
    assert type(again) is type(refusal)
    assert again is not None
    assert again.details == refusal.details


def test_an_unexpected_failure_is_no_refusal() -> None:
    assert from_failure(RuntimeError("boom")) is None


def test_ids_are_business_keys() -> None:
    uuid = UUID(int=1)
    assert ids.assignment_id(42) == "assignment-42"
    assert ids.onboarding_id(uuid) == f"onboarding-{uuid}"
    assert ids.telegram_source(9) == "tg-9"
    assert ids.http_source("a", "b", "c") == ids.http_source("a", "b", "c") != ids.http_source("a", "b", "d")
    assert ids.uuid_from_source("tg-9") == ids.uuid_from_source("tg-9") != ids.uuid_from_source("tg-10")


def test_a_signature_covers_every_part_of_the_request() -> None:
    parts = ("secret", "POST", "/api/v1/edge/heartbeat?x=1", "1700000000", "abc", b"{}")
    good = signing.signature(*parts)
    assert signing.signature_fits(good, signing.signature(*parts))
    for place, other in enumerate(("other", "PUT", "/api/v1/edge/heartbeat", "1700000001", "abd", b"{ }")):
        changed = [*parts[:place], other, *parts[place + 1 :]]
        assert signing.signature(*changed) != good  # type: ignore[arg-type]
