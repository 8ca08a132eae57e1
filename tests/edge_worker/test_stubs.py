"""The stubs that workflows call are what the box implements."""

import inspect
import typing

import pytest
from temporalio import activity

from activities import edge as stubs
from edge_worker.activities import EdgeActivities

STUBS = {
    definition.name: stub
    for stub in vars(stubs).values()
    if callable(stub) and (definition := activity._Definition.from_callable(stub))
}
IMPLEMENTATIONS = {
    definition.name: method
    for _, method in inspect.getmembers(EdgeActivities, inspect.isfunction)
    if (definition := activity._Definition.from_callable(method))
}


def test_every_stub_has_its_implementation_and_the_other_way_round() -> None:
    assert set(STUBS) == set(IMPLEMENTATIONS) == {"self_test", "capture"}


@pytest.mark.parametrize("name", sorted(str(name) for name in STUBS))
def test_stub_and_implementation_take_and_give_the_same(name: str) -> None:
    stub, implementation = STUBS[name], IMPLEMENTATIONS[name]

    given = list(inspect.signature(implementation).parameters)
    assert given == ["self", *inspect.signature(stub).parameters]
    assert typing.get_type_hints(stub) == typing.get_type_hints(implementation)
    assert inspect.iscoroutinefunction(stub) == inspect.iscoroutinefunction(implementation)


@pytest.mark.parametrize("name", sorted(str(name) for name in STUBS))
async def test_a_stub_does_nothing_itself(name: str) -> None:
    with pytest.raises(NotImplementedError):
        await STUBS[name](None)
