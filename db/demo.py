"""The demo's data: the eight accounts of seed 002 in two organizations and five machines in Jakarta.

Only the demo and the tests load it; reference data is in ``db.seed``.
"""

from dataclasses import dataclass
from uuid import UUID

from domain.defaults import NEVER_HOUR
from domain.ids import uuid_from_source
from domain.machines import MachineStatus
from domain.roles import Role

ORGANIZATION = "Siaga Daur Ulang Jakarta"
PARTNER = "Mitra Lestari"
SETTINGS = {
    "beat_s": 3.0,
    "missed_after_s": 8.0,
    "undo_s": 10.0,
    "ticket_hold_s": 3.0,
    "quiet_from_hour": 0.0,
    "quiet_to_hour": 0.0,
    "digest_hour": NEVER_HOUR,
}
"""The demo's boxes beat fast, so that a newcomer sees one go offline without waiting 75 s; a completion can
be undone, and an answer taken back, for long enough to try it; and the newcomer plays at any hour: nothing
waits for the morning, and no digest comes in between."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One account of seed 002; ``telegram_id`` is the simulator's."""

    key: str
    name: str
    email: str
    role: Role
    organization: str
    telegram_id: int
    language: str = "id"
    points: int = 0


PEOPLE = (
    DemoPerson(
        "super_admin", "Super Admin", "super_admin@myrvm.com", Role.SUPER_ADMIN, ORGANIZATION, 9001, "en"
    ),
    DemoPerson("admin", "Admin", "admin@myrvm.com", Role.ADMIN, ORGANIZATION, 9002),
    DemoPerson("operator", "Operator", "operator@myrvm.com", Role.OPERATOR, ORGANIZATION, 9003),
    DemoPerson("technician", "Technician", "teknisi@myrvm.com", Role.TECHNICIAN, ORGANIZATION, 9004),
    DemoPerson("tenant", "Tenant", "tenan@myrvm.com", Role.TENANT, PARTNER, 9005),
    DemoPerson("john", "John Doe", "john@example.com", Role.USER, PARTNER, 9006, "en", 120),
    DemoPerson("jane", "Jane Smith", "jane@example.com", Role.USER, PARTNER, 9007, "en", 85),
    DemoPerson("bob", "Bob Johnson", "bob@example.com", Role.USER, PARTNER, 9008, "en", 40),
)


@dataclass(frozen=True, slots=True)
class DemoMachine:
    """A machine that is in service before the story begins; degrees WGS 84, capacity in items."""

    name: str
    address: str
    latitude: float
    longitude: float
    serial_number: str
    capacity: int
    status: MachineStatus

    @property
    def uuid(self) -> UUID:
        """The public id, the same in every demo."""
        return uuid_from_source(f"demo-{self.serial_number}")


MACHINES = (
    DemoMachine(
        "RVM Mall Grand Indonesia",
        "Jl. M.H. Thamrin No. 1, Menteng, Jakarta Pusat",
        -6.1951,
        106.8208,
        "RVM-JKT-001",
        500,
        MachineStatus.ACTIVE,
    ),
    DemoMachine(
        "RVM Stasiun Gambir",
        "Jl. Medan Merdeka Timur No. 1, Gambir, Jakarta Pusat",
        -6.1767,
        106.8306,
        "RVM-JKT-002",
        400,
        MachineStatus.ACTIVE,
    ),
    DemoMachine(
        "RVM Blok M Plaza",
        "Jl. Bulungan No. 76, Kebayoran Baru, Jakarta Selatan",
        -6.2440,
        106.7983,
        "RVM-JKT-003",
        400,
        MachineStatus.FULL,
    ),
    DemoMachine(
        "RVM Kelapa Gading",
        "Jl. Boulevard Raya, Kelapa Gading, Jakarta Utara",
        -6.1577,
        106.9081,
        "RVM-JKT-004",
        600,
        MachineStatus.MAINTENANCE,
    ),
    DemoMachine(
        "RVM Taman Anggrek",
        "Jl. Letjen S. Parman Kav. 21, Grogol, Jakarta Barat",
        -6.1785,
        106.7922,
        "RVM-JKT-005",
        500,
        MachineStatus.INACTIVE,
    ),
)
