"""How a method says no."""

from typing import ClassVar, NoReturn

STRICT = "SIM-STRICT: "


class RefusalError(Exception):
    """A request is answered with `ok: false`.

    `code` is the HTTP status and `description` the text after its prefix ("Bad Request: ").
    """

    PREFIXES: ClassVar[dict[int, str]] = {
        400: "Bad Request: ",
        401: "Unauthorized",
        403: "Forbidden: ",
        404: "Not Found",
        409: "Conflict: ",
        413: "Request Entity Too Large",
        429: "Too Many Requests: ",
    }

    def __init__(self, description: str, code: int = 400, **parameters: object) -> None:
        super().__init__(description)
        self.code = code
        self.description = self.PREFIXES.get(code, "") + description
        self.parameters = parameters

    def body(self) -> dict[str, object]:
        """The JSON answer."""
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class StrictRefusalError(RefusalError):
    """A refusal that real Telegram would not make (TELEGRAM 6): it would ignore or correct the request.

    It goes on the violations list, so that a bot's tests can assert that the list is empty.
    """

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.description = STRICT + detail
        self.rule = rule
        self.detail = detail


def refuse(description: str, code: int = 400, **parameters: object) -> NoReturn:
    """Raises the refusal."""
    raise RefusalError(description, code, **parameters)


def refuse_strictly(rule: str, detail: str) -> NoReturn:
    """Raises what only the simulator refuses; `rule` is a short name for the violations list."""
    raise StrictRefusalError(rule, detail)


def refuse_forbidden(description: str) -> NoReturn:
    """403, which PTB raises as `Forbidden`."""
    raise RefusalError(description, 403)


def refuse_conflict(description: str) -> NoReturn:
    """409, which PTB raises as `Conflict`."""
    raise RefusalError(description, 409)


def impossible(code: int, detail: str) -> NoReturn:
    """A person's action cannot be done; the text goes out without the Bot API's prefixes."""
    refusal = RefusalError("", code)
    refusal.description = detail
    raise refusal
