"""Starting: proof of being there, and the right to enter."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from db.session import SYSTEM
from domain.arrivals import ArrivalMethod, ArrivalOutcome, Proof
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentStatus as Status
from domain.errors import LocationTooOld, NoAccess, ReasonRequired, TooFarAway
from tests.workflows.field import Field

DEGREE_M = 111_195.0


async def test_a_position_counts_when_it_is_near_and_fresh(field: Field) -> None:
    task = await field.a_task(arrival_radius_m=None)
    machine = await field.row(task)
    await field.move(task, Move.ACCEPT)
    now = await field.now()

    def away(metres: float, *, at: datetime = now, accuracy_m: float | None = None) -> Proof:
        north = machine.latitude + metres / DEGREE_M
        return Proof(ArrivalMethod.LIVE, at, north, machine.longitude, accuracy_m)

    with pytest.raises(TooFarAway) as far:
        await field.move(task, Move.START, proof=away(1000, accuracy_m=5000))
    assert far.value.details == {"distance_m": 1000, "allowed_m": 250}  # 150 m and at most 100 m of doubt
    with pytest.raises(LocationTooOld):
        await field.move(task, Move.START, proof=away(10, at=now - timedelta(hours=1)))
    with pytest.raises(ReasonRequired):
        await field.move(task, Move.START, proof=None)
    assert (await field.row(task)).status == Status.ACCEPTED

    await field.move(task, Move.START, proof=away(200, accuracy_m=60), source="tg-7")
    again = await field.move(task, Move.START, proof=away(200, accuracy_m=60), source="tg-7")

    assert again.status == Status.IN_PROGRESS
    arrival = (await field.row(task)).arrival
    assert arrival is not None
    assert (arrival.method, arrival.outcome) == (ArrivalMethod.LIVE, ArrivalOutcome.CONFIRMED)
    assert (arrival.accuracy_m, round(arrival.distance_m or 0)) == (60, 200)
    told = (await field.story(task))[-1].details["arrival"]
    assert (told["method"], told["outcome"]) == ("live", "confirmed")


async def test_without_proof_a_reason_is_kept_and_a_new_holder_starts_anew(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.ACCEPT)
    await field.move(task, Move.START, reason="GPS does not work in the cellar")
    arrival = (await field.row(task)).arrival
    assert arrival is not None
    assert (arrival.outcome, arrival.reason) == (ArrivalOutcome.UNPROVEN, "GPS does not work in the cellar")

    await field.move(task, Move.HAND_BACK, reason="need_help")

    assert (await field.row(task)).arrival is None


async def test_access_that_was_taken_away_stops_a_start_until_it_is_given_again(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.ACCEPT)

    async def write(statement: str) -> None:
        async with field.database.transaction(SYSTEM) as session:
            await session.execute(text(statement), {"who": field.people["Technician"]})

    await write("update machine_grants set revoked_at = now() where user_id = :who")
    with pytest.raises(NoAccess) as refused:
        await field.move(task, Move.START)
    assert refused.value.details == {"machine": task.machine_name}
    assert (await field.row(task)).status == Status.ACCEPTED
    await write(
        "insert into machine_grants (organization_id, user_id, rvm_machine_id, source)"
        " select organization_id, user_id, rvm_machine_id, 'manual' from machine_grants where user_id = :who"
    )
    assert (await field.move(task, Move.START)).status == Status.IN_PROGRESS
