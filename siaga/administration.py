"""The commands of an operator at the machine: database, tokens, invites."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db import migrate
from db.organizations import ensure_organization
from db.people import create_invite, create_token
from db.queries import people
from db.secrets import Cipher
from db.seed import seed_demo, seed_reference
from db.session import SYSTEM, Database
from domain.roles import Role
from siaga import telegram
from siaga.errors import CommandError
from siaga.settings import Settings, ensure_secret_key
from siaga.stack import folder
from siaga.stack.database import reachable_database

FIRST_ORGANIZATION = "Siaga"
"""The organization of the first super admin, until it is renamed."""


class UsageError(CommandError):
    """The command cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a link is for; without an organization's name it is the first one's."""

    name: str
    role: Role
    organization: str = FIRST_ORGANIZATION


async def migrate_database(settings: Settings) -> None:
    """Bring the schema to the newest revision."""
    async with reachable_database(settings) as url:
        await migrate.upgrade_async(url)
    print(f"The database is at revision {migrate.head()}.")


async def seed_database(settings: Settings, *, demo: bool) -> None:
    """Write the reference data, and the demo's if asked."""
    async with reachable_database(settings) as url:
        await migrate.upgrade_async(url)
        async with _opened(url) as database:
            if demo:
                await seed_demo(database, Cipher(ensure_secret_key(settings)))
            else:
                await seed_reference(database)
    print("The demo's data is in." if demo else "The reference data is in.")


async def reset_database(settings: Settings, *, sure: bool) -> None:
    """Forget everything: the embedded engines' files, or all tables of the given database.

    Raises:
        UsageError: it was not confirmed, or Temporal is another's, where workflows would be left alone.
        StackError: the stack is running.
    """
    what = settings.database_url or str(settings.data_dir.resolve())
    if not sure:
        msg = f"This deletes all data of {what.rpartition('@')[2]}. Say --yes to do it."
        raise UsageError(msg)
    with folder.claimed(settings.data_dir):
        if not settings.temporal_address:
            for file in settings.data_dir.glob("temporal.db*"):
                file.unlink()
        if not settings.database_url:
            shutil.rmtree(settings.data_dir / "postgres", ignore_errors=True)
        shutil.rmtree(settings.files_dir, ignore_errors=True)
    if settings.database_url:
        await asyncio.to_thread(migrate.downgrade, settings.database_url, "base")
    await migrate_database(settings)
    if settings.temporal_address:
        print(f"Terminate what still runs in {settings.temporal_address}/{settings.temporal_namespace}.")


async def create_access_token(settings: Settings, person: str, name: str, *, read_only: bool) -> None:
    """Print a new bearer token of a person, given by user id or exact name.

    Raises:
        UsageError: there is nobody, or more than one.
    """
    async with reachable_database(settings) as url, _session(url) as session:
        owner = await _only_person(session, person)
        token = await create_token(session, owner, name, ["read"] if read_only else ["read", "write"])
    print(token)


def invitation(name: str, role: str, organization: str | None) -> Invitation:
    """Return whom a link is for.

    Raises:
        UsageError: there is no such role.
    """
    if role not in list(Role):
        msg = f"There is no role {role!r}; one of {', '.join(Role)} is expected."
        raise UsageError(msg)
    return Invitation(name, Role(role), organization or FIRST_ORGANIZATION)


async def _only_person(session: AsyncSession, person: str) -> int:
    if person.isdigit():
        known = await people.person_by_id(session, int(person))
        found = set() if known is None else {known.person.user_id}
    else:
        organizations = [number for number, _ in await people.organizations(session)]
        rows = await people.list_people(session, organizations, search=person)
        found = {row.user_id for row in rows if row.name == person}
    if len(found) != 1:
        msg = f"{len(found)} people are called {person!r}; give a user id."
        raise UsageError(msg)
    return found.pop()


async def invite(settings: Settings, invited: Invitation) -> None:
    """Print a one-time link that makes its first opener the invited person."""
    found = folder.with_running_stack(settings)
    async with reachable_database(settings) as url:
        print(await invitation_link(found, url, invited))


async def invitation_link(settings: Settings, url: str, invited: Invitation) -> str:
    """Create an invite and return its link, or the command to type where the bot's name is not known."""
    async with _session(url) as session:
        organization = await ensure_organization(session, invited.organization)
        _, code = await create_invite(
            session,
            name=invited.name,
            role=invited.role,
            organization_id=organization,
            invited_by=None,
        )
    try:
        return await telegram.link(settings, code)
    except telegram.TelegramError as error:
        return f"/start {code}   (to be sent to the bot; its name is unknown: {error})"


async def first_link(settings: Settings) -> str | None:
    """Return a link for the first super admin, or None when one is linked already (WORDS 1)."""
    async with _session(settings.database_url) as session:
        linked = await people.any_super_admin_linked(session)
    if linked:
        return None
    return await invitation_link(settings, settings.database_url, Invitation("Super Admin", Role.SUPER_ADMIN))


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.dispose()


@asynccontextmanager
async def _session(url: str) -> AsyncIterator[AsyncSession]:
    """One transaction of the system's: the operator at the machine is no tenant."""
    async with _opened(url) as database, database.transaction(SYSTEM) as session:
        yield session
