"""The demo's helpdesk with tickets that are only rows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import httpx
from sqlalchemy import insert, select

from db.models.core import File
from db.models.helpdesk import (
    Pharmacy,
    Ticket,
    TicketActivity,
    TicketAttachment,
    TicketCategory,
    TicketModule,
)
from db.session import SYSTEM
from domain.priorities import Priority
from domain.tickets import TicketMove, TicketSource, TicketStatus
from tests.webhooks.conftest import Api

TICKETS = "/api/v1/tickets"
SARI, WAYAN = "Apotek Sehat Sentosa", "Apotek Melati"


@dataclass
class Desk:
    """Both pharmacies, a module and a category of it."""

    api: Api
    pharmacies: dict[str, int]
    module: int
    category: int

    @classmethod
    async def of(cls, api: Api) -> Self:
        """Return the desk of an app."""
        async with api.database.transaction(SYSTEM) as session:
            pharmacies = {row.name: row.id for row in await session.scalars(select(Pharmacy))}
            module = (await session.scalars(select(TicketModule.id).limit(1))).one()
            category = (await session.scalars(select(TicketCategory.id).limit(1))).one()
        return cls(api, pharmacies, module, category)

    async def ticket(self, pharmacy: str = SARI, **columns: Any) -> int:  # noqa: ANN401 - columns
        """Write a ticket with a shared line, an internal one and a file in each, and return its number."""
        async with self.api.database.transaction(SYSTEM) as session:
            number = len((await session.scalars(select(Ticket.id))).all()) + 1
            values: dict[str, Any] = {
                "id": number,
                "number": f"PD-{number:06}",
                "organization_id": self.api.organizations["expert"],
                "pharmacy_id": self.pharmacies[pharmacy],
                "module_id": self.module,
                "category_id": self.category,
                "opened_by": self.api.users["customer"],
                "source": TicketSource.CUSTOMER,
                "priority": Priority.HIGH,
                "title": "Kasir macet",
                "description": "Struk tidak tercetak",
                "version": 1,
            }
            await session.execute(insert(Ticket).values(values | columns))
            common = {name: values[name] for name in ("organization_id", "pharmacy_id")} | {
                "ticket_id": number
            }
            for internal in (False, True):
                await session.execute(
                    insert(TicketActivity).values(
                        **common,
                        source=f"s-{internal}",
                        move=TicketMove.NOTE if internal else TicketMove.COMMENT,
                        to_status=TicketStatus.OPEN,
                        is_internal=internal,
                        note="rahasia" if internal else "halo",
                        details={"files": [], "origin": {"chat": 1, "messages": [1]}, "solution_due": ""},
                        at=datetime.now(UTC),
                    )
                )
                file = insert(File).values(
                    organization_id=values["organization_id"],
                    sha256=self.api.store.put(f"{number} {internal}".encode()),
                    media_type="text/plain",
                    size_bytes=9,
                )
                file_id = await session.scalar(file.returning(File.id))
                await session.execute(
                    insert(TicketAttachment).values(
                        **common, file_id=file_id, name="log", kind="document", is_internal=internal
                    )
                )
        return number

    async def get(self, person: str, path: str, **query: Any) -> httpx.Response:  # noqa: ANN401 - a query
        return await self.api.http.get(path, params=query, headers=self.api.as_(person))

    async def seen(self, person: str, **query: Any) -> list[int]:  # noqa: ANN401 - a query
        """Return the numbers of the tickets a person's list has."""
        answer = await self.get(person, TICKETS, **query)
        assert answer.status_code == 200, answer.text
        return sorted(one["id"] for one in answer.json()["items"])

    async def change(self, person: str, ticket: int, **body: Any) -> httpx.Response:  # noqa: ANN401 - JSON
        return await self.api.http.put(f"{TICKETS}/{ticket}", json=body, headers=self.api.as_(person))
