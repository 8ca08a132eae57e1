"""Checklists that an organization asks for on site, by task type."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints, model_validator

from db.checklists import save_checklist
from db.queries.checklists import ChecklistRow, checklists_of
from domain.assignments import TaskType
from domain.checklists import ChecklistItem, ItemKind
from domain.roles import Permission
from webhooks.assignment_shapes import StepOut
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Input, Line, Name, Output, QueryId
from webhooks.state import Web, WebState

router = APIRouter(prefix="/admin/checklists", tags=["assignments"])

STEPS_MOST = 40

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,20}$")]


class StepIn(Input):
    """A step; ``code`` stays the same when its words change. Limits belong to numbers."""

    code: Code = Field(examples=["power"])
    label_id: Name = Field(examples=["Kabel daya aman"])
    label_en: Name = Field(examples=["Power cable is safe"])
    kind: ItemKind = ItemKind.TICK
    critical: bool = Field(default=False, description="Its failure creates a repair.")
    minimum: float | None = Field(default=None, allow_inf_nan=False)
    maximum: float | None = Field(default=None, allow_inf_nan=False)
    unit: Line = Field(default="", max_length=20)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        limits = [one for one in (self.minimum, self.maximum) if one is not None]
        if limits and self.kind != ItemKind.NUMBER:
            message = "only a number has limits"
            raise ValueError(message)
        if limits != sorted(limits):
            message = "minimum is above maximum"
            raise ValueError(message)
        return self


class ChecklistIn(Input):
    """The steps in order; none: tasks of this type have no checklist."""

    items: list[StepIn] = Field(max_length=STEPS_MOST)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        codes = [one.code for one in self.items]
        if len(set(codes)) != len(codes):
            message = "two steps share a code"
            raise ValueError(message)
        return self


class ChecklistOut(Output):
    """The checklist that holds; ``own``: the organization has its own."""

    task_type: TaskType
    items: list[StepOut]
    own: bool
    updated_at: datetime | None


@router.get("", summary="The checklists of one organization")
async def list_all(web: Web, caller: Reader, organization_id: QueryId = None) -> list[ChecklistOut]:
    """Its own, else those that hold for all."""
    organization = _organization(caller, organization_id)
    return [ChecklistOut.model_validate(row) for row in await _rows(web, caller, organization)]


@router.put("/{task_type}", summary="Ask for other steps")
async def change(  # noqa: PLR0913 - the dependencies of a change
    *,
    task_type: Annotated[TaskType, Path()],
    body: ChecklistIn,
    web: Web,
    caller: Writer,
    move: Move,
    organization_id: QueryId = None,
) -> ChecklistOut:
    """Holds for tasks that begin from now on; one that runs keeps the steps it began with."""
    organization = _organization(caller, organization_id)
    source = await move.take()
    items = [ChecklistItem(**one.model_dump()) for one in body.items]
    async with web.settings.database.transaction(caller.tenants) as session:
        await save_checklist(
            session,
            organization_id=organization,
            task_type=task_type,
            items=items,
            actor_id=caller.person.user_id,
            source=source.text,
        )
    (row,) = await _rows(web, caller, organization, task_type)
    return ChecklistOut.model_validate(row)


def _organization(caller: Caller, wanted: int | None) -> int:
    """Return the organization meant: the one named, else the first that the caller manages."""
    return caller.organizations_with(Permission.MANAGE_ASSIGNMENTS, wanted)[0]


async def _rows(
    web: WebState, caller: Caller, organization_id: int, *task_types: TaskType
) -> list[ChecklistRow]:
    async with web.settings.database.transaction(caller.tenants) as session:
        return await checklists_of(session, organization_id, task_types or tuple(TaskType))
