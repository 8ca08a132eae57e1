"""Canned answers: what stands in brackets is filled from the ticket, in either language."""

import re
from collections.abc import Mapping

_MEANS = {
    "pelanggan": "customer",
    "customer": "customer",
    "nomor": "number",
    "number": "number",
    "apotek": "pharmacy",
    "pharmacy": "pharmacy",
    "saya": "me",
    "me": "me",
}
_PLACEHOLDER = re.compile(rf"\[({'|'.join(_MEANS)})\]", re.IGNORECASE)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with ``[customer]``, ``[number]``, ``[pharmacy]`` and ``[me]`` replaced.

    Other words in brackets are left as they are written.
    """
    return _PLACEHOLDER.sub(lambda found: values[_MEANS[found[1].lower()]], text)
