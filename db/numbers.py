"""Numbers that must exist before a workflow, reserved by source: a repeat gets the same one (DESIGN 3.4)."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

SEQUENCES = {"assignment": "technician_assignments_id_seq", "ticket": "tickets_id_seq"}

_RESERVE = text(
    """
    with kept as (select number from numbers where kind = :kind and source = :source),
    made as (
      insert into numbers (kind, source, organization_id, number)
      select :kind, :source, cast(:organization as bigint), nextval(cast(:sequence as regclass))
      where not exists (select 1 from kept)
      on conflict (kind, source) do update set source = excluded.source
      returning number
    )
    select number from kept union all select number from made
    """
)


async def reserve(session: AsyncSession, kind: str, source: str, organization_id: int | None = None) -> int:
    """Return the number of a kind (``assignment``) for a source, taking a new one only the first time."""
    given = {"kind": kind, "source": source, "sequence": SEQUENCES[kind], "organization": organization_id}
    number = await session.scalar(_RESERVE, given)
    if number is None:
        message = f"no number reserved for {kind}"
        raise RuntimeError(message)
    return int(number)
