"""The demo story, told by the command that a newcomer runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from siaga.demo.steps import StepFailedError, Teller

STEPS = (
    "The demo's people, five machines in Jakarta, and a first box that is at work",
    "Everybody says /start; the bot knows who they are",
    "The admin registers a machine: name, place, serial number, installer, time",
    "The technician gets the installation and accepts it",
    "On site he shows where he is and starts; the admin's card follows",
    "The card shows a single-use code; he types `siaga edge setup <code>` on the box",
    "The box is switched on: handshake, then self-test, on the technician's card",
    "The machine is online on the admin's card",
    "He sends two photos as an album",
    "He types `semua ok`: only the voltage and a photo are asked for",
    "He completes the task with a note",
    "The machine is commissioned and in service; the admin is told",
    "The admin offers a maintenance to two people at once",
    "The technician is first; the operator's card says who has it",
    "At the machine he scans its QR code: the work begins without a tap",
    "A photo of before; the checklist, where a critical step fails",
    "The rest is fine; the temperature and a photo are asked for",
    "One tap completes the task, and for a moment one takes it back",
    "Then it counts: the report reaches the admin as a PDF",
    "The failed step has become a repair, which the admin gives to somebody",
    "The helpdesk's admin links the staff's group: a topic for each ticket",
    "For what is urgent she promises an answer within six seconds",
    "A new colleague types the pharmacy's code; its head confirms her",
    "Her till fails: a sentence and a screenshot become one draft",
    "She sends it, asked only how bad it is; its card has the promised time",
    "In the group the ticket has a topic, with the screenshot in it",
    "Nobody answers in time: both experts are called, one has seen it",
    "The admin promises the usual times again",
    "The expert takes the ticket in its topic; the customer sees who has it",
    "She forwards it to the tech, with a note that stays inside",
    "The tech asks the customer; while she is waited for, the clock rests",
    "She answers; it is read in the topic, and the calls have ended",
    "He solves it; she is asked whether it is, and says so",
    "She gives five stars and a sentence; the ticket is closed",
    "The admin finds every run in the Temporal UI, with owner and last moves",
)


def demo(data_dir: Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``siaga demo`` without a terminal, away from any ``.env``."""
    return subprocess.run(
        [sys.executable, "-m", "siaga.cli", "demo", "--free-ports"],
        cwd=folder,
        env={**os.environ, "SIAGA_DATA_DIR": str(data_dir), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.stack
@pytest.mark.timeout(420)
def test_the_story_is_told_step_by_step_and_ends_with_the_addresses(data_dir: Path, tmp_path: Path) -> None:
    told = demo(data_dir, tmp_path)

    assert told.returncode == 0, told.stdout
    lines = told.stdout.splitlines()
    steps = [line.partition("✓")[2].split(maxsplit=1) for line in lines if "✓" in line]
    assert [(int(number), text) for number, text in steps] == list(enumerate(STEPS, 1))
    assert "The story is told" in told.stdout
    addresses = ("Chat page     http://", "Temporal UI   http://", "API           http://", "Logs          ")
    assert [line[:14] for line in lines if line.startswith(addresses)] == [one[:14] for one in addresses]


@pytest.mark.stack
@pytest.mark.timeout(300)
def test_a_step_that_does_not_hold_ends_the_story_with_an_error(data_dir: Path, tmp_path: Path) -> None:
    nobody_listens = "http://127.0.0.1:9"

    told = demo(data_dir, tmp_path, SIAGA_PUBLIC_URL=nobody_listens)

    assert told.returncode == 1, told.stdout
    assert f"✗  6 {STEPS[5]}" in told.stdout
    assert f"The story stopped: {STEPS[5]}" in told.stdout
    assert STEPS[6] not in told.stdout
    assert nobody_listens in told.stdout


async def test_a_failed_step_is_printed_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    teller, reason = Teller(), RuntimeError("the chat held nothing")

    async with teller.step("This holds"):
        pass
    with pytest.raises(StepFailedError, match="This does not"):
        async with teller.step("This does not"):
            raise reason

    held, failed, why = capsys.readouterr().out.splitlines()
    assert held.endswith("✓  1 This holds")
    assert failed.endswith("✗  2 This does not")
    assert why == "the chat held nothing"
