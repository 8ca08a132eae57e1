"""Every business outcome was played once with real code: the code of today still takes the same steps."""

import json
import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from tests.replay.recorder import HISTORIES
from workflows import assignments
from workflows.assignments import TaskAssignment
from workflows.converter import CONVERTER
from workflows.registry import WORKFLOWS

OUTCOMES = {
    "assignment-completed",
    "assignment-expired-and-reassigned",
    "assignment-declined",
    "assignment-handed-back",
    "assignment-cancelled",
    "assignment-cancelled-in-temporal",
    "assignment-pool-accepted",
    "assignment-declined-to-next",
    "assignment-undone",
    "assignment-settled-with-follow-up",
    "assignment-postponed",
    "assignment-overdue",
    "onboarding-commissioned",
    "onboarding-overridden",
    "onboarding-key-reissued",
    "onboarding-cancelled",
    "handshake-bound",
    "handshake-replaced",
    "handshake-refused",
    "handshake-expired",
    "machine-outage",
    "machine-unstable",
    "machine-retired",
    "escalation-resolved",
    "escalation-taken",
    "escalation-snoozed",
    "escalation-unreachable",
    "maintenance-run-created",
    "fleet-watch-round",
    "ticket-rated",
    "ticket-silent",
    "ticket-breached",
}
RECORDED = sorted(HISTORIES.glob("*.json"))


def history_of(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))


def test_every_outcome_is_recorded() -> None:
    assert {path.stem for path in RECORDED} == OUTCOMES


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    await Replayer(workflows=WORKFLOWS, data_converter=CONVERTER).replay_workflow(history_of(path))


async def test_a_changed_order_of_commands_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignments, "show_assignment", lambda state: None)  # noqa: ARG005 - its shape
    replayer = Replayer(
        workflows=[TaskAssignment], workflow_runner=UnsandboxedWorkflowRunner(), data_converter=CONVERTER
    )
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history_of(HISTORIES / "assignment-completed.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_history_names_no_machine_and_no_path(path: Path) -> None:
    told = path.read_text(encoding="utf-8")
    assert set(re.findall(r'"identity":"([^"]*)"', told)) <= {"worker"}
    assert "/home/" not in told
    assert "site-packages" not in told
    assert len(told) < 200_000
    assert json.loads(told)["events"]
