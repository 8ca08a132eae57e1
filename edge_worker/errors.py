"""What can go wrong at the box. Every message is a whole sentence for the person in front of it."""

from typing import ClassVar


class EdgeError(Exception):
    """Base of everything expected at the box; ``str(error)`` says what happened and what to do."""

    code: ClassVar[str] = "edge_error"


class NotSetUp(EdgeError):
    """The box has no server or no API key yet."""

    code = "not_set_up"


class ConfigInvalid(EdgeError):
    """``config.toml``, ``.env`` or the folder cannot be used as it is."""

    code = "config_invalid"


class SetupRefused(EdgeError):
    """The server did not take the one-time code; ``reason`` is the refusal code."""

    code = "setup_refused"

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class ServerUnreachable(EdgeError):
    """No answer, or an answer that is not the server's (a hotel's login page, a proxy's error)."""

    code = "server_unreachable"


class ServerBusy(EdgeError):
    """The server asks to come back later; ``retry_after_s`` is its wish in seconds, when it gave one."""

    code = "server_busy"

    def __init__(self, sentence: str, retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class NotRecognised(EdgeError):
    """HTTP 401: the key, or the signature made with the box's secret, is not accepted (any more)."""

    code = "not_recognised"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The server does not recognise this box ({reason}).")
        self.reason = reason


class CameraError(EdgeError):
    """A camera gives no usable frame; ``reason`` is the code of the self-test's line."""

    code = "camera"

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class DetectorError(EdgeError):
    """The detector cannot be built or run; ``reason`` is the code of the self-test's line."""

    code = "detector"

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class DetectorNotInstalled(DetectorError):
    """The detector's software is not on this box: skipped in the self-test, not failed."""

    code = "not_installed"
