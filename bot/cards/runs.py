"""The way from a card to its run in the Temporal UI, for those who manage."""

from dataclasses import dataclass

from bot.keyboards import Button, link


@dataclass(frozen=True, slots=True)
class Runs:
    """Where the Temporal UI shows the namespace; ``url`` is empty when nobody said so."""

    url: str = ""

    def schedule(self, schedule_id: str) -> list[Button]:
        """Return a row with the link to a Schedule, or nothing like ``row``."""
        return [link("open_run", f"{self.url.rstrip('/')}/schedules/{schedule_id}")] if self.url else []

    def row(self, workflow_id: str) -> list[Button]:
        """Return a row with the link to the run; empty without an address: then the id is text (WORDS 5)."""
        if not self.url:
            return []
        return [link("open_run", f"{self.url.rstrip('/')}/workflows/{workflow_id}")]
