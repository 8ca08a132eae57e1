"""A technician's task played by hand on the chat page, at the size of a phone, with a real browser."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from db.demo import PEOPLE
from edge_worker.stills import render_stills
from tests.e2e.conftest import PATIENCE_S, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

TECHNICIAN = next(person.telegram_id for person in PEOPLE if person.key == "technician")
PICTURES = Path(__file__).parents[2] / "test-results"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
async def chromium() -> str:
    """The browser that ``.ci/browser`` fetches: the system's, else Playwright's own."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    async with async_playwright() as playwright:
        own = playwright.chromium.executable_path
    if not Path(own).exists():
        pytest.skip("there is no Chromium; .ci/browser fetches one")
    return own


@asynccontextmanager
async def phone(chromium: str, address: str) -> AsyncIterator[Page]:
    """The chat page on a phone; a picture of it is kept when the test fails. No script of it may fail."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        size = {"width": 390, "height": 844}
        page = await browser.new_page(viewport=size, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            await page.goto(address)
            yield page
        except BaseException as error:
            picture = PICTURES / "phone.png"
            await page.screenshot(path=picture)
            error.add_note(f"What the phone showed: {picture}")
            raise
        finally:
            await browser.close()
    assert errors == []


def button(card: Locator, label: str) -> Locator:
    """An inline button under a message."""
    return card.get_by_test_id("inline-button").filter(has_text=label)


async def attach_photo(page: Page, chat: Locator, picture: Path, caption: str) -> None:
    """Send a photo as a thumb would: clip, Photo, the file, a caption, Send."""
    await chat.get_by_test_id("attach").tap()
    async with page.expect_file_chooser() as chosen:
        await page.get_by_role("menuitem", name="Photo").tap()
    await (await chosen.value).set_files(picture)
    await chat.get_by_test_id("caption").fill(caption)
    await chat.get_by_role("dialog").get_by_role("button", name="Send", exact=True).tap()


async def test_a_technician_finishes_a_task_by_hand(site: Site, chromium: str, tmp_path: Path) -> None:
    expect.set_options(timeout=PATIENCE_S * 1000)
    await site.field.a_task(description="Bersihkan sensor")
    picture = render_stills(tmp_path, seed=7)[0]

    async with phone(chromium, site.simulator) as page:
        await page.get_by_test_id("switcher").tap()
        waiting = page.get_by_test_id(f"switch-{TECHNICIAN}")
        await expect(waiting.locator(".badge")).to_have_text(re.compile(r"^[1-9]"))
        await waiting.tap()
        chat = page.get_by_test_id(f"persona-{TECHNICIAN}")
        card = chat.get_by_test_id(re.compile("^message-")).filter(has_text="Bersihkan sensor")
        await expect(card).to_contain_text("Bisa Anda kerjakan?")

        await button(card, "Terima").tap()
        await expect(page.get_by_test_id("toast").filter(has_text="Diterima")).to_be_visible()
        await expect(card).to_contain_text("saat Anda sudah di lokasi")
        await button(card, "Mulai kerja").tap()
        asked = chat.get_by_test_id(re.compile("^message-")).filter(has_text="Anda sudah di lokasi?")
        await button(asked, "Tanpa bukti lokasi").tap()
        await expect(chat).to_contain_text("Mengapa tanpa bukti lokasi?")
        await chat.get_by_test_id("composer").fill("GPS mati di basemen")
        await chat.get_by_test_id("send").tap()
        await expect(card).to_contain_text("Kirim foto pekerjaan")

        await button(card, "Selesaikan").tap()
        alert = page.get_by_test_id("alert")
        await expect(alert).to_contain_text("Belum ada foto")
        await alert.get_by_role("button", name="OK").tap()
        await attach_photo(page, chat, picture, "Sensor bersih")
        sent = chat.get_by_test_id(re.compile("^message-")).filter(
            has=page.get_by_role("img", name="Sensor bersih")
        )
        await expect(sent).to_contain_text("👌")
        await expect(card).to_contain_text("1 foto")

        await chat.get_by_test_id("composer").fill("Selesai. Lensa dilap, sudah menyala")
        await chat.get_by_test_id("send").tap()

        await expect(card).to_contain_text("Selesai")
        await expect(card).to_contain_text("Lensa dilap, sudah menyala")
        await expect(button(card, "Selesaikan")).to_have_count(0)
        await expect(chat).to_contain_text("Terima kasih!")
