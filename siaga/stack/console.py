"""What the one-machine stack prints: each line behind the name of the process that said it."""

import sys
from typing import TextIO

_COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
_WIDTH = 10


class Console:
    """Prefixes lines; coloured on a terminal."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._colours: dict[str, int] = {}

    def line(self, name: str, text: str) -> None:
        """Print one line of what a process says."""
        prefix = f"{name:<{_WIDTH}} |"
        if self._out.isatty():
            colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        print(prefix, text, file=self._out, flush=True)
