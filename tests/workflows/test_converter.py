"""How payloads become JSON and back."""

from datetime import UTC, datetime
from runpy import run_path

import pytest
from pydantic import TypeAdapter
from temporalio.contrib import pydantic
from temporalio.converter import DataConverter
from temporalio.worker import Replayer

from domain.edge import Check, CheckName, CheckResult, SelfTestReport, SelfTestRequest
from tests.replay.recorder import HISTORIES
from tests.replay.test_replay import history_of
from workflows import converter
from workflows.converter import CONVERTER
from workflows.registry import WORKFLOWS
from workflows.runner import Sandbox

AT = datetime(2026, 11, 30, 22, 15, 30, 250_000, tzinfo=UTC)
EXCHANGED = (
    SelfTestRequest(AT, "kamera-1"),
    SelfTestReport(
        [
            Check(CheckName.DISK, CheckResult.FAILED, "disk_low", {"free_gib": 0.5}),
            Check(CheckName.CAMERA, CheckResult.OK),
        ],
        AT,
        17,
    ),
)


@pytest.mark.parametrize("value", EXCHANGED, ids=lambda value: type(value).__name__)
def test_a_box_with_the_plain_converter_and_the_office_understand_each_other(value: object) -> None:
    office, box = CONVERTER.payload_converter, DataConverter.default.payload_converter

    assert box.from_payload(office.to_payload(value), type(value)) == value
    assert office.from_payload(box.to_payload(value), type(value)) == value


async def test_a_schema_is_made_once_for_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def adapter(kind: type) -> TypeAdapter[object]:
        made.append(repr(kind))
        return TypeAdapter(kind)

    monkeypatch.setattr(pydantic, "TypeAdapter", adapter)
    anew: DataConverter = run_path(converter.__file__)["CONVERTER"]
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=Sandbox(), data_converter=anew)

    for history in sorted(HISTORIES.glob("*.json")):
        await replayer.replay_workflow(history_of(history))

    # A type of a module that is loaded for each run would be another one each time.
    assert len(made) > len(WORKFLOWS)
    assert sorted(made) == sorted(set(made))
