"""Variables of the notices."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

from db.queries.digests import Digest, Stop, TeamFigures
from domain.machines import Connection
from domain.onboarding import OnboardingStep
from tests.bot.samples.problems import a_problem
from tests.bot.samples.rows import NASTY, NOW, Words, a_machine, a_task, checks


def notices() -> Iterator[tuple[str, Words]]:
    """Return the notices' variables."""
    told: Words = {"reason": "", "note": "", "actor_id": 4, "actor": "Budi", "former": ""}
    for name in ("reminder", "expired", "withdrawn", "cancelled", "taken_back", "rescheduled", "prioritized"):
        yield f"notices/assignment_{name}", {"thing": a_task(), **told}
        yield (
            f"notices/assignment_{name}",
            {"thing": a_task(offer_due_at=None), **told, "actor": "", "former": "Budi"},
        )
    yield "notices/assignment_declined", {"thing": a_task(), **told, "reason": "busy"}
    yield "notices/assignment_declined", {"thing": a_task(), **told, "reason": "other", "note": NASTY}
    yield "notices/assignment_handed_back", {"thing": a_task(), **told, "reason": "no_access", "actor": ""}
    yield (
        "notices/assignment_completed",
        {"thing": a_task(photos=[1], completion_notes=NASTY), **told, "reason": NASTY},
    )
    yield "notices/assignment_completed", {"thing": a_task(photos=[1]), **told}
    yield "notices/report_ready", {"thing": a_task(machine_name=NASTY), "file_id": 5}
    for thing in (a_problem(), None):
        yield "notices/problem_photo", {"thing": thing, "report": 8, "description": NASTY if thing else ""}
    yield "notices/problem_solved", {"thing": None, "report": 8, "machine": NASTY}
    yield "notices/assignment_postponed", {"thing": a_task(), **told, "reason": "traffic"}
    yield "notices/assignment_postponed", {"thing": a_task(), **told, "reason": "other", "note": NASTY}
    machine = a_machine(connection=Connection.OFFLINE, connection_since=NOW, self_test=checks("disk_low"))
    failed = dataclasses.replace(machine, onboarding_step=OnboardingStep.TEST_FAILED)
    since = {"since": NOW.isoformat(), "reason": ""}
    for name in ("online", "offline_long", "outage_proposal", "unstable", "commissioned"):
        yield f"notices/machine_{name}", {"thing": machine, **since}
        yield f"notices/machine_{name}", {"thing": a_machine(name=NASTY), **since, "reason": NASTY}
    for name in ("reminder", "expired", "test_failed"):
        yield f"notices/onboarding_{name}", {"thing": failed, **since}
        yield f"notices/onboarding_{name}", {"thing": a_machine(), **since}
    for until in (None, NOW):
        yield "notices/access_granted", {"thing": None, "machine": NASTY, "until": until}
    yield "notices/access_withdrawn", {"thing": None, "machine": NASTY, "until": None}
    for week in ("", "Sen-Jum 08.00-17.00"):
        yield "notices/shifts_changed", {"thing": None, "actor": NASTY, "week": week}
    yield from _by_the_clock()
    given: Words = {"thing": None, "actor": "Admin", "giver": NASTY}
    yield "notices/handed_over", {**given, "tasks": 1, "dispatched": 2, "invites": 1, "grants": 2}
    yield "notices/handed_over", {**given, "tasks": 0, "dispatched": 0, "invites": 0, "grants": 0}
    yield "notices/invite_confirmed", {"thing": None, "role": "teknisi", "organization": "Siaga"}
    yield "notices/invite_confirmed", {"thing": None, "role": "super_admin", "organization": ""}


def _by_the_clock() -> Iterator[tuple[str, Words]]:
    late = a_task(scheduled_date=NOW - timedelta(days=2), machine_name=NASTY)
    stops = [Stop(a_task(), None), Stop(late, 3210.0)]
    team = TeamFigures(1, NASTY, 3, 2, 1, 1, ["Budi"])
    many = TeamFigures(2, "Mitra", 3, 2, 1, 4, [NASTY] * 7)
    quiet = TeamFigures(3, "Baru", 1, 0, 0, 0, [])
    for digest in (Digest(stops * 9, 2, [team, many, quiet]), Digest([], 1), Digest(stops, 0)):
        yield "notices/digest", {"thing": None, "digest": digest}
    yield "notices/satisfaction", {"thing": None}
