"""`python -m siaga.simulator`: the simulated Telegram on its own."""

import argparse
import logging

from siaga.simulator.serving import HOST, SimulatorServer
from siaga.simulator.settings import Settings


def main() -> None:
    """Serves until Ctrl-C."""
    defaults = Settings()
    parser = argparse.ArgumentParser(
        prog="siaga.simulator", description="A simulated Telegram on this machine."
    )
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=defaults.token, help="the bot's token, <number>:<secret>")
    parser.add_argument(
        "--limits", choices=("strict", "lenient", "off"), default=defaults.limits, help="rate limits"
    )
    parser.add_argument(
        "--mode",
        choices=("strict", "telegram"),
        default=defaults.mode,
        help="strict also refuses what real Telegram silently ignores",
    )
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    settings = Settings(token=given.token, limits=given.limits, mode=given.mode)
    print(f"Simulated Telegram: http://{HOST}:{given.port}/ (bot token {given.token})", flush=True)
    SimulatorServer(settings, given.port).run()


if __name__ == "__main__":
    main()
