"""Master data of pharmacies: no workflow stands behind them (decision 14)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.helpdesk_audit import By, Deed, note_once
from db.models.core import MembershipRow, User
from db.models.helpdesk import Pharmacy
from db.secrets import Cipher
from domain.errors import InvalidInput, NotFound
from domain.ids import uuid_from_source
from domain.roles import Role
from domain.signing import secret_hash

THING = "pharmacy"
_GENERIC = ("APOTEK", "APOTIK", "PHARMACY", "TOKO", "KLINIK")
_PREFIX_LENGTH = 6


@dataclass(frozen=True, slots=True)
class PharmacyFacts:
    """What an admin says of a pharmacy."""

    name: str
    address: str | None = None
    phone: str | None = None
    app_version: str | None = None


def join_code(cipher: Cipher, name: str, source: str) -> str:
    """Return the code of a pharmacy, e.g. ``SEHAT-K7QM29``; the same source gives the same (30 bits)."""
    plain = unicodedata.normalize("NFKD", name.upper())
    words = [word for word in re.findall(r"[A-Z]+", plain) if word not in _GENERIC]
    prefix = (words[0] if words else "APOTEK")[:_PREFIX_LENGTH]
    drawn = cipher.setup_code(uuid_from_source(f"pharmacy-{source}")).replace("-", "")
    return f"{prefix}-{drawn[:6]}"


async def create_pharmacy(
    session: AsyncSession, organization_id: int, facts: PharmacyFacts, code: str, by: By
) -> int:
    """Make a pharmacy with its join code and return its number; the same code again is the same pharmacy."""
    made = await session.scalar(
        insert(Pharmacy)
        .values(
            organization_id=organization_id,
            name=facts.name,
            address=facts.address or None,
            phone=facts.phone or None,
            app_version=facts.app_version or None,
            code_hash=secret_hash(code),
            code_ends=code[-2:],
            code_issued_at=func.now(),
        )
        .on_conflict_do_nothing(index_elements=[Pharmacy.code_hash])
        .returning(Pharmacy.id)
    )
    if made is None:
        found = select(Pharmacy.id).where(Pharmacy.code_hash == secret_hash(code))
        return (await session.scalars(found)).one()
    await note_once(session, Deed(organization_id, THING, made, "create"), by)
    return int(made)


async def change_pharmacy(
    session: AsyncSession, pharmacy_id: int, changes: Mapping[str, Any], by: By
) -> None:
    """Change columns of a pharmacy; ``is_active`` false: it is served no more, and its code ends.

    Raises:
        NotFound: the scope sees no such pharmacy.
        InvalidInput: the person in charge is no active customer there.
    """
    row = await _locked(session, pharmacy_id)
    values = dict(changes)
    if values.get("pic_id") is not None:
        await _check_pic(session, pharmacy_id, values["pic_id"])
    if values.get("is_active") is False:
        values |= {"code_hash": None, "code_ends": None, "code_issued_at": None}
    before = {name: getattr(row, name) for name in changes}
    noted = {"was": before, "now": dict(changes)}
    if await note_once(session, Deed(row.organization_id, THING, pharmacy_id, "change", noted), by):
        await session.execute(update(Pharmacy).where(Pharmacy.id == pharmacy_id).values(values))


async def rotate_code(session: AsyncSession, pharmacy_id: int, code: str, by: By) -> None:
    """Put a new join code in the place of the former, which ends; raises ``NotFound``."""
    row = await _locked(session, pharmacy_id)
    if not row.is_active:
        raise NotFound(noun=THING)
    if await note_once(session, Deed(row.organization_id, THING, pharmacy_id, "rotate_code"), by):
        new = {"code_hash": secret_hash(code), "code_ends": code[-2:], "code_issued_at": func.now()}
        await session.execute(update(Pharmacy).where(Pharmacy.id == pharmacy_id).values(new))


async def delete_pharmacy(session: AsyncSession, pharmacy_id: int, by: By) -> None:
    """Take a pharmacy off every list; its tickets stay with their story. Raises ``NotFound``."""
    row = await _locked(session, pharmacy_id)
    if await note_once(session, Deed(row.organization_id, THING, pharmacy_id, "delete"), by):
        gone = {"deleted_at": func.now(), "is_active": False, "code_hash": None, "code_ends": None}
        await session.execute(update(Pharmacy).where(Pharmacy.id == pharmacy_id).values(gone))


async def _locked(session: AsyncSession, pharmacy_id: int) -> Pharmacy:
    query = select(Pharmacy).where(Pharmacy.id == pharmacy_id, Pharmacy.deleted_at.is_(None))
    row = await session.scalar(query.with_for_update())
    if row is None:
        raise NotFound(noun=THING)
    return row


async def _check_pic(session: AsyncSession, pharmacy_id: int, user_id: int) -> None:
    query = (
        select(User.id)
        .join(MembershipRow, MembershipRow.user_id == User.id)
        .where(
            User.id == user_id,
            User.is_active,
            MembershipRow.pharmacy_id == pharmacy_id,
            MembershipRow.role == Role.CUSTOMER,
            MembershipRow.is_active,
        )
    )
    if await session.scalar(query) is None:
        raise InvalidInput(field="pic_id", problem="not_of_pharmacy")
