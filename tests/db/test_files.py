"""Pictures, bytes, secrets and reserved numbers."""

import asyncio
import io
import struct
import zlib
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import InvalidToken
from PIL import Image

from db import images, numbers
from db.secrets import Cipher, normal_code
from db.session import SYSTEM, Database
from db.store import LocalStore
from domain.defaults import PHOTO_LONG_EDGE_PX
from domain.errors import FileTooBig, ImageTooLarge, NotAPhoto


def a_picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def a_claim(width: int, height: int) -> bytes:
    """A small PNG that claims a size: who decodes it first finds too little, who looks first the claim."""
    content = a_picture(kind="PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


def test_a_picture_is_written_anew_without_what_it_carried() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    again = images.reencode(a_picture(exif=exif))
    assert b"secret" not in again.content
    assert (again.media_type, again.width, again.height) == ("image/jpeg", 40, 30)


def test_a_picture_that_lies_on_its_side_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (images.reencode(a_picture(exif=exif)).width, images.reencode(a_picture(exif=exif)).height) == (
        30,
        40,
    )


def test_a_large_picture_is_made_smaller() -> None:
    again = images.reencode(a_picture((4000, 2000)))
    assert (again.width, again.height) == (PHOTO_LONG_EDGE_PX, PHOTO_LONG_EDGE_PX // 2)


def test_a_verified_picture_keeps_its_bytes() -> None:
    content = a_picture(kind="PNG")
    assert images.verify(content).content == content


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NotAPhoto),
        (b"%PDF-1.7 not a picture", NotAPhoto),
        (a_picture()[:200], NotAPhoto),
        (a_picture(kind="GIF"), NotAPhoto),
        (a_claim(9000, 9000), ImageTooLarge),
        (a_claim(20_000, 20_000), ImageTooLarge),
        (b"x" * (21 * 1024 * 1024), FileTooBig),
    ],
    ids=["empty", "pdf", "cut off", "gif", "81 megapixels", "bomb", "21 MB"],
)
def test_what_is_no_photo_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        images.verify(content)


def test_bytes_are_found_by_their_hash_and_stored_once(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    sha256 = store.put(b"hello")
    assert store.put(b"hello") == sha256
    assert store.get(sha256) == b"hello"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256]


def test_secrets_open_with_their_own_key_only() -> None:
    sealed = Cipher("one").encrypt("api key")
    assert Cipher("one").decrypt(sealed) == "api key"
    with pytest.raises(InvalidToken):
        Cipher("two").decrypt(sealed)


def test_a_setup_code_belongs_to_its_hand_off_and_key() -> None:
    first, second = UUID(int=1), UUID(int=2)
    code = Cipher("one").setup_code(first)
    assert code == Cipher("one").setup_code(first)
    assert len({code, Cipher("one").setup_code(second), Cipher("two").setup_code(first)}) == 3
    assert normal_code(f" {code.lower()} ") == code.replace("-", "")


async def test_a_source_gets_one_number_however_often_and_at_once(database: Database) -> None:
    async def reserve(source: str) -> int:
        async with database.transaction(SYSTEM) as session:
            return await numbers.reserve(session, "assignment", source)

    given = await asyncio.gather(*(reserve(f"tg-{number % 3}") for number in range(9)))
    assert len(set(given)) == 3
    assert await reserve("tg-0") == given[0]
