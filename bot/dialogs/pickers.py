"""What dialogs let people pick from: organizations, people of the field, machines."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Option, Options, PeopleField, Picked, PickerField, Team
from db.queries import machines, people
from db.queries.candidates import everybody_with_access
from db.queries.duty import on_duty
from db.queries.people import PersonRow
from domain.errors import NotAllowed
from domain.offers import Candidate, Offer, OfferMode
from domain.roles import Permission, Role

BLOCKED, UNLINKED, SUSPENDED, ON_DUTY, OFF_DUTY = "🚫", "❔", "⏸", "🟢", "⚪"
"""Marks behind a name: blocked the bot, not linked yet, suspended, on duty or not; templates explain them."""
LISTED = 200


async def organizations_with(context: SiagaContext, permission: Permission) -> list[Option]:
    """Return the organizations in which the person may act, own ones first.

    Raises:
        NotAllowed: there is none.
    """
    me = context.me
    found = [
        Option(held.organization_id, held.organization_name)
        for held in me.memberships
        if me.may(permission, held.organization_id)
    ]
    if me.is_super_admin:
        own = {option.id for option in found}
        async with context.transaction() as session:
            found += [
                Option(number, name)
                for number, name in await people.organizations(session)
                if number not in own
            ]
    if not found:
        raise NotAllowed
    return found


def organization_field(permission: Permission) -> PickerField:
    """Return the question for the organization; ``known_organization`` spares it to most people."""

    async def options(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:  # noqa: ARG001
        found = await organizations_with(context, permission)
        return [option for option in found if search.casefold() in option.label.casefold()]

    return PickerField(name="organization", options=options)


async def known_organization(context: SiagaContext, permission: Permission) -> dict[str, Picked]:
    """Return the organization as a known answer when only one is possible: asked when ambiguous (WORDS 1).

    Raises:
        NotAllowed: the person has the right nowhere.
    """
    found = await organizations_with(context, permission)
    return {"organization": Picked(found[0].id, found[0].label)} if len(found) == 1 else {}


def mark(row: PersonRow) -> str:
    """Return the mark of a person who will not read a message, or nothing."""
    if not row.is_active:
        return SUSPENDED
    if not row.linked:
        return UNLINKED
    return BLOCKED if row.blocked else ""


async def field_people(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:
    """Return technicians and operators: on duty first, then least loaded, with open tasks and minutes."""
    organization = answers["organization"].id
    async with context.transaction() as session:
        rows = await people.field_people(session, organization, search)
        there = await on_duty(session, organization, datetime.now(UTC))
    ordered = sorted(rows, key=lambda row: row.user_id not in there)
    return [
        Option(row.user_id, row.name, f"{_standing(row, row.user_id in there)} {_load(row)}")
        for row in ordered
    ]


def _standing(row: PersonRow, is_on_duty: bool) -> str:  # noqa: FBT001 - looked up for all at once
    return mark(row) or (ON_DUTY if is_on_duty else OFF_DUTY)


def _load(row: PersonRow) -> str:
    return f"📋 {row.open_assignments} · ⏱ {row.planned_minutes}'"


async def everyone_with_access(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:  # noqa: ARG001
    """Return whom "everyone with access" to the chosen machine asks: on duty, or all where nobody is."""
    if "machine" not in answers:
        return ()
    organization, machine = answers["organization"].id, answers["machine"].id
    async with context.transaction() as session:
        found = await everybody_with_access(session, organization, machine, datetime.now(UTC))
    return [Option(one.user_id, one.name) for one in found]


async def staff_of(
    context: SiagaContext, organization_id: int, roles: Sequence[Role], search: str
) -> list[Option]:
    """Return the helpdesk's active people of some roles, who is away or unreachable last and marked."""
    async with context.transaction() as session:
        rows = await people.list_people(session, [organization_id], roles=roles, search=search, limit=LISTED)
        there = await on_duty(session, organization_id, datetime.now(UTC))
    notes = {row.user_id: mark(row) or ("" if row.user_id in there else OFF_DUTY) for row in rows}
    found = [Option(row.user_id, row.name, notes[row.user_id]) for row in rows if row.is_active]
    return sorted(found, key=lambda one: bool(one.note))


def people_field() -> PeopleField:
    """Return the question who is asked: one, several, or everyone who may enter the machine."""
    return PeopleField(name="people", options=field_people, everyone=everyone_with_access)


def offer_to(team: Team) -> Offer:
    """Return the offer that a people field's answer asks for."""
    mode = OfferMode.POOL if team.at_once and len(team.people) > 1 else OfferMode.ONE
    return Offer([Candidate(one.id, one.label) for one in team.people], mode)


def members(*, active: bool) -> Options:
    """Return the options of a picker over everybody else in the organization, active or suspended."""

    async def options(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:
        async with context.transaction() as session:
            rows = await people.list_people(
                session, [answers["organization"].id], search=search, limit=LISTED
            )
        me = context.me.user_id
        return [
            Option(row.user_id, row.name, mark(row))
            for row in rows
            if row.is_active == active and row.user_id != me
        ]

    return options


async def machines_of_organization(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:
    """Return the organization's machines by name; typing searches name, address and serial number."""
    async with context.transaction() as session:
        rows = await machines.list_machines(
            session, organizations=[answers["organization"].id], search=search, limit=LISTED
        )
    return [Option(row.machine_id, row.name, row.serial_number or "") for row in rows]
