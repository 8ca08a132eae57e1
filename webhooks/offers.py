"""Whom a request offers a task to."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.candidates import everybody_with_access
from db.queries.people import field_people
from db.session import SYSTEM
from domain.errors import InvalidInput
from domain.offers import Candidate, Offer
from webhooks.assignment_shapes import Offered, OfferTo
from webhooks.state import WebState


async def offer_of(web: WebState, organization_id: int, machine_id: int, body: Offered) -> Offer:
    """Return the people a request names, as the workflow takes them; nobody when it names none.

    Raises:
        InvalidInput: it names two manners at once, or somebody who cannot be asked.
    """
    wanted = body.offer_to or _meant(body)
    if wanted is None:
        return Offer()
    given = (body.assigned_to is not None, bool(body.user_ids))
    if given != (wanted == OfferTo.PERSON, wanted == OfferTo.LIST):
        raise InvalidInput(field="offer_to", problem="needs_its_people")
    async with web.settings.database.transaction(SYSTEM) as session:
        if wanted == OfferTo.ACCESS:
            people = await everybody_with_access(session, organization_id, machine_id, datetime.now(UTC))
            if not people:
                raise InvalidInput(field="offer_to", problem="nobody_has_access")
            return Offer(people, body.offer_mode)
        if body.assigned_to is not None:
            return Offer(await _named(session, organization_id, [body.assigned_to], "assigned_to"))
        people = await _named(session, organization_id, body.user_ids, "user_ids")
        return Offer(people, body.offer_mode)


def _meant(body: Offered) -> OfferTo | None:
    if body.user_ids:
        return OfferTo.LIST
    return None if body.assigned_to is None else OfferTo.PERSON


async def _named(
    session: AsyncSession, organization_id: int, user_ids: Sequence[int], field: str
) -> list[Candidate]:
    known = {row.user_id: row.name for row in await field_people(session, organization_id)}
    if not known.keys() >= set(user_ids):
        raise InvalidInput(field=field, problem="no_such_technician")
    return [Candidate(user_id, known[user_id]) for user_id in user_ids]
