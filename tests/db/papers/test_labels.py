"""A machine's label: what stands on it, and a code that leads where it says."""

import io
from uuid import UUID

import cv2
import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from db.papers import labels
from db.papers.labels import Label
from domain.machine_codes import CodeAddresses, machine_in_link, short_code, uuids_of

MACHINE = UUID("c2f50621-2517-551b-9f46-493330a9a2c0")
PAGE = CodeAddresses("https://siaga.example.org/", "siaga_bot")
CHAT = CodeAddresses(bot_username="siaga_bot")


def a_label(addresses: CodeAddresses, name: str = "RVM Blok M") -> Label:
    return Label(MACHINE, name, "RVM-1", addresses.printed(MACHINE), addresses.typed(MACHINE))


@pytest.mark.parametrize("addresses", [PAGE, CHAT], ids=["page", "chat"])
def test_the_printed_code_can_be_scanned(addresses: CodeAddresses) -> None:
    image = np.array(Image.open(io.BytesIO(labels.png(a_label(addresses)))).convert("L"))

    said, _, _ = cv2.QRCodeDetector().detectAndDecode(image)

    assert said == addresses.printed(MACHINE)


def test_a_label_names_the_machine_and_what_can_be_typed() -> None:
    pdf = PdfReader(io.BytesIO(labels.a6(a_label(PAGE, "RVM <b>& 🔧 " + "panjang " * 40))))
    (page,) = pdf.pages
    words = page.extract_text()

    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [105, 148]
    for expected in ("RVM <b>& panjang", "No. seri RVM-1", "RBTG-C895", "siaga.example.org/m/RBTG-C895"):
        assert expected in words


@pytest.mark.parametrize(("machines", "pages"), [(1, 1), (4, 1), (5, 2)])
def test_four_labels_fill_a_sheet(machines: int, pages: int) -> None:
    pdf = PdfReader(io.BytesIO(labels.a4([a_label(CHAT)] * machines)))

    assert len(pdf.pages) == pages
    assert pdf.pages[0].extract_text().count("RBTG-C895") == 4


def test_addresses_lead_back_to_their_machine() -> None:
    assert PAGE.printed(MACHINE) == f"https://siaga.example.org/m/{MACHINE}"
    assert CHAT.printed(MACHINE) == f"https://t.me/siaga_bot?start=m_{MACHINE.hex}"
    assert CodeAddresses().printed(MACHINE) == ""
    assert machine_in_link(f"m_{MACHINE.hex}") == MACHINE
    for other in ("m_", "m_nothing", "an-invite-code"):
        assert machine_in_link(other) is None
    first, last = uuids_of(short_code(MACHINE).lower()) or (MACHINE, UUID(int=0))
    assert first <= MACHINE <= last
    assert uuids_of(str(MACHINE)) == (MACHINE, MACHINE)
    for other in ("", "RBTG", "RBTG-C89U", "RBTG-C8955"):
        assert uuids_of(other) is None
