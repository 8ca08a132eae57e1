"""Reports of problems as cards, notices and replies get them."""

import dataclasses
from typing import Any

from db.queries.problems import ProblemDetail, ProblemLine
from domain.problems import ProblemKind, ProblemStatus
from tests.bot.samples.rows import NASTY, NOW, UUID_


def a_report_line(**changes: Any) -> ProblemLine:  # noqa: ANN401 - any column
    """Return one report of a problem."""
    line = ProblemLine(7, ProblemKind.FULL, NASTY, "0812 <b>", 5, "Sari <3", NOW)
    return dataclasses.replace(line, **changes)


def a_problem(**changes: Any) -> ProblemDetail:  # noqa: ANN401 - any column
    """Return a proposal."""
    problem = ProblemDetail(
        report_id=7,
        organization_id=1,
        machine_id=3,
        machine_uuid=UUID_,
        machine_name="RVM Blok M Plaza",
        machine_address="Jl. Bulungan No. 76",
        machine_time_zone="Asia/Makassar",
        status=ProblemStatus.OPEN,
        assignment_id=None,
        decided_by_name="Admin",
        decided_at=NOW,
        reason=None,
        created_at=NOW,
        lines=[a_report_line()],
    )
    return dataclasses.replace(problem, **changes)
