"""Updates a workflow remembers, because Temporal forgets rejections and forgets all at continue-as-new."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RememberedUpdate:
    """An update id with the JSON of the view it answered (DESIGN 3.4)."""

    update_id: str
    view: str


REMEMBERED_UPDATES = 50
"""How many a workflow carries; older repeats are answered from the state machine as any other tap."""
