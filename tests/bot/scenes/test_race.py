"""Twenty people accept one offer in the same moment: ten by the API, ten by tapping."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from db.models.core import MembershipRow, TelegramAccount, User
from db.people import create_token
from db.session import SYSTEM
from db.store import LocalStore
from domain.assignments import AssignmentPolicy, AssignmentView
from domain.offers import Candidate, OfferMode
from domain.roles import Role
from siaga.simulator.person import Message, Person
from tests.bot.scenes.field_day import data_of
from tests.bot.scenes.world import World
from tests.webhooks.conftest import served
from webhooks.settings import WebSettings

MANY = 20
FIRST_ACCOUNT = 9300


@dataclass(frozen=True, slots=True)
class Runner:
    """One of the twenty: known to the database, with a phone and a token."""

    candidate: Candidate
    phone: Person
    token: str


async def runners(world: World) -> list[Runner]:
    """Let twenty technicians join, each with a phone on which the bot is started."""
    known = []
    async with world.field.database.transaction(SYSTEM) as session:
        for number in range(MANY):
            user = User(name=f"Pelari {number:02}", email=f"pelari{number}@example.com")
            session.add(user)
            await session.flush()
            organization, account = world.field.organization, FIRST_ACCOUNT + number
            session.add(MembershipRow(user_id=user.id, organization_id=organization, role=Role.TECHNICIAN))
            session.add(TelegramAccount(user_id=user.id, telegram_id=account, first_name=user.name))
            token = await create_token(session, user.id, "test", ["read", "write"])
            known.append((Candidate(user.id, user.name), account, token))

    async def join(candidate: Candidate, account: int, token: str) -> Runner:
        phone = await world.stranger(candidate.name, id=account, language_code="id")
        await phone.start()
        await phone.wait_for(candidate.name, timeout_s=60)
        return Runner(candidate, phone, token)

    return list(await asyncio.gather(*(join(*one) for one in known)))


async def by_http(http: httpx.AsyncClient, task: AssignmentView, runner: Runner) -> str:
    answer = await http.put(
        f"/api/v1/technician/assignments/{task.assignment_id}/accept",
        headers={"Authorization": f"Bearer {runner.token}"},
    )
    told: dict[str, Any] = answer.json()
    if answer.status_code == httpx.codes.OK:
        assert told["holder"] == runner.candidate.user_id
        return "mine"
    assert (answer.status_code, told["code"]) == (409, "already_taken"), answer.text
    return str(told["holder"])


async def by_tap(http: httpx.AsyncClient, card: Message, runner: Runner) -> str:
    """Tap what the phone showed when the race began, however its card looks by now."""
    body = {"message_id": card["message_id"], "data": data_of(card, "Terima"), "stale": True, "timeout_s": 60}
    answer = (await http.post(f"/sim/people/{runner.phone.id}/tap", json=body, timeout=60)).json()
    if answer["text"].startswith("Diterima"):
        return "mine"
    _, said, who = answer["text"].partition("lebih dulu diterima oleh ")
    assert said, answer
    return str(who.split(".")[0])


@pytest.mark.timeout(240)
async def test_of_twenty_who_accept_at_once_one_has_it_and_nineteen_hear_who(world: World) -> None:
    racing = await runners(world)
    asked = [one.candidate for one in racing]
    policy = AssignmentPolicy(offer_stands_s=3600)
    task = await world.field.a_task(None, asked=asked, mode=OfferMode.POOL, policy=policy)
    cards = [await one.phone.wait_for("Bisa Anda kerjakan?", timeout_s=60) for one in racing]
    settings = WebSettings(world.field.database, world.gateway, world.field.cipher, LocalStore(world.folder))

    async with served(settings) as api:
        told = await asyncio.gather(
            *(by_http(api, task, one) for one in racing[::2]),
            *(by_tap(world.http, card, one) for card, one in list(zip(cards, racing, strict=True))[1::2]),
        )

    order = [*racing[::2], *racing[1::2]]
    (winner,) = [one for one, answer in zip(order, told, strict=True) if answer == "mine"]
    name = winner.candidate.name
    assert sorted(told) == sorted(["mine", *[name] * (MANY - 1)])
    assert (await world.field.row(task)).assigned_to == winner.candidate.user_id
    for one in racing:
        await one.phone.wait_for("saat Anda sudah di lokasi" if one is winner else f"Diambil oleh {name}")
    assert await world.rows("select count(*) from assignment_events where move = 'accept'") == [(1,)]
    assert await world.field.access(task) == [(name, True)]
