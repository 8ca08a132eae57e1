"""The modules and kinds of trouble that hold for every helpdesk (seed 003), and the words for them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import TicketCategory, TicketModule


@dataclass(frozen=True, slots=True)
class Reference:
    """One seeded choice."""

    name: str
    name_en: str
    keywords: tuple[str, ...]


MODULES = (
    Reference(
        "Penjualan",
        "Sales",
        (
            "kasir",
            "penjualan",
            "transaksi",
            "struk",
            "nota",
            "bayar",
            "pembayaran",
            "kembalian",
            "printer",
            "cetak",
            "barcode",
            "scanner",
            "diskon",
            "qris",
            "edc",
            "till",
            "sale",
            "receipt",
            "payment",
        ),
    ),
    Reference(
        "Stok",
        "Stock",
        (
            "stok",
            "stock",
            "opname",
            "gudang",
            "kadaluarsa",
            "expired",
            "batch",
            "mutasi",
            "minus",
            "persediaan",
            "inventory",
        ),
    ),
    Reference(
        "Resep",
        "Prescriptions",
        ("resep", "racikan", "dokter", "etiket", "aturan pakai", "prescription", "compound"),
    ),
    Reference(
        "Pembelian",
        "Purchasing",
        ("pembelian", "faktur", "supplier", "pbf", "pesanan", "retur", "purchase", "invoice"),
    ),
    Reference(
        "Laporan",
        "Reports",
        ("laporan", "omzet", "rekap", "laba", "excel", "ekspor", "tutup kasir", "report", "export"),
    ),
    Reference(
        "Pengguna dan akses",
        "Users and access",
        ("login", "masuk", "password", "sandi", "akun", "akses", "pengguna", "user", "logout"),
    ),
    Reference("Lainnya", "Other", ()),
)
CATEGORIES = (
    Reference(
        "Bug Sistem",
        "System bug",
        (
            "error",
            "galat",
            "macet",
            "hang",
            "crash",
            "tidak bisa",
            "gagal",
            "blank",
            "lemot",
            "lambat",
            "keluar sendiri",
            "bug",
            "cannot",
            "fails",
            "frozen",
            "slow",
        ),
    ),
    Reference(
        "Improvement Fitur",
        "Feature request",
        ("usul", "saran", "tambahkan", "fitur", "mohon dibuatkan", "bisakah ada", "feature", "improvement"),
    ),
    Reference(
        "Error Data",
        "Data error",
        (
            "selisih",
            "salah",
            "tidak sesuai",
            "dobel",
            "ganda",
            "hilang",
            "tertukar",
            "beda",
            "minus",
            "wrong",
            "missing",
            "duplicate",
            "mismatch",
        ),
    ),
    Reference(
        "Operasional Apotek",
        "Pharmacy operations",
        ("cara", "bagaimana", "panduan", "pelatihan", "tanya", "setting", "pengaturan", "how to", "training"),
    ),
    Reference("Lainnya", "Other", ()),
)


async def seed_helpdesk(session: AsyncSession) -> None:
    """Write what is missing; what an admin changed is left alone."""
    for kind, references in ((TicketModule, MODULES), (TicketCategory, CATEGORIES)):
        if await session.scalar(select(func.count()).where(kind.organization_id.is_(None))):
            continue
        for position, one in enumerate(references):
            await session.execute(
                insert(kind).values(
                    name=one.name, name_en=one.name_en, keywords=list(one.keywords), position=position
                )
            )
