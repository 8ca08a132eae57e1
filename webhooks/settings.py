"""What the web room needs; ``siaga`` fills it."""

from dataclasses import dataclass

from db.secrets import Cipher
from db.session import Database
from db.store import LocalStore
from domain.defaults import STUCK_AFTER_S
from domain.machine_codes import CodeAddresses
from workflows.client import Gateway


@dataclass(frozen=True, slots=True)
class EdgeTemporal:
    """Where a box finds Temporal; offered only over VPN or mTLS (DESIGN 8)."""

    address: str
    namespace: str
    tls: bool


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Opened dependencies and plain values; whoever made the dependencies closes them."""

    database: Database
    gateway: Gateway
    cipher: Cipher
    store: LocalStore
    telegram_webhook_secret: str = ""
    """Empty: the webhook refuses everything, updates come by polling."""
    bot_username: str = ""
    """For the link of an invite; empty: only its code is answered."""
    public_url: str = ""
    """Where this side is reached from outside; empty: machines' codes lead to the bot."""
    edge_temporal: EdgeTemporal | None = None
    """What a handshake tells; None: the box works without Temporal."""
    stuck_after_s: float = STUCK_AFTER_S
    """``/readyz`` turns red when an update or a due delivery waits longer, in seconds."""
    waiting_beats: int = 5000
    """More heartbeats than these at once are answered 503 (DESIGN 7)."""

    @property
    def addresses(self) -> CodeAddresses:
        """Where machines' codes lead."""
        return CodeAddresses(self.public_url, self.bot_username)
