"""The commands: one table from which the menus (``setMyCommands``) and ``/help`` are made (DESIGN 6).

Descriptions are words: ``[commands]`` of the words files, by the command's name.
"""

from dataclasses import dataclass

from domain.people import Person
from domain.roles import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its Indonesian alias and who meets it: all, linked people, or holders of a right."""

    name: str
    alias: str
    linked: bool = True
    permission: Permission | None = None
    customers: bool = False
    """For whoever works at a pharmacy."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return both spellings, or the one that both languages share; each works in either language."""
        return tuple(dict.fromkeys((self.name, self.alias)))

    def spelled(self, language: str) -> str:
        """Return the spelling that a language's menu shows."""
        return self.alias if language == "id" else self.name


START = Command("start", "mulai", linked=False)
TASKS = Command("tasks", "tugas", permission=Permission.DO_ASSIGNMENTS)
PIN = Command("pin", "kodepin", permission=Permission.MAINTENANCE_PIN)
ONBOARD = Command("onboard", "daftarmesin", permission=Permission.REGISTER_MACHINE)
ASSIGN = Command("assign", "tugaskan", permission=Permission.MANAGE_ASSIGNMENTS)
FLEET = Command("fleet", "mesin", permission=Permission.REGISTER_MACHINE)
MACHINES = Command("machines", "mesinsaya", permission=Permission.DO_ASSIGNMENTS)
GRANT = Command("grant", "beriakses", permission=Permission.GRANT_ACCESS)
REVOKE = Command("revoke", "cabutakses", permission=Permission.GRANT_ACCESS)
QR = Command("qr", "kodeqr", permission=Permission.REGISTER_MACHINE)
PLAN = Command("plan", "rencana", permission=Permission.MANAGE_ASSIGNMENTS)
CALENDAR = Command("calendar", "kalender", permission=Permission.MANAGE_ASSIGNMENTS)
WHY = Command("why", "kenapa", permission=Permission.MANAGE_ASSIGNMENTS)
DUTY = Command("duty", "bertugas", permission=Permission.BE_ON_DUTY)
SHIFTS = Command("shifts", "jamkerja", permission=Permission.BE_ON_DUTY)
PEOPLE = Command("people", "orang", permission=Permission.MANAGE_PEOPLE)
INVITE = Command("invite", "undang", permission=Permission.MANAGE_PEOPLE)
SUSPEND = Command("suspend", "hentikan", permission=Permission.MANAGE_PEOPLE)
RESTORE = Command("restore", "pulihkan", permission=Permission.MANAGE_PEOPLE)
FIND = Command("find", "cari", permission=Permission.FIND)
SETTINGS = Command("settings", "pengaturan", permission=Permission.MANAGE_SETTINGS)
PHARMACY = Command("pharmacy", "apotek", permission=Permission.MANAGE_HELPDESK)
HELPDESK = Command("helpdesk", "mejabantuan", permission=Permission.MANAGE_HELPDESK)
STATS = Command("stats", "statistik", permission=Permission.REVIEW_TICKETS)
STATUS = Command("status", "status", permission=Permission.SEE_FIGURES)
EXPORT = Command("export", "ekspor", permission=Permission.SEE_FIGURES)
HANDOVER = Command("handover", "serahkan", permission=Permission.MANAGE_PEOPLE)
QUIET = Command("quiet", "jamtenang", permission=Permission.BE_ON_DUTY)
QUEUE = Command("queue", "antrean", permission=Permission.WORK_ON_TICKETS)
MINE = Command("mine", "tiketsaya", permission=Permission.WORK_ON_TICKETS)
TICKET = Command("ticket", "bukatiket", permission=Permission.WORK_ON_TICKETS)
AWAY = Command("away", "cuti", permission=Permission.WORK_ON_TICKETS)
LINKGROUP = Command("linkgroup", "hubungkangrup", permission=Permission.MANAGE_HELPDESK)
NEW = Command("new", "baru", customers=True)
TICKETS = Command("tickets", "tiket", customers=True)
JOIN = Command("join", "gabung", linked=False)
LEAVE = Command("leave", "keluar", customers=True)
ME = Command("me", "saya")
LANGUAGE = Command("language", "bahasa")
CANCEL = Command("cancel", "batal")
HELP = Command("help", "bantuan", linked=False)

COMMANDS = (
    NEW,
    TICKETS,
    TASKS,
    PIN,
    MACHINES,
    DUTY,
    ONBOARD,
    ASSIGN,
    PLAN,
    CALENDAR,
    FLEET,
    QR,
    FIND,
    WHY,
    STATS,
    STATUS,
    PHARMACY,
    HELPDESK,
    PEOPLE,
    INVITE,
    SUSPEND,
    RESTORE,
    GRANT,
    REVOKE,
    SETTINGS,
    EXPORT,
    HANDOVER,
    SHIFTS,
    QUIET,
    QUEUE,
    MINE,
    TICKET,
    AWAY,
    LINKGROUP,
    ME,
    LANGUAGE,
    CANCEL,
    LEAVE,
    JOIN,
    HELP,
    START,
)
"""All, in the order of menus and ``/help``: the day's work first."""


def holds(person: Person, permission: Permission) -> bool:
    """Return whether a person has the right in any organization."""
    if person.is_super_admin:
        return may(Role.SUPER_ADMIN, permission)
    return bool(person.organizations_with(permission))


def commands_for(person: Person | None) -> tuple[Command, ...]:
    """Return the commands a person is shown; None is a stranger, who needs to start first."""
    return tuple(command for command in COMMANDS if _meets(command, person))


def _meets(command: Command, person: Person | None) -> bool:
    if person is None:
        return not command.linked
    if command is START or (command is JOIN and person.memberships):
        return False
    if command.customers:
        return bool(person.pharmacies)
    return command.permission is None or holds(person, command.permission)
