"""``siaga edge setup <code>``: trade the one-time code of the card for the machine's API key (WORDS 3)."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from domain.errors import Refusal
from edge_worker.answers import read_answer
from edge_worker.errors import ConfigInvalid, EdgeError, NotRecognised, ServerUnreachable, SetupRefused
from edge_worker.private_files import make_private_folder, write_env
from edge_worker.settings import API_KEY, SERVER_URL, EdgeSettings, checked_url

_SENTENCES = {
    "code_unknown": "The server does not know this code; compare it with the card, letter by letter.",
    "code_used": "This code was used before; press the button on the card for a new one.",
    "code_expired": "This code has expired; press the button on the card for a new one.",
}


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What a successful setup leaves behind; ``str()`` is what the person at the box reads."""

    edge_id: str
    machine_name: str
    env_file: Path

    def __str__(self) -> str:
        return (
            f"This box now belongs to {self.machine_name or 'its server'} ({self.edge_id}).\n"
            f"Its key is in {self.env_file}, readable by this user only.\n"
            f"Next: `siaga edge run --folder {self.env_file.parent}`, or `sudo systemctl restart siaga-edge`."
        )


def setup(server_url: str, code: str, folder: Path, *, timeout_s: float = 20.0) -> Provisioned:
    """Exchange the code and write ``.env`` (0600) into the edge folder.

    Raises:
        ConfigInvalid: the address or the folder cannot be used; the code was not spent.
        SetupRefused: the server refused the code (``reason`` says why).
        ServerUnreachable: nobody, or somebody else, answers.
        ServerBusy: the server asks to come back later.
    """
    server_url = checked_url(server_url)
    code = code.strip()
    if not code:
        msg = "A code is needed: siaga edge setup <code>, as it stands on the card."
        raise ConfigInvalid(msg)
    settings = EdgeSettings(folder=folder)
    # A code works once, so what could fail afterwards is tried before it is spent.
    _make_writable(folder)
    answer = _exchange(server_url, code, timeout_s)
    key, edge_id = str(answer.get("api_key", "")), str(answer.get("edge_id", ""))
    if not key.isprintable() or not key or " " in key:
        msg = "The server's answer holds no usable API key; ask an admin to issue a new one."
        raise SetupRefused(msg, "answer_unusable")
    try:
        write_env(settings.env_file, {SERVER_URL: server_url, API_KEY: key})
        # They belong to the key this box had before.
        settings.credentials_file.unlink(missing_ok=True)
        settings.roster_file.unlink(missing_ok=True)
    except OSError as error:
        msg = (
            f"The code was accepted, but {settings.env_file} cannot be written ({error.strerror}); "
            "ask for a new code."
        )
        raise EdgeError(msg) from error
    machine = answer.get("machine") or {}
    return Provisioned(edge_id, str(machine.get("name", "")), settings.env_file)


def _make_writable(folder: Path) -> None:
    try:
        make_private_folder(folder)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        msg = f"{folder} cannot be written; run this as its owner. The code is not spent."
        raise ConfigInvalid(msg)


def _exchange(server_url: str, code: str, timeout_s: float) -> dict[str, Any]:
    try:
        response = httpx.post(f"{server_url}/api/v1/edge/setup", json={"code": code}, timeout=timeout_s)
        return read_answer(response)
    except httpx.RequestError as error:
        msg = (
            f"{server_url} does not answer ({type(error).__name__}); check the cable and the address, then "
            "try again. If the code is then said to be used, ask for a new one."
        )
        raise ServerUnreachable(msg) from error
    except (Refusal, NotRecognised) as error:
        reason = error.code if isinstance(error, Refusal) else error.reason
        sentence = _SENTENCES.get(reason, f"The server refused the code ({reason}).")
        raise SetupRefused(sentence, reason) from error
