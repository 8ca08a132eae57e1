"""The command line: ``siaga <command>``. Each command imports its room only when it runs."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from siaga.errors import CommandError
from siaga.running import ROOMS, run, set_up_logging
from siaga.settings import Settings, read_settings

Command = Callable[[argparse.Namespace, Settings], int]

_REFUSED = 2


def main() -> None:
    """Run the command line and leave at once.

    Without the interpreter's own end: after a Temporal client or worker it can crash there (DESIGN 10).
    """
    try:
        code = execute(sys.argv[1:])
    except SystemExit as end:  # argparse, after --help or a wrong use
        code = end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    except Exception:  # noqa: BLE001 - the interpreter would print it too, and then end by itself
        traceback.print_exc()
        code = 1
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def execute(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what a person can put right is said in one line."""
    given = parser().parse_args(arguments)
    try:
        settings = read_settings()
        set_up_logging(settings.log_level)
        command: Command = given.command
        return command(given, settings)
    except CommandError as error:
        return _refused(error)
    except ModuleNotFoundError as error:
        if not error.name or error.name.split(".")[0] in ROOMS:
            raise
        return _refused(f"{error.name} is not installed; this command needs siaga[server] or siaga[edge].")


def _refused(why: object) -> int:
    print(f"siaga: {why}", file=sys.stderr)
    return _REFUSED


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command; each sets ``command`` to what runs it."""
    top = argparse.ArgumentParser(prog="siaga", description="Field operations run from chat.")
    commands = top.add_subparsers(required=True, metavar="<command>")
    _add_demo(commands)
    for name, command, text in (
        ("up", _up, "run everything on this machine against real Telegram"),
        ("worker", _worker, "run workflows and database activities"),
        ("bot", _bot, "run the Telegram bot"),
        ("doctor", _doctor, "check every connection and say what to do"),
    ):
        commands.add_parser(name, help=text, description=text).set_defaults(command=command)
    api = commands.add_parser("api", help="serve HTTP", description="serve HTTP")
    api.add_argument("--openapi", action="store_true", help="print the OpenAPI document and start nothing")
    api.set_defaults(command=_api)
    _add_edge(commands)
    _add_database(commands)
    _add_people(commands)
    return top


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "play the story on this machine against a simulated Telegram"
    demo = commands.add_parser("demo", help=text, description=text)
    demo.add_argument("--free-ports", action="store_true", help="listen on any free ports, not on the usual")
    demo.set_defaults(command=_demo)


def _add_edge(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "the box at the machine: handshake, beat, and do what the server asks"
    edge = commands.add_parser("edge", help=text, description=text)
    edge.set_defaults(command=_edge_run, folder=None)
    verbs = edge.add_subparsers(metavar="<verb>")
    runs = verbs.add_parser("run", help="the same as no verb")
    setup = verbs.add_parser("setup", help="fetch this box's key with the single-use code of the card")
    setup.add_argument("code")
    setup.add_argument("--server", help="address of the API (default: SIAGA_SERVER_URL)")
    setup.set_defaults(command=_edge_setup)
    for verb in (runs, setup):
        verb.add_argument("--folder", type=Path, help="where its files are (default: SIAGA_EDGE_DIR)")


def _add_database(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    database = commands.add_parser("db", help="the database", description="the database")
    verbs = database.add_subparsers(required=True, metavar="<verb>")
    verbs.add_parser("migrate", help="bring the schema up to date").set_defaults(command=_db_migrate)
    seed = verbs.add_parser("seed", help="write reference data")
    seed.add_argument("--demo", action="store_true", help="and the demo's people and machines")
    seed.set_defaults(command=_db_seed)
    reset = verbs.add_parser("reset", help="delete all data and begin again")
    reset.add_argument("--yes", action="store_true", help="really")
    reset.set_defaults(command=_db_reset)


def _add_people(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    token = commands.add_parser("token", help="bearer tokens", description="bearer tokens of the API")
    verbs = token.add_subparsers(required=True, metavar="<verb>")
    create = verbs.add_parser("create", help="print a new token of a person")
    create.add_argument("person", help="user id or exact name")
    create.add_argument("--name", default="command line", help="what the token is for")
    create.add_argument("--read-only", action="store_true", help="it may change nothing")
    create.set_defaults(command=_token_create)
    invite = commands.add_parser("invite", help="print a one-time link into the bot")
    invite.add_argument("name", help="the person's name")
    invite.add_argument("--role", default="super_admin", help="super_admin, admin, operator, teknisi, …")
    invite.add_argument("--organization", help="name; made if there is none (default: the first one)")
    invite.set_defaults(command=_invite)


def _demo(given: argparse.Namespace, settings: Settings) -> int:
    from siaga.demo.demo import demo

    return run(lambda stop: demo(settings, stop, free_ports=given.free_ports))


def _up(_given: argparse.Namespace, settings: Settings) -> int:
    from siaga.up import up

    return run(lambda stop: up(settings, stop))


def _worker(_given: argparse.Namespace, settings: Settings) -> int:
    from siaga.processes.worker import work

    return run(lambda stop: work(settings, stop))


def _bot(_given: argparse.Namespace, settings: Settings) -> int:
    from siaga.processes.bot import chat

    return run(lambda stop: chat(settings, stop))


def _api(given: argparse.Namespace, settings: Settings) -> int:
    from siaga.processes import api

    if given.openapi:
        print(api.openapi())
        return 0
    return run(lambda stop: api.serve(settings, stop))


def _edge_setup(given: argparse.Namespace, _settings: Settings) -> int:
    from siaga.processes import edge

    return edge.set_up(given.folder, given.code, given.server)


def _edge_run(given: argparse.Namespace, settings: Settings) -> int:
    from siaga.processes import edge

    return run(lambda stop: edge.live(given.folder, settings.pulse_file, stop))


def _doctor(_given: argparse.Namespace, settings: Settings) -> int:
    from siaga.doctor import doctor

    return asyncio.run(doctor(settings))


def _db_migrate(_given: argparse.Namespace, settings: Settings) -> int:
    from siaga import administration

    asyncio.run(administration.migrate_database(settings))
    return 0


def _db_seed(given: argparse.Namespace, settings: Settings) -> int:
    from siaga import administration

    asyncio.run(administration.seed_database(settings, demo=given.demo))
    return 0


def _db_reset(given: argparse.Namespace, settings: Settings) -> int:
    from siaga import administration

    asyncio.run(administration.reset_database(settings, sure=given.yes))
    return 0


def _token_create(given: argparse.Namespace, settings: Settings) -> int:
    from siaga import administration

    asyncio.run(
        administration.create_access_token(settings, given.person, given.name, read_only=given.read_only)
    )
    return 0


def _invite(given: argparse.Namespace, settings: Settings) -> int:
    from siaga import administration

    invited = administration.invitation(given.name, given.role, given.organization)
    asyncio.run(administration.invite(settings, invited))
    return 0


if __name__ == "__main__":
    main()
