"""Faults a person or a test queues for the bot's next calls."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any


@dataclass(slots=True)
class Fault:
    """What happens to calls of `method` ("*" is every method) whose parameters contain `contains`.

    With `code` the call is refused with it. `delay_ms` waits first. `drop_connection` closes the
    connection before the call has an effect, `drop_after_apply` after it. `times` is how many calls it
    meets; None means every call until it is deleted.
    """

    method: str
    code: int | None = None
    description: str | None = None
    retry_after: int | None = None
    times: int | None = 1
    contains: str | None = None
    delay_ms: int = 0
    drop_connection: bool = False
    drop_after_apply: bool = False
    id: int = 0
    hits: int = 0

    def meets(self, method: str, params: dict[str, Any]) -> bool:
        """Whether this fault is for that call."""
        if self.method != "*" and self.method.lower() != method.lower():
            return False
        return not self.contains or self.contains in json.dumps(params, ensure_ascii=False)


@dataclass(slots=True)
class FaultQueue:
    """The faults still to come, in the order they were queued."""

    waiting: list[Fault] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, fault: Fault) -> Fault:
        """Queues it and gives it an id."""
        fault.id = next(self._ids)
        self.waiting.append(fault)
        return fault

    def take(self, method: str, params: dict[str, Any]) -> Fault | None:
        """The fault for this call, or None; a fault that has met its calls is gone."""
        for fault in self.waiting:
            if fault.meets(method, params):
                fault.hits += 1
                if fault.times is not None and fault.hits >= fault.times:
                    self.waiting.remove(fault)
                return fault
        return None

    def shown(self) -> list[dict[str, Any]]:
        """As JSON."""
        return [asdict(fault) for fault in self.waiting]
