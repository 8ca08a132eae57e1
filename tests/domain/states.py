"""``python -m tests.domain.states`` writes docs/states.md from the tables of ``domain``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from domain.assignments import ASSIGNMENT
from domain.machines import CONNECTION, MACHINE
from domain.moves import StateMachine
from domain.onboarding import ALLOWED_AT, OnboardingStep
from domain.roles import RIGHTS, Reach, Role, reach
from domain.tickets import TICKET

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
MACHINES: dict[str, StateMachine[Any, Any]] = {
    "Assignment": ASSIGNMENT,
    "Machine, status": MACHINE,
    "Machine, connection": CONNECTION,
    "Ticket": TICKET,
}
_DOTS = {
    Reach.EVERYWHERE: "● all",
    Reach.OWN_ORGANIZATION: "●",
    Reach.OWN: "◐",
    Reach.PUBLIC: "public",
}


def page() -> str:
    """Return the whole page."""
    lines = [
        "# States, moves and rights",
        "",
        "Written by `python -m tests.domain.states` from the tables in `domain/`; a test keeps them in step.",
        "A move that no person does is the work of a timer, a signal or the Temporal UI.",
    ]
    for title, machine in MACHINES.items():
        rows = sorted((start.value, move.value, row.to.value) for (start, move), row in machine.rows.items())
        lines += ["", f"## {title}", "", "```mermaid", "stateDiagram-v2"]
        lines += [f"    {start} --> {to}: {move}" for start, move, to in rows]
        lines += ["```", "", "| from | move | to | who |", "|---|---|---|---|"]
        lines += [
            f"| {start} | {move} | {row.to} | {row.who or 'nobody'} |"
            for (start, move), row in machine.rows.items()
        ]
    lines += ["", "## Onboarding", "", "Steps: " + " → ".join(step.value for step in OnboardingStep), ""]
    lines += ["| asked for | at |", "|---|---|"]
    lines += [f"| {move} | {_listed(steps)} |" for move, steps in ALLOWED_AT.items()]
    lines += [
        "",
        "## Rights",
        "",
        "● own organization · ◐ own, granted or assigned only · ● all: everywhere",
        "",
    ]
    lines += ["| action | " + " | ".join(Role) + " |", "|---" * (len(Role) + 1) + "|"]
    for permission in RIGHTS:
        dots = " | ".join(_DOTS.get(reach(role, permission), "○") for role in Role)
        lines.append(f"| {permission} | {dots} |")
    return "\n".join(lines) + "\n"


def _listed(steps: Iterable[OnboardingStep]) -> str:
    return ", ".join(step.value for step in OnboardingStep if step in set(steps))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
