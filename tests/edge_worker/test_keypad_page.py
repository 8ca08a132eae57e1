"""The keypad's page, typed on with a real browser at the size of a phone."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from domain.pins import PinId, pin_of, window_of
from edge_worker.keypad.lock import Lock
from edge_worker.keypad.serving import keypad_page
from edge_worker.settings import EdgeSettings
from edge_worker.spool import Spool
from tests.e2e.test_browser import chromium, phone  # noqa: F401 - a fixture
from tests.edge_worker.server import HOST
from tests.edge_worker.test_keypad import KEY, box  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


@pytest.fixture
def address(box: EdgeSettings, spool: Spool) -> Iterator[str]:  # noqa: F811 - the fixture
    """The page of a bound box that knows Budi."""
    assert box.keypad is not None
    with keypad_page(box, Lock(box, spool)):
        yield f"http://{HOST}:{box.keypad.port}/"


async def test_a_pin_typed_by_touch_opens_and_a_wrong_one_counts_down(chromium: str, address: str) -> None:  # noqa: F811 - the fixture
    right = pin_of(KEY, PinId(7, window_of(datetime.now(UTC))))
    async with phone(chromium, address) as page:
        for digit in right[:4]:
            await page.get_by_role("button", name=digit, exact=True).tap()
        await expect(page.get_by_role("button", name="Buka")).to_be_disabled()
        await page.get_by_role("button", name="Hapus satu angka").tap()
        for digit in right[3:]:
            await page.get_by_role("button", name=digit, exact=True).tap()
        await page.get_by_role("button", name="Buka").tap()

        await expect(page.locator("#opened")).to_contain_text("Terbuka")
        await expect(page.locator("#opened")).to_contain_text("Budi")

        await page.locator("#opened").tap()
        await page.get_by_role("button", name="English").tap()
        await page.keyboard.type("07000000")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Try again in 0:")
        await expect(page.get_by_role("button", name="1", exact=True)).to_be_disabled()
        await page.reload()
        await expect(page.get_by_role("status")).to_contain_text("Tunggu 0:")
