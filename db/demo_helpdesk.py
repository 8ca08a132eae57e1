"""The demo's helpdesk: two pharmacies, the people at their tills, and who helps them (seed 003)."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.demo import DemoPerson
from db.models.core import MembershipRow, User
from db.models.helpdesk import CannedAnswer, Pharmacy
from domain.roles import Role
from domain.signing import secret_hash

HELPDESK = "Pharmadesk"


@dataclass(frozen=True, slots=True)
class DemoPharmacy:
    """A pharmacy; ``code`` is what a colleague types to join it."""

    name: str
    address: str
    phone: str
    code: str
    pic: str
    """Email of the person in charge."""
    customers: tuple[str, ...] = ()
    """Emails of everybody who works there."""


STAFF = (
    DemoPerson("helpdesk_admin", "Maya", "maya@pharmadesk.example", Role.ADMIN, HELPDESK, 9101),
    DemoPerson("expert", "Rina", "rina@pharmadesk.example", Role.TEAM_EXPERT, HELPDESK, 9102),
    DemoPerson("expert_2", "Bayu", "bayu@pharmadesk.example", Role.TEAM_EXPERT, HELPDESK, 9103),
    DemoPerson("tech", "Dimas", "dimas@pharmadesk.example", Role.TECH, HELPDESK, 9104),
)
CUSTOMERS = (
    DemoPerson("customer", "Sari", "sari@apoteksehat.example", Role.CUSTOMER, HELPDESK, 9111),
    DemoPerson("colleague", "Putri", "putri@apoteksehat.example", Role.CUSTOMER, HELPDESK, 9112),
    DemoPerson("customer_2", "Wayan", "wayan@apotekmelati.example", Role.CUSTOMER, HELPDESK, 9113),
)
PHARMACIES = (
    DemoPharmacy(
        "Apotek Sehat Sentosa",
        "Jl. Dipatiukur No. 35, Bandung",
        "022-250-0135",
        "SEHAT-2471",
        "sari@apoteksehat.example",
        ("sari@apoteksehat.example", "putri@apoteksehat.example"),
    ),
    DemoPharmacy(
        "Apotek Melati",
        "Jl. Teuku Umar No. 88, Denpasar",
        "0361-22-8810",
        "MELATI-9053",
        "wayan@apotekmelati.example",
        ("wayan@apotekmelati.example",),
    ),
)
CANNED = (
    (
        "restart",
        "Mohon tutup aplikasi kasir, tunggu 10 detik, lalu buka lagi. Apakah masalahnya masih ada?",
        "Please close the till application, wait 10 seconds and open it again. Is the trouble still there?",
    ),
    (
        "versi",
        "Versi aplikasi Anda bisa dilihat di menu Bantuan → Tentang. Mohon kirimkan nomornya.",
        "You find your application's version under Help → About. Please send us the number.",
    ),
)


async def seed_demo_helpdesk(session: AsyncSession, organization_id: int) -> None:
    """Write pharmacies, their customers and canned answers; what is there is left alone."""
    for one in PHARMACIES:
        if await session.scalar(select(Pharmacy.id).where(Pharmacy.name == one.name)):
            continue
        pic = await session.scalar(select(User.id).where(User.email == one.pic))
        row = Pharmacy(
            organization_id=organization_id,
            name=one.name,
            address=one.address,
            phone=one.phone,
            pic_id=pic,
            app_version="4.2.1",
            code_hash=secret_hash(one.code),
            code_ends=one.code[-2:],
            code_issued_at=func.now(),
        )
        session.add(row)
        await session.flush()
        users = select(User.id).where(User.email.in_(one.customers)).scalar_subquery()
        await session.execute(
            update(MembershipRow).where(MembershipRow.user_id.in_(users)).values(pharmacy_id=row.id)
        )
    for name, indonesian, english in CANNED:
        query = select(CannedAnswer.id).where(
            CannedAnswer.organization_id == organization_id, CannedAnswer.name == name
        )
        if await session.scalar(query) is None:
            session.add(
                CannedAnswer(organization_id=organization_id, name=name, text_id=indonesian, text_en=english)
            )


def accounts() -> tuple[DemoPerson, ...]:
    """Return everybody of the helpdesk's demo."""
    return (*STAFF, *CUSTOMERS)
