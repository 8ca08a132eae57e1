"""What stands on a machine's label: one address for everybody, and a code that a person can read out."""

from dataclasses import dataclass
from uuid import UUID

_CHAT = "m_"
"""Begins a deep link's payload that names a machine."""
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that looks like something else."""
_READ_AS = str.maketrans("OIL", "011", "- ")
_CODE_LENGTH = 8
_CODE_BITS = 5 * _CODE_LENGTH
_UUID_BITS = 128


@dataclass(frozen=True, slots=True)
class CodeAddresses:
    """Where a machine's code leads: ``public_url`` of the web side, ``bot_username`` of the bot; or empty."""

    public_url: str = ""
    bot_username: str = ""

    def chat(self, machine: UUID) -> str:
        """Return the link that opens the machine in the bot, or empty."""
        return f"https://t.me/{self.bot_username}?start={_CHAT}{machine.hex}" if self.bot_username else ""

    def printed(self, machine: UUID) -> str:
        """Return the one address of the QR: the public page, else the bot, or empty."""
        if self.public_url:
            return f"{self.public_url.rstrip('/')}/m/{machine}"
        return self.chat(machine)

    def typed(self, machine: UUID) -> str:
        """Return what a person without a camera can type: the page by its short code, else the bot's name."""
        if self.public_url:
            return f"{self.public_url.rstrip('/').split('://', 1)[-1]}/m/{short_code(machine)}"
        return f"t.me/{self.bot_username}" if self.bot_username else ""


def machine_in_link(payload: str) -> UUID | None:
    """Return the machine that a deep link's payload names, or None when it is another kind of link."""
    if not payload.startswith(_CHAT):
        return None
    return _uuid(payload.removeprefix(_CHAT))


def short_code(machine: UUID) -> str:
    """Return eight characters to read out or to type, like ``K7QM-2XRT``: the first 40 bits of the uuid."""
    bits = machine.int >> (_UUID_BITS - _CODE_BITS)
    code = "".join(_DIGITS[bits >> shift & 31] for shift in range(_CODE_BITS - 5, -1, -5))
    return f"{code[:4]}-{code[4:]}"


def uuids_of(code: str) -> tuple[UUID, UUID] | None:
    """Return the first and the last uuid that a uuid or a short code may mean; None: it is neither."""
    whole = _uuid(code)
    if whole is not None:
        return whole, whole
    typed = code.upper().translate(_READ_AS)
    if len(typed) != _CODE_LENGTH or any(digit not in _DIGITS for digit in typed):
        return None
    first = sum(_DIGITS.index(digit) << 5 * place for place, digit in enumerate(reversed(typed)))
    free = _UUID_BITS - _CODE_BITS
    return UUID(int=first << free), UUID(int=(first + 1 << free) - 1)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
