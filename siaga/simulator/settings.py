"""What the simulator needs to know when it starts."""

from dataclasses import dataclass
from typing import Literal

LimitMode = Literal["strict", "lenient", "off"]
Mode = Literal["strict", "telegram"]


@dataclass(frozen=True, slots=True)
class Settings:
    """`mode` "strict" refuses what real Telegram silently ignores (TELEGRAM 6); "telegram" ignores it too.

    `limits` chooses the rate limits: as Telegram states them, a tolerant version, or none.
    """

    token: str = "110201543:SIMULATED-TOKEN-for-local-use-only"  # noqa: S105 - opens only the simulator
    username: str = "siaga_sim_bot"
    name: str = "Siaga"
    limits: LimitMode = "strict"
    mode: Mode = "strict"

    @property
    def bot_id(self) -> int:
        """The number in front of the colon, as in every real token."""
        return int(self.token.split(":", 1)[0])
