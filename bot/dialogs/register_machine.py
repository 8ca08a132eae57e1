"""The dialog that registers a machine (WORDS 3): who it is, where it stands, who installs it and when."""

from typing import Any

from bot.context import SiagaContext
from bot.dialogs.fields import (
    Answers,
    ConfirmField,
    DateTimeField,
    Dialog,
    LocationField,
    NumberField,
    PickerField,
    TextField,
)
from bot.dialogs.pickers import field_people, organization_field
from bot.rights import require
from db.queries.machines import list_machines
from db.queries.settings import settings
from domain.errors import InvalidInput
from domain.ids import uuid_from_source
from domain.onboarding import MachineDetails, OnboardingPolicy, OnboardingState
from domain.roles import Permission

NAME = "register_machine"
CAPACITY_LIMIT = 100_000


async def _new_serial_number(context: SiagaContext, value: Any, answers: Answers) -> None:  # noqa: ANN401 - an answer
    async with context.transaction() as session:
        found = await list_machines(session, organizations=[answers["organization"].id], search=value)
    if any((machine.serial_number or "").casefold() == value.casefold() for machine in found):
        raise InvalidInput(field="serial_number", problem="serial_taken")


def _needs_address(answers: Answers) -> bool:
    place = answers.get("place")
    return place is None or not place.address


def _details(answers: Answers) -> MachineDetails:
    place = answers["place"]
    return MachineDetails(
        name=answers["name"],
        latitude=place.latitude,
        longitude=place.longitude,
        address=answers.get("address") or place.address or place.title,
        serial_number=answers.get("serial_number") or "",
        capacity=answers.get("capacity"),
    )


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Start the onboarding, which gives the admin its card."""
    organization_id = answers["organization"].id
    me = require(context, Permission.REGISTER_MACHINE, organization_id)
    async with context.transaction() as session:
        own = await settings(session, organization_id)
    installer = answers.get("installer")
    state = OnboardingState(
        machine_uuid=uuid_from_source(source),
        organization_id=organization_id,
        registered_by=me.user_id,
        registered_by_name=me.name,
        machine=_details(answers),
        installer_id=installer.id if installer else None,
        installer_name=installer.label if installer else "",
        installation_at=answers.get("at"),
        policy=OnboardingPolicy(own["handshake_remind_s"], own["key_expires_s"]),
    )
    context.settled(await context.gateway.register_machine(source, state))


REGISTER_MACHINE = Dialog(
    NAME,
    fields=(
        organization_field(Permission.REGISTER_MACHINE),
        TextField(name="name", max_length=120),
        LocationField(name="place"),
        TextField(name="address", max_length=300, when=_needs_address),
        TextField(name="serial_number", max_length=60, check=_new_serial_number),
        NumberField(name="capacity", minimum=1, maximum=CAPACITY_LIMIT, optional=True),
        PickerField(name="installer", options=field_people, optional=True),
        DateTimeField(name="at", when=lambda answers: answers.get("installer") is not None),
        ConfirmField(name="confirm", label="register"),
    ),
    finish=finish,
)
