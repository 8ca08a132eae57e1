"""Photos of people and frames of boxes: in as bytes, kept by reference, out for those who may see them."""

import io
from datetime import UTC, datetime

from PIL import Image

from db.models.assignments import AssignmentPhoto
from db.session import SYSTEM
from domain.assignments import AssignmentMove, AssignmentStatus
from tests.webhooks.conftest import Api
from tests.webhooks.pictures import jpeg


async def send(
    api: Api, number: int, content: bytes, key: str | None = None
) -> tuple[int, dict[str, object]]:
    path = f"/api/v1/technician/assignments/{number}/upload-photo"
    files = {"photo": ("photo.jpg", content, "image/jpeg")}
    answer = await api.http.post(path, files=files, headers=api.as_("technician", key))
    return answer.status_code, answer.json()


async def shown(api: Api, number: int, file_id: object) -> None:
    """Do what the workflow's activity does with a photo."""
    async with api.database.transaction(SYSTEM) as session:
        session.add(
            AssignmentPhoto(
                organization_id=api.organizations["admin"],
                assignment_id=number,
                file_id=file_id,
                taken_at=datetime.now(UTC),
            )
        )


async def test_a_photo_is_written_anew_and_moves_the_assignment(api: Api) -> None:
    number = await api.assignment(status=AssignmentStatus.IN_PROGRESS)
    status, body = await send(api, number, jpeg(size=(4000, 3000)))

    assert status == 201, body
    command = api.gateway.calls[0].given[1]
    assert (command.move, command.file_ids) == (AssignmentMove.PHOTO, [body["file_id"]])
    fetched = await api.http.get(str(body["url"]), headers=api.as_("technician"))
    assert fetched.headers["content-type"] == "image/jpeg"
    assert max(Image.open(io.BytesIO(fetched.content)).size) == 2560


async def test_the_identical_photo_is_refused_elsewhere_but_a_repeat_gets_the_same_answer(api: Api) -> None:
    first, second = [await api.assignment(status=AssignmentStatus.IN_PROGRESS) for _ in range(2)]
    _, taken = await send(api, first, jpeg("red"), "k1")
    await shown(api, first, taken["file_id"])

    assert await send(api, first, jpeg("red"), "k1") == (201, taken)
    assert (await send(api, second, jpeg("red")))[1]["code"] == "photo_already_used"
    assert (await send(api, first, jpeg("red")))[1]["code"] == "photo_already_used"
    assert (await send(api, second, jpeg("blue")))[0] == 201


async def test_a_file_is_seen_by_its_sender_and_the_admins_only(api: Api) -> None:
    number = await api.assignment(status=AssignmentStatus.IN_PROGRESS)
    _, body = await send(api, number, jpeg())

    async def status_for(person: str) -> int:
        return (await api.http.get(str(body["url"]), headers=api.as_(person))).status_code

    seen = {
        person: await status_for(person)
        for person in ("technician", "admin", "super_admin", "operator", "john")
    }
    assert seen == {"technician": 200, "admin": 200, "super_admin": 200, "operator": 404, "john": 404}


async def test_a_frame_of_a_box_is_stored_once(api: Api) -> None:
    first = await api.box.upload(jpeg("green"))
    again = await api.box.upload(jpeg("green"))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["width"], first.json()["height"]) == (64, 48)
    fetched = await api.http.get(f"/api/v1/files/{first.json()['file_id']}", headers=api.as_("admin"))
    assert fetched.content == jpeg("green")
