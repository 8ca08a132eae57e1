"""The checklists that hold where an organization has none of its own, in both languages."""

from domain.assignments import TaskType
from domain.checklists import ChecklistItem, ItemKind

_POWER = ChecklistItem(
    "power", "Kabel daya dan pembumian aman", "Power cable and earth are safe", critical=True
)
_DOOR = ChecklistItem(
    "door", "Pintu layanan menutup dan terkunci", "The service door closes and locks", critical=True
)

CHECKLISTS: dict[TaskType, tuple[ChecklistItem, ...]] = {
    TaskType.INSTALLATION: (
        ChecklistItem(
            "level", "Mesin berdiri rata dan terjangkar", "The machine stands level and is anchored"
        ),
        _POWER,
        ChecklistItem(
            "voltage",
            "Tegangan stopkontak",
            "Voltage at the socket",
            ItemKind.NUMBER,
            critical=True,
            minimum=198,
            maximum=242,
            unit="V",
        ),
        ChecklistItem(
            "bottles", "Botol uji diterima, benda lain ditolak", "Test bottles are taken, others refused"
        ),
        _DOOR,
        ChecklistItem(
            "place", "Foto mesin di tempatnya", "Photo of the machine in its place", ItemKind.PHOTO
        ),
    ),
    TaskType.MAINTENANCE: (
        _POWER,
        ChecklistItem("belt", "Sabuk dan rol bersih", "Belt and rollers are clean"),
        ChecklistItem("lens", "Lensa kamera bersih", "The camera's lens is clean"),
        ChecklistItem("bin", "Wadah dikosongkan dan dibilas", "The bin is emptied and rinsed"),
        ChecklistItem(
            "heat",
            "Suhu di dalam boks",
            "Temperature inside the box",
            ItemKind.NUMBER,
            minimum=0,
            maximum=55,
            unit="°C",
        ),
        _DOOR,
        ChecklistItem("inside", "Foto bagian dalam", "Photo of the inside", ItemKind.PHOTO),
    ),
    TaskType.REPAIR: (
        ChecklistItem("cause", "Penyebab kerusakan", "Cause of the fault", ItemKind.TEXT),
        ChecklistItem("gone", "Kerusakan tidak muncul lagi", "The fault does not come back", critical=True),
        ChecklistItem(
            "taken",
            "Botol uji diterima dari 10",
            "Test bottles taken out of 10",
            ItemKind.NUMBER,
            minimum=9,
            maximum=10,
        ),
        _DOOR,
        ChecklistItem("part", "Foto bagian yang diperbaiki", "Photo of the repaired part", ItemKind.PHOTO),
    ),
    TaskType.INSPECTION: (
        ChecklistItem("body", "Badan mesin utuh, tanpa tepi tajam", "The body is whole, without sharp edges"),
        _POWER,
        ChecklistItem("screen", "Layar dan petunjuk terbaca", "Screen and instructions can be read"),
        ChecklistItem(
            "fill", "Isi wadah", "How full the bin is", ItemKind.NUMBER, minimum=0, maximum=90, unit="%"
        ),
        ChecklistItem("front", "Foto bagian depan", "Photo of the front", ItemKind.PHOTO),
    ),
}
