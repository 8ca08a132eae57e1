"""The short dialog with which anybody reports a problem at a machine, with or without an account."""

import asyncio
import hashlib

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ChoiceField, Dialog, NumberField, Photo, PhotosField, TextField
from db.files import record_picture
from db.images import reencode
from db.problems import count_attempt, report_problem
from db.queries.machines import MachineDetail, machine_by_id
from db.session import Scope
from domain.defaults import PHOTO_LIMIT_MB
from domain.errors import NotFound, TooManyReports
from domain.problems import DESCRIPTION_LENGTH, ProblemKind, ProblemReport, Reporter

NAME = "report_problem"


def _says_other(answers: Answers) -> bool:
    return bool(answers.get("kind") == ProblemKind.OTHER)


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Write the report and say its number."""
    origin = f"tg-{context.telegram_id}"
    async with context.transaction() as session:
        machine = await machine_by_id(session, answers["machine"])
    if machine is None:
        raise NotFound(noun="machine")
    async with context.transaction() as session:
        exceeded = await count_attempt(session, machine.machine_id, origin)
    if exceeded is not None:
        raise TooManyReports(minutes=exceeded.minutes)
    photos = answers["photos"] or ()
    report = ProblemReport(
        machine_id=machine.machine_id,
        organization_id=machine.organization_id,
        kind=ProblemKind(answers["kind"]),
        source=source,
        reporter=Reporter(origin, context.language, context.user_id, context.telegram_id),
        description=answers.get("what") or answers.get("more") or "",
        file_id=await _keep(context, machine, photos[0]) if photos else None,
    )
    async with context.transaction() as session:
        number = await report_problem(session, report)
    await context.reply("replies/problem_reported", number=number, machine=machine.name)


async def _keep(context: SiagaContext, machine: MachineDetail, photo: Photo) -> int:
    content = await context.download(photo.file_id, PHOTO_LIMIT_MB)
    picture = await asyncio.to_thread(reencode, content)
    sha256 = await asyncio.to_thread(context.files.put, picture.content)
    async with context.transaction(Scope.of([machine.organization_id])) as session:
        stored, _ = await record_picture(
            session,
            picture,
            sha256=sha256,
            organization_id=machine.organization_id,
            original_sha256=hashlib.sha256(content).hexdigest(),
            created_by=context.user_id,
        )
    return stored.file_id


REPORT_PROBLEM = Dialog(
    NAME,
    fields=(
        NumberField(name="machine"),
        ChoiceField(name="kind", choices=tuple(ProblemKind), labels="problem"),
        TextField(name="what", max_length=DESCRIPTION_LENGTH, when=_says_other),
        TextField(
            name="more",
            max_length=DESCRIPTION_LENGTH,
            optional=True,
            when=lambda answers: not _says_other(answers),
        ),
        PhotosField(name="photos", optional=True, maximum=1),
    ),
    finish=finish,
    hours_open=1,
)
