"""How payloads become JSON and back: Temporal's own converter over Pydantic (docs/decisions/0050)."""

from functools import cache

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter

# Each run asks for a converter of its own. One for all makes a type's schema once, which takes 4 to 40 ms.
CONVERTER = DataConverter(payload_converter_class=cache(PydanticPayloadConverter))  # type: ignore[arg-type]
"""For every client and worker of the office, and what replays their histories."""
