"""Taking in reports: no workflow stands behind one (decision 32), so bot and web call this (system scope)."""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.attempts import attempts
from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce
from db.models.core import AuditEvent
from db.models.machines import RvmMachine
from db.models.problems import ProblemReportRow
from db.queries.dispatchers import admins_on_duty
from domain.chat import Loudness, Thing
from domain.errors import NotFound
from domain.notices import NOTICES
from domain.problems import (
    PER_MACHINE,
    PER_ORIGIN,
    SAME_MINUTES,
    Allowance,
    ProblemReport,
    ProblemStatus,
)

_ROW = ProblemReportRow


async def count_attempt(session: AsyncSession, machine_id: int, origin: str) -> Allowance | None:
    """Count an attempt to report; return the allowance it exceeds, or None.

    Called in a transaction of its own, so that what is refused counts too. An origin that exceeds its own
    allowance does not use up the machine's.
    """
    for who, allowance in ((f"from {origin}"[:100], PER_ORIGIN), (f"at {machine_id}", PER_MACHINE)):
        if await attempts(session, who, timedelta(minutes=allowance.minutes)) > allowance.reports:
            return allowance
    return None


async def report_problem(session: AsyncSession, report: ProblemReport) -> int:
    """Write a report and return its number; the same form, or the same content again, is the same report.

    The first one at a machine becomes a proposal that rings at the admins; later ones are folded into it.

    Raises:
        NotFound: no such machine.
    """
    if await lock_machine(session, report.machine_id) is None:
        raise NotFound(noun="machine")
    digest = _digest(report)
    if (known := await _known(session, report.source, digest)) is not None:
        return known
    proposal = await session.scalar(
        select(_ROW.id).where(
            _ROW.rvm_machine_id == report.machine_id,
            _ROW.status == ProblemStatus.OPEN,
            _ROW.part_of_id.is_(None),
        )
    )
    row = ProblemReportRow(
        organization_id=report.organization_id,
        rvm_machine_id=report.machine_id,
        part_of_id=proposal,
        status=ProblemStatus.OPEN,
        kind=report.kind,
        description=report.description,
        contact=report.contact,
        file_id=report.file_id,
        source=report.source,
        digest=digest,
        language=report.reporter.language,
        reporter_id=report.reporter.user_id,
        reporter_telegram_id=report.reporter.telegram_id,
    )
    session.add(row)
    await session.flush()
    await note(session, row, "folded" if proposal else "reported", row.source, report.reporter.user_id)
    await _tell_admins(session, row)
    return row.id


async def lock_machine(session: AsyncSession, machine_id: int) -> int | None:
    """Let reports of one machine follow each other, so that two at once are one proposal."""
    query = select(RvmMachine.id).where(RvmMachine.id == machine_id, RvmMachine.deleted_at.is_(None))
    return await session.scalar(query.with_for_update(key_share=True))


async def _known(session: AsyncSession, source: str, digest: str) -> int | None:
    recent = _ROW.created_at > func.now() - timedelta(minutes=SAME_MINUTES)
    same = or_(_ROW.source == source, (_ROW.digest == digest) & recent)
    return await session.scalar(select(_ROW.id).where(same).order_by(_ROW.id).limit(1))


def _digest(report: ProblemReport) -> str:
    parts = (
        report.machine_id,
        report.reporter.origin,
        report.kind,
        report.description,
        report.contact,
        report.file_id,
    )
    return hashlib.sha256("\x00".join(str(part) for part in parts).encode()).hexdigest()


async def _tell_admins(session: AsyncSession, row: ProblemReportRow) -> None:
    """Ring once for a proposal; a report that is folded in edits its card, and its photo comes silently."""
    proposal = row.part_of_id or row.id
    await touch_cards(session, (Thing.PROBLEM, proposal), (Thing.MACHINE, row.rvm_machine_id))
    for admin in await admins_on_duty(session, row.organization_id, datetime.now(UTC)):
        if row.part_of_id is None:
            await ensure_card(
                session,
                Thing.PROBLEM,
                proposal,
                admin,
                loudness=Loudness.SOUND,
                source=f"problem-{row.id}",
            )
        if row.file_id is not None:
            await announce(
                session,
                template="problem_photo",
                user_id=admin,
                organization_id=row.organization_id,
                source=f"problem-{row.id}",
                context={"file_id": row.file_id, "report": row.id, "description": row.description},
                loudness=NOTICES["problem_photo"].loudness,
                thing=Thing.PROBLEM,
                thing_id=proposal,
            )


async def note(
    session: AsyncSession,
    row: ProblemReportRow,
    action: str,
    source: str,
    actor_id: int | None,
    **details: object,
) -> bool:
    """Write an audit event of a report's proposal; return whether this source is new."""
    made = await session.scalar(
        insert(AuditEvent)
        .values(
            organization_id=row.organization_id,
            thing=Thing.PROBLEM,
            thing_id=row.part_of_id or row.id,
            source=source,
            action=action,
            actor_id=actor_id,
            details={**details, "report": row.id},
            at=func.now(),
        )
        .on_conflict_do_nothing()
        .returning(AuditEvent.id)
    )
    return made is not None
