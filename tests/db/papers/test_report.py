"""The report of a completed task, read back from its PDF."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from db.papers.report import render_report
from tests.db.papers.samples import ADDRESS, a_report, photos, picture


def read(content: bytes) -> tuple[str, int]:
    """Return the words of a PDF in one line, and how many pictures it shows."""
    pages = PdfReader(io.BytesIO(content)).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    return words, sum(len(page.images) for page in pages)


def test_it_says_who_did_what_where_when_and_what_failed() -> None:
    words, _ = read(render_report(a_report(), {}, ADDRESS))

    for expected in (
        "Perbaikan",
        "RVM Mall Grand Indonesia",
        "Jl. M.H. Thamrin No. 1",
        "-6.195000, 106.820000",
        "Budi Santoso",
        "Ditugaskan oleh Rina",
        "Sel 24 Nov 2026",
        "10.12 WITA",
        "11.37 WITA",
        "85 menit pengerjaan (perkiraan 120)",
        "Lokasi langsung · terbukti · 42 m dari mesin · ketelitian ± 18 m",
        "2 dari 4 langkah gagal",
        "Pintu terkunci Gagal · kunci masih seret",
        "187,5 V · Gagal · ≥ 198 · ≤ 242",
        "Kabel rapi tidak dijawab",
        "Engsel diganti",
        "Laporan 12-7 · Halaman 1 dari 1",
        "RBTG-C895",
    ):
        assert expected in words


def test_it_speaks_english_and_leads_to_the_map() -> None:
    content = render_report(a_report(language="en", arrival=None), {}, "")
    words, _ = read(content)

    assert "Completion report".upper() in words
    assert "2 of 4 steps failed" in words
    assert "10:12 WITA" in words
    assert "Not recorded" in words
    notes: list[Any] = list(PdfReader(io.BytesIO(content)).pages[0].annotations or [])
    links = [str(note.get_object()["/A"]["/URI"]) for note in notes]
    assert any("maps" in link and "-6.195000,106.820000" in link for link in links)


@pytest.mark.parametrize("count", [0, 1, 10])
def test_photos_are_shown_with_time_caption_and_resemblance(count: int) -> None:
    shown = photos(count)
    gone = shown[-1].sha256 if count == 10 else ""
    pictures = {one.sha256: picture(number) for number, one in enumerate(shown) if one.sha256 != gone}

    words, images = read(render_report(a_report(photos=shown), pictures, ADDRESS))

    assert f"Foto pekerjaan ({count})" in words
    assert ("Tidak ada foto." in words) == (count == 0)
    assert ("Mirip foto tugas #9" in words) == (count > 1)
    assert ("Foto tidak tersedia" in words) == bool(gone)
    assert images == len(pictures)
    assert all(one.caption in words for one in shown)


def test_what_people_type_does_not_break_it() -> None:
    nasty = "<b>Halo</b> & 👷🏽‍♂️ 日本 \u200bÜñï\x07 {x} % " + "x" * 3000 + " panjang" * 500
    report = a_report(notes=nasty, machine_name=nasty, description=nasty, done_by=nasty, serial_number=nasty)

    words, _ = read(render_report(report, {}, ADDRESS))

    assert "<b>Halo</b> & ▯▯ Üñï {x} %" in words


def test_the_same_rows_are_the_same_file() -> None:
    report, pictures = a_report(photos=photos(2)), {"photo-0": picture(0), "photo-1": picture(1)}

    assert render_report(report, pictures, ADDRESS) == render_report(report, pictures, ADDRESS)
