"""What a description suggests."""

import pytest

from db.helpdesk_reference import CATEGORIES, MODULES, Reference
from domain.guessing import guess


def name(text: str, references: tuple[Reference, ...]) -> str | None:
    number = guess(text, [(index, one.keywords) for index, one in enumerate(references)])
    return None if number is None else references[number].name


@pytest.mark.parametrize(
    ("text", "module", "category"),
    [
        ("Printer struk di kasir tidak bisa cetak", "Penjualan", "Bug Sistem"),
        ("stoknya selisih setelah opname", "Stok", "Error Data"),
        ("Bagaimana cara cetak etiket resep racikan?", "Resep", "Operasional Apotek"),
        ("Usul: tambahkan fitur ekspor laporan omzet", "Laporan", "Improvement Fitur"),
        ("LOGIN gagal, password benar 😡", "Pengguna dan akses", "Bug Sistem"),
        ("The receipt printer cannot print", "Penjualan", "Bug Sistem"),
        ("Selamat pagi", None, None),
        ("", None, None),
        ("kasirkasir", None, None),
    ],
)
def test_words_suggest_a_module_and_a_category(text: str, module: str | None, category: str | None) -> None:
    assert (name(text, MODULES), name(text, CATEGORIES)) == (module, category)


def test_two_that_tie_suggest_nothing() -> None:
    assert guess("stok resep", [(1, ["stok"]), (2, ["resep"])]) is None
