"""The card of a machine that is being installed: the steps of WORDS 3 as ticked lines."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.assignment import SetupCode, setup_code
from bot.cards.runs import Runs
from bot.content import CardView, Reader
from bot.keyboards import Button, Style, button
from db.queries.assignments import AssignmentDetail, AssignmentFilter, list_assignments
from db.queries.machines import MachineDetail, machine_by_id
from db.secrets import Cipher
from domain.assignments import AssignmentStatus, TaskType
from domain.chat import Thing
from domain.ids import onboarding_id
from domain.onboarding import OPEN_STEPS, OnboardingMove, allowed
from domain.roles import Permission


@dataclass(frozen=True, slots=True)
class OnboardingCard:
    """Builds the card of an onboarding for the admins of its organization."""

    cipher: Cipher
    runs: Runs

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card, or None for whoever may not register machines there."""
        machine = await machine_by_id(session, thing_id, deleted=True)
        person = reader.person
        if machine is None or person is None:
            return None
        if not person.may(Permission.REGISTER_MACHINE, machine.organization_id):
            return None
        installation = await installation_of(session, machine)
        code = setup_code(machine, self.cipher)
        return CardView(
            template="cards/onboarding",
            row=machine,
            context={
                "installation": installation,
                "code": code,
                "workflow_id": onboarding_id(machine.uuid),
            },
            keyboard=self._keyboard(machine, installation, code),
            final=machine.onboarding_step not in OPEN_STEPS,
        )

    def _keyboard(
        self, machine: MachineDetail, installation: AssignmentDetail | None, code: SetupCode | None
    ) -> list[list[Button]]:
        number, step = machine.machine_id, machine.onboarding_step
        run = self.runs.row(onboarding_id(machine.uuid))
        if step not in OPEN_STEPS:
            return [run]
        rows: list[list[Button]] = [[]]
        if may_commission(machine, installation):
            rows[0].append(_button(OnboardingMove.COMMISSION, number, style="success"))
        if allowed(step, OnboardingMove.RETEST):
            rows[0].append(_button(OnboardingMove.RETEST, number))
        if code is not None:
            rows.append([button("show_code", Thing.ONBOARDING, "code", number)] if code.text else [])
            rows[-1].append(button("show_key", Thing.ONBOARDING, "key", number))
        rows.append(
            [button("map", Thing.ONBOARDING, "map", number), button("why", Thing.ONBOARDING, "why", number)]
        )
        rows.append(
            [_button(OnboardingMove.REISSUE_KEY, number)] if allowed(step, OnboardingMove.REISSUE_KEY) else []
        )
        rows[-1].append(
            button("cancel_onboarding", Thing.ONBOARDING, OnboardingMove.CANCEL, number, style="danger")
        )
        return [row for row in [*rows, run] if row]


async def installation_of(session: AsyncSession, machine: MachineDetail) -> AssignmentDetail | None:
    """Return the machine's latest installation task that was not cancelled."""
    wanted = AssignmentFilter(
        machine_id=machine.machine_id,
        task_type=TaskType.INSTALLATION,
        statuses=tuple(set(AssignmentStatus) - {AssignmentStatus.CANCELLED}),
    )
    found = await list_assignments(session, wanted)
    return max(found, key=lambda task: task.assignment_id, default=None)


def may_commission(machine: MachineDetail, installation: AssignmentDetail | None) -> bool:
    """Return whether an admin puts the machine into service by hand: online, and nobody's task."""
    return allowed(machine.onboarding_step, OnboardingMove.COMMISSION) and installation is None


def _button(move: OnboardingMove, number: int, *, style: Style | None = None) -> Button:
    return button(move, Thing.ONBOARDING, move, number, style=style)
