"""The card of a task: the technician sees what to do next, the dispatcher who has it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.pins import pin_row
from bot.cards.runs import Runs
from bot.cards.stories import folded
from bot.content import CardView, Reader
from bot.keyboards import Button, button, copy
from bot.spoken import Tag, read_caption
from db.queries.assignments import AssignmentDetail, assignment_by_id
from db.queries.machines import MachineDetail, machine_by_id
from db.queries.photos import captions
from db.queries.problems import photos_of_reports
from db.queries.stories import assignment_story
from db.secrets import Cipher
from domain.assignments import (
    ASSIGNMENT,
    HELD_STATUSES,
    OPEN_STATUSES,
    AssignmentMove,
    AssignmentStatus,
    TaskType,
)
from domain.chat import Thing
from domain.ids import assignment_id
from domain.onboarding import OPEN_STEPS, OnboardingMove, OnboardingStep, allowed
from domain.people import Person
from domain.roles import Permission

MOVES_SHOWN = 3
_PRIMARY = frozenset({AssignmentMove.ACCEPT, AssignmentMove.START, AssignmentMove.COMPLETE})


_IF: Mapping[AssignmentMove, Callable[[AssignmentDetail], bool]] = {
    AssignmentMove.CHECK: lambda task: bool(task.checklist),
    AssignmentMove.UNDO: lambda task: task.can_be_undone(datetime.now(UTC)),
}


def possible_moves(task: AssignmentDetail, person: Person) -> tuple[AssignmentMove, ...]:
    """Return the moves the state machine allows this person on this task: exactly these have buttons."""
    found = []
    for move in ASSIGNMENT.moves_from(task.status):
        needs = ASSIGNMENT.permission(task.status, move)
        if needs is None or not person.may(needs, task.organization_id):
            continue
        if needs == Permission.DO_ASSIGNMENTS and not _is_theirs(task, person.user_id):
            continue
        if move in _IF and not _IF[move](task):
            continue
        found.append(move)
    return tuple(found)


def _is_theirs(task: AssignmentDetail, user_id: int) -> bool:
    if task.status == AssignmentStatus.PENDING:
        return any(one.user_id == user_id for one in task.asked)
    return task.assigned_to == user_id


@dataclass(frozen=True, slots=True)
class SetupCode:
    """The installer's single-use code as the card shows it; ``text`` only while it can be used."""

    state: str
    """``ready``, ``used`` or ``expired``."""
    text: str
    expires_at: datetime | None


def setup_code(machine: MachineDetail, cipher: Cipher) -> SetupCode | None:
    """Return where the code of a machine that waits for its device stands; None when no key waits."""
    if machine.key_handoff_id is None or not machine.key_waits or machine.onboarding_step not in OPEN_STEPS:
        return None
    if machine.code_used_at is not None:
        return SetupCode("used", "", machine.code_expires_at)
    if machine.code_expires_at is None or machine.code_expires_at <= datetime.now(UTC):
        return SetupCode("expired", "", machine.code_expires_at)
    return SetupCode("ready", cipher.setup_code(machine.key_handoff_id), machine.code_expires_at)


