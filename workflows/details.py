"""What admins read in the Temporal UI: current details in Markdown, and the last five moves."""

from datetime import UTC, datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

LAST_MOVES = 5


def show(title: str, facts: dict[str, str], history: list[str]) -> None:
    """Set the current details of the present workflow; empty facts are left out."""
    lines = [f"### {title}", ""]
    lines += [f"- **{name}**: {value}" for name, value in facts.items() if value]
    if history:
        lines += ["", "**Last moves**", ""] + [f"1. {entry}" for entry in reversed(history)]
    workflow.set_current_details("\n".join(lines))


def index(*attributes: SearchAttributeUpdate[Any]) -> None:
    """Bring the search attributes of the present workflow up to date; the same values are not sent again."""
    known = workflow.info().typed_search_attributes
    changed = [one for one in attributes if known.get(one.key) != one.value]
    if changed:
        workflow.upsert_search_attributes(changed)


def note(history: list[str], text: str) -> None:
    """Add a line to the last moves, stamped with the workflow's time (UTC)."""
    history.append(f"{moment(workflow.now())} {text}")
    del history[:-LAST_MOVES]


def moment(at: datetime | None) -> str:
    """Return a time as admins of several zones read it."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
