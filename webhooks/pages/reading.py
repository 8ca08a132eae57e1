"""What a person put into the form of a machine's page."""

import re
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from db.chat.updates import storable
from domain.errors import InvalidInput
from domain.problems import CONTACT_LENGTH, DESCRIPTION_LENGTH, ProblemKind

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
_TRAP = "website"
"""A field that no person sees and that robots fill."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came: kept so that nobody has to write it again."""

    kind: str
    description: str
    contact: str
    token: str
    trapped: bool
    photo: bytes | None = None

    def chosen(self) -> ProblemKind:
        """Return the chosen problem.

        Raises:
            InvalidInput: nothing is chosen, something else says nothing, or a text is too long.
        """
        if self.kind not in tuple(ProblemKind):
            raise InvalidInput(field="kind", problem="required")
        if self.kind == ProblemKind.OTHER and not self.description:
            raise InvalidInput(field="description", problem="required")
        if len(self.description) > DESCRIPTION_LENGTH:
            raise InvalidInput(field="description", problem="too_long", length=len(self.description))
        if len(self.contact) > CONTACT_LENGTH:
            raise InvalidInput(field="contact", problem="too_long", length=len(self.contact))
        return ProblemKind(self.kind)


async def read_form(request: Request) -> Filled:
    """Return the form of a request; raises ``HTTPException`` when it cannot be read or is too large."""
    async with request.form(max_files=1, max_fields=10) as form:
        token = _text(form, "token")
        photo = form.get("photo")
        content = await photo.read() if isinstance(photo, UploadFile) else b""
        return Filled(
            kind=_text(form, "kind"),
            description=_text(form, "description"),
            contact=_text(form, "contact"),
            token=token if _TOKEN.fullmatch(token) else "",
            trapped=bool(_text(form, _TRAP)),
            photo=content or None,
        )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    # A browser sends each line's end as two characters, which the limit does not count.
    return str(storable(value)).replace("\r\n", "\n").strip() if isinstance(value, str) else ""
