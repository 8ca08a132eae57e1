"""``siaga demo``: the whole real stack with a simulated Telegram, the story, then the addresses."""

import asyncio
import importlib.util
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from db.demo import MACHINES
from db.queries.machines import list_machines
from db.secrets import Cipher
from db.seed import seed_demo
from db.session import SYSTEM, Database
from domain.machines import MachineState
from siaga.demo import box
from siaga.demo.installing import HARDWARE_ID
from siaga.demo.stage import Stage, people_with_phones
from siaga.demo.steps import StepFailedError, Teller
from siaga.demo.story import tell
from siaga.running import until
from siaga.settings import Settings
from siaga.stack.stack import PRODUCT, Part, Ports, Stack
from siaga.temporal import connect
from workflows.client import Gateway

FIRST, SECOND, SPARE = 1, 6, 7
"""Seeds of the boxes: their pictures, and where their keypads are."""


async def demo(settings: Settings, stop: asyncio.Event, *, free_ports: bool = False) -> int:
    """Play the story; stay up on a terminal, leave with its result without one.

    The demo has a data folder of its own that begins empty each time: the simulated Telegram forgets too.
    """
    folder = settings.data_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    settings = replace(settings, data_dir=folder, database_url="", temporal_address="", telegram_token="")
    if free_ports:
        settings = replace(settings, api_port=0)
    return await until(stop, _demo(settings, Ports(0, 0, 0) if free_ports else Ports()))


async def _demo(settings: Settings, ports: Ports) -> int:
    teller = Teller()
    teller.say("Starting PostgreSQL, Temporal, the simulated Telegram, worker, bot and API")
    async with Stack(settings, PRODUCT | {Part.SIMULATOR}, ports=ports, logs_to_files=True) as stack:
        code = await _play(stack, teller)
        spare = box.prepare(stack.settings.data_dir / "box", "JETSON-SIM-0007", seed=SPARE)
        _print_addresses(stack, spare)
        if sys.stdin.isatty() and sys.stdout.isatty():
            print("The stack stays up. Ctrl-C ends it.", flush=True)
            await asyncio.Event().wait()
    return code


async def _play(stack: Stack, teller: Teller) -> int:
    if importlib.util.find_spec("ultralytics") is None:
        teller.say("ultralytics is left out (EDGE=0): the self-test says that the detector was not checked")
    temporal = await connect(stack.settings)
    if stack.addresses.simulator is None:
        message = "the demo runs with the simulator"
        raise RuntimeError(message)
    try:
        async with teller.step(
            "The demo's people, five machines in Jakarta, and a first box that is at work"
        ):
            await _furnish(stack, Gateway(temporal))
            people = await people_with_phones(stack.addresses.simulator)
            second = box.prepare(stack.settings.data_dir / "edge-2", HARDWARE_ID, seed=SECOND)
        await tell(Stage(stack, temporal, second, teller, people))
    except StepFailedError as error:
        print(f"The story stopped: {error}. The logs are under {stack.settings.data_dir / 'logs'}.")
        return 1
    print(f"The story is told: {teller.elapsed_s:.1f} s from an empty folder.", flush=True)
    return 0


async def _furnish(stack: Stack, gateway: Gateway) -> None:
    """Write the demo's data, start the life of its machines, and switch the first machine's box on."""
    database = Database(stack.settings.database_url)
    keys = await seed_demo(database, Cipher(stack.settings.secret_key))
    async with database.transaction(SYSTEM) as session:
        machines = await list_machines(session)
    await database.dispose()
    for machine in machines:
        await gateway.begin_machine(
            MachineState(
                machine_id=machine.machine_id,
                machine_uuid=machine.uuid,
                organization_id=machine.organization_id,
                name=machine.name,
                edge_id=machine.edge_id,
                status=machine.status,
                moves=machine.version,
            )
        )
    first = box.prepare(stack.settings.data_dir / "edge-1", "JETSON-SIM-0001", seed=FIRST)
    box.give_key(stack, first, keys[MACHINES[0].serial_number])
    await box.switch_on(stack, "edge-1", first)


def _print_addresses(stack: Stack, spare: Path) -> None:
    addresses, folder, siaga = stack.addresses, _near(spare), _near(Path(sys.executable).with_name("siaga"))
    print(
        f"""
Chat page     {addresses.simulator}/
Temporal UI   {addresses.temporal_ui}/namespaces/{stack.settings.temporal_namespace}/workflows
API           {addresses.api}/api/v1/docs
PIN keypads   {_keypad(FIRST)}, of the new machine {_keypad(SECOND)}
Logs          {_near(stack.settings.data_dir / "logs")}

Try it on the chat page: as Admin, register a machine with /daftarmesin; as Technician, accept and start.
As Sari, write what is wrong with the till; as Rina, take it in its topic of the group Tim Pharmadesk.
Set a machine's box up with the code of its card, in another terminal; Ctrl-C switches it off again:
  {siaga} edge setup <code> --folder {folder} --server {addresses.api}
  {siaga} edge run --folder {folder}
In the Temporal UI, a run's tab "User Metadata" shows its status, owner, deadline and last moves.
""",
        flush=True,
    )


def _keypad(seed: int) -> str:
    return f"http://127.0.0.1:{box.keypad_port(seed)}/"


def _near(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
