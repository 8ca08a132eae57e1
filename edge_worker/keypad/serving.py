"""The keypad's page: a few local files, and two small questions to the lock. Standard library only."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from domain.pins import DIGITS
from edge_worker.keypad.lock import Answer, Lock, Outcome
from edge_worker.settings import EdgeSettings, KeypadSettings

log = logging.getLogger(__name__)

_PAGE = Path(__file__).parent / "page"
_FILES: Final = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/keypad.css": ("keypad.css", "text/css; charset=utf-8"),
    "/keypad.js": ("keypad.js", "text/javascript; charset=utf-8"),
    "/words.json": ("words.json", "application/json"),
}
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STATUS: Final = {
    Outcome.OPEN: HTTPStatus.OK,
    Outcome.STUCK: HTTPStatus.BAD_GATEWAY,
    Outcome.WRONG: HTTPStatus.FORBIDDEN,
    Outcome.WAIT: HTTPStatus.TOO_MANY_REQUESTS,
    Outcome.NOT_BOUND: HTTPStatus.SERVICE_UNAVAILABLE,
}
_LONGEST_BODY = 256
_JSON = "application/json"


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, settings: KeypadSettings, lock: Lock) -> None:
        self.lock = lock
        self.language = settings.language
        super().__init__((settings.host, settings.port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 3.0
    """Seconds a silent connection is kept; also how long it may delay the end of the process."""

    def do_GET(self) -> None:
        """Serve the page, or how the lock stands."""
        path = self.path.partition("?")[0]
        if path == "/state":
            standing = self.server.lock.standing()
            self._json(
                HTTPStatus.OK,
                machine=standing.machine,
                bound=standing.bound,
                wait_s=standing.wait_s,
                now=standing.now,
                language=self.server.language,
            )
        elif path in _FILES:
            name, kind = _FILES[path]
            self._send(HTTPStatus.OK, kind, (_PAGE / name).read_bytes())
        else:
            self._json(HTTPStatus.NOT_FOUND, outcome="not_found")

    def do_POST(self) -> None:
        """Enter a PIN."""
        # Another site's form cannot send JSON, so it cannot type here.
        if self.path != "/open" or self.headers.get_content_type() != _JSON:
            self._json(HTTPStatus.NOT_FOUND, outcome="not_found")
            return
        typed = self._typed()
        if typed is None:
            self._json(HTTPStatus.UNPROCESSABLE_ENTITY, outcome="malformed")
            return
        answer = self.server.lock.enter(typed)
        self._json(_STATUS[answer.outcome], **_shown(answer))

    def _typed(self) -> str | None:
        """Return the PIN of the body; None when it holds no eight digits, which is no try at all."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > _LONGEST_BODY:
            return None
        try:
            body = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        typed = body.get("pin") if isinstance(body, dict) else None
        if not isinstance(typed, str) or len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
            return None
        return typed

    def _json(self, status: HTTPStatus, **fields: Any) -> None:  # noqa: ANN401 - JSON
        self._send(status, _JSON, json.dumps(fields).encode())

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def version_string(self) -> str:
        """Tell nobody which Python this is."""
        return "siaga-edge"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the signature is the library's
        """Keep the page's questions out of the log; the lock says what matters."""


def _shown(answer: Answer) -> dict[str, Any]:
    shown: dict[str, Any] = {"outcome": answer.outcome.value, "wait_s": answer.wait_s}
    return shown if answer.slot is None else shown | {"slot": f"{answer.slot:02d}", "name": answer.name}


@contextmanager
def keypad_page(settings: EdgeSettings, lock: Lock) -> Iterator[None]:
    """Serve the keypad beside everything else; a port that cannot be had is said, and the box lives on."""
    keypad = settings.keypad
    server = _listening(keypad, lock) if keypad else None
    if keypad is None or server is None:
        yield
        return
    serving = threading.Thread(target=server.serve_forever, args=(0.1,), name="keypad")
    serving.start()
    log.info("The keypad is at http://%s:%d/", keypad.host, keypad.port)
    try:
        yield
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def _listening(keypad: KeypadSettings, lock: Lock) -> _Server | None:
    try:
        return _Server(keypad, lock)
    except OSError as error:
        log.error(  # noqa: TRY400 - the sentence says it all
            "The keypad cannot listen on %s:%d (%s); set another [keypad] port in config.toml.",
            keypad.host,
            keypad.port,
            error.strerror,
        )
        return None
