"""The page behind a machine's QR: anybody reports, nothing bad gets through, nothing counts twice."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
from sqlalchemy import text

from db.demo import MACHINES
from db.session import SYSTEM
from domain.machine_codes import short_code
from domain.problems import PER_ORIGIN
from tests.webhooks.conftest import Api
from tests.webhooks.pictures import bomb, jpeg

UUID = MACHINES[0].uuid
NOBODY = "00000000-0000-4000-8000-000000000000"
LONG = 1001 * "x"


async def rows(api: Api) -> list[Any]:
    async with api.database.transaction(SYSTEM) as session:
        return list(await session.execute(text("select * from problem_reports order by id")))


async def send(
    api: Api, *, where: object = UUID, photo: bytes | None = None, language: str = "id", **fields: str
) -> httpx.Response:
    files = None if photo is None else {"photo": ("photo.jpg", photo, "image/jpeg")}
    data = {"kind": "wont_open"} | fields
    return await api.http.post(f"/m/{where}?lang={language}", data=data, files=files)


async def test_the_page_says_what_the_machine_is_and_lets_nothing_else_in(api: Api) -> None:
    shown = await api.http.get(f"/m/{UUID}")

    assert shown.status_code == 200
    assert MACHINES[0].name in shown.text
    assert "Ada masalah apa?" in shown.text
    assert f"https://t.me/siaga_bot?start=m_{UUID.hex}" in shown.text
    assert shown.headers["X-Robots-Tag"].startswith("noindex")
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in shown.text
    assert "<script" not in shown.text
    address = re.search(r'href="(/m/page\.css[^"]*)"', shown.text)
    assert address is not None
    style = await api.http.get(address[1])
    assert style.headers["content-type"].startswith("text/css")
    assert len(shown.text) + len(style.text) < 12_000


async def test_the_page_speaks_the_phones_language_and_knows_the_short_code(api: Api) -> None:
    phone = {"Accept-Language": "fr-FR, en-GB;q=0.8, id;q=0.5"}

    assert "What is wrong?" in (await api.http.get(f"/m/{UUID}", headers=phone)).text
    assert "Ada masalah" in (await api.http.get(f"/m/{UUID}?lang=id", headers=phone)).text
    assert "Ada masalah" in (await api.http.get(f"/m/{UUID}", headers={"Accept-Language": "de;q=x"})).text
    typed = short_code(UUID).lower().replace("-", "")
    assert MACHINES[0].name in (await api.http.get(f"/m/{typed}")).text


async def test_a_report_with_a_photo_is_kept_and_reaches_the_admins(api: Api) -> None:
    token = "t" * 20
    answers = [
        await send(api, photo=jpeg(), description="<b>Pintu</b> & 🔧", contact="0812", token=token)
        for _ in range(2)
    ]
    without_token = await send(api, photo=jpeg(), description="<b>Pintu</b> & 🔧", contact="0812")

    assert [answer.status_code for answer in (*answers, without_token)] == [200, 200, 200]
    (row,) = await rows(api)
    assert all(f"<strong>{row.id}</strong>" in answer.text for answer in (*answers, without_token))
    assert row.description == "<b>Pintu</b> & 🔧"
    assert row.kind == "wont_open"
    async with api.database.transaction(SYSTEM) as session:
        told = await session.execute(
            text("select d.user_id, template, c.thing from deliveries d left join cards c on c.id = card_id")
        )
        rings = {(user, thing or template) for user, template, thing in told}
    assert (api.users["admin"], "problem") in rings
    assert (api.users["admin"], "problem_photo") in rings
    assert api.users["technician"] not in {user for user, _ in rings}
    again = await api.http.get(f"/m/{UUID}")
    assert "Sudah ada yang melaporkan" in again.text


BAD = [
    ({"photo": b"x" * 30 * 1024 * 1024}, 413, "terlalu besar (paling besar 20 MB)"),
    ({"photo": b"this is no image"}, 422, "tidak bisa dibuka"),
    ({"photo": bomb()}, 422, "50 megapiksel"),
    ({"description": LONG}, 422, "1001 huruf"),
    ({"contact": LONG}, 422, "Kontaknya terlalu panjang"),
    ({"kind": "other"}, 422, "Tulis singkat apa masalahnya"),
    ({"kind": "on fire", "description": '"><img src=x>'}, 422, "&#34;&gt;&lt;img src=x&gt;"),
    ({"where": NOBODY}, 404, "tidak kami kenal"),
    ({"where": "not-a-code"}, 404, "tidak kami kenal"),
    ({"where": "not-a-code", "language": "en"}, 404, "We do not know this machine"),
]


async def test_bad_input_gets_a_sentence_and_no_row(api: Api) -> None:
    for attempt, status, told in BAD:
        answer = await send(api, **attempt)  # type: ignore[arg-type]

        assert answer.status_code == status, told
        assert answer.headers["content-type"].startswith("text/html"), told
        assert told in answer.text
        assert "<img" not in answer.text, told
        assert answer.headers["Content-Security-Policy"], told
    assert await rows(api) == []


async def test_a_body_without_a_length_is_cut_off_at_the_limit(api: Api) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        for _ in range(30):
            yield b"x" * 1024 * 1024

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await api.http.post(f"/m/{UUID}", content=body(), headers=kind)

    assert answer.status_code == 413
    assert "20 MB" in answer.text


async def test_what_is_no_form_at_all_is_a_page_too(api: Api) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await api.http.post(f"/m/{UUID}", content=b"nothing of the kind", headers=kind)

    assert answer.status_code == 422
    assert "Isian tidak terbaca" in answer.text


async def test_twenty_reports_in_a_row_are_too_many(api: Api) -> None:
    answers = [await send(api, description=f"number {number}") for number in range(20)]

    taken = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert (len(taken), len(taken) + len(refused)) == (PER_ORIGIN.reports, 20)
    assert "Terlalu banyak laporan" in refused[0].text
    stored = await rows(api)
    assert len(stored) == PER_ORIGIN.reports
    assert {row.part_of_id for row in stored} == {None, stored[0].id}


async def test_a_robot_that_fills_every_field_is_thanked_and_forgotten(api: Api) -> None:
    answer = await send(api, website="https://spam.example", description="buy")

    assert "Terima kasih" in answer.text
    assert await rows(api) == []