@dataclass(frozen=True, slots=True)
class AssignmentCard:
    """Builds the card of an assignment for its holder, whoever is asked, or a dispatcher."""

    cipher: Cipher
    runs: Runs

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card; somebody who has nothing to do with the task any more sees that, and only that."""
        task = await assignment_by_id(session, thing_id)
        person = reader.person
        if task is None or person is None:
            return None
        manages = person.may(Permission.MANAGE_ASSIGNMENTS, task.organization_id)
        mine = task.concerns(person.user_id)
        if not (mine or manages):
            return _gone(task, person)
        machine = await self._machine_of_installation(session, task)
        held = mine and task.status in HELD_STATUSES
        code = setup_code(machine, self.cipher) if machine is not None and held else None
        moves = possible_moves(task, person)
        context = {
            "mine": mine,
            "manages": manages,
            "machine": machine,
            "code": code,
            "tags": tags_of(await captions(session, thing_id)) if task.photos else {},
            "undo": AssignmentMove.UNDO in moves,
            "story": folded(await assignment_story(session, thing_id))[-MOVES_SHOWN:],
            "workflow_id": assignment_id(thing_id),
        }
        keyboard = self._keyboard(task, moves, code, pin=pin_row(task, person), manages=manages)
        if await photos_of_reports(session, thing_id):
            keyboard.insert(-1, [button("report_photos", Thing.ASSIGNMENT, "report_photos", thing_id)])
        over = task.status not in OPEN_STATUSES and AssignmentMove.UNDO not in moves
        return CardView(template="cards/assignment", row=task, context=context, keyboard=keyboard, final=over)

    @staticmethod
    async def _machine_of_installation(session: AsyncSession, task: AssignmentDetail) -> MachineDetail | None:
        if task.task_type != TaskType.INSTALLATION:
            return None
        return await machine_by_id(session, task.machine_id)

    def _keyboard(
        self,
        task: AssignmentDetail,
        moves: tuple[AssignmentMove, ...],
        code: SetupCode | None,
        *,
        pin: list[Button],
        manages: bool,
    ) -> list[list[Button]]:
        number = task.assignment_id
        rows = [
            _some(moves, number, AssignmentMove.ACCEPT, AssignmentMove.DECLINE),
            _code_row(task, code),
            _some(moves, number, AssignmentMove.START, AssignmentMove.COMPLETE),
            [_undo(task)] if AssignmentMove.UNDO in moves else [],
            [*pin, button("map", Thing.ASSIGNMENT, "map", number)],
        ]
        if AssignmentMove.CHECK in moves:
            rows.append([button("checklist", Thing.ASSIGNMENT, "checklist", number, words={"task": task})])
        if AssignmentMove.COMPLETE in moves and _test_failed(task):
            rows.append([button("retest", Thing.ASSIGNMENT, "retest", number)])
        rows += [
            _some(moves, number, AssignmentMove.POSTPONE, AssignmentMove.HAND_BACK),
            _some(moves, number, AssignmentMove.OFFER, AssignmentMove.RESCHEDULE),
            _some(moves, number, AssignmentMove.PRIORITIZE, AssignmentMove.CANCEL),
        ]
        if manages:
            rows.append(
                [button("why", Thing.ASSIGNMENT, "why", number), *self.runs.row(assignment_id(number))]
            )
        return [row for row in rows if row]


def _gone(task: AssignmentDetail, person: Person) -> CardView:
    """Return what is left for somebody who was asked or held it before: who has it now, and nothing to do."""
    asked = [one for one in task.offers if one.user_id == person.user_id]
    offer = asked[-1].outcome if asked else None
    return CardView(template="cards/assignment_gone", row=task, context={"offer": offer}, final=True)


def tags_of(captions: Sequence[str]) -> dict[Tag, int]:
    """Return how many photos say that they show the place before and after."""
    counted = Counter(read_caption(caption).tag for caption in captions)
    return {tag: counted[tag] for tag in Tag if counted[tag]}


def _some(moves: tuple[AssignmentMove, ...], number: int, *wanted: AssignmentMove) -> list[Button]:
    return [_button(move, number) for move in moves if move in wanted]


def _button(move: AssignmentMove, number: int) -> Button:
    if move == AssignmentMove.CANCEL:
        return button("cancel_task", Thing.ASSIGNMENT, move, number, style="danger")
    return button(move, Thing.ASSIGNMENT, move, number, style="success" if move in _PRIMARY else None)


def _undo(task: AssignmentDetail) -> Button:
    """Return the button that takes a completion back; it says for how long that was possible in all."""
    until, done = task.undo_until, task.completed_at
    minutes = round((until - done).total_seconds() / 60) if until and done else 0
    words = {"minutes": minutes}
    return button("undo", Thing.ASSIGNMENT, AssignmentMove.UNDO, task.assignment_id, words=words)


def _code_row(task: AssignmentDetail, code: SetupCode | None) -> list[Button]:
    number, step = task.assignment_id, task.machine_onboarding_step
    if code is not None and code.state == "ready":
        return [copy("copy_setup", f"siaga edge setup {code.text}")]
    if code is not None and allowed(step, OnboardingMove.REISSUE_KEY):
        return [button("new_code", Thing.ASSIGNMENT, "new_code", number)]
    return []


def _test_failed(task: AssignmentDetail) -> bool:
    installs = task.task_type == TaskType.INSTALLATION
    return installs and task.machine_onboarding_step == OnboardingStep.TEST_FAILED
