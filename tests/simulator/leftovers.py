"""Whether python-telegram-bot understood everything it was sent."""

from telegram import TelegramObject


def leftovers(value: object) -> list[str]:
    """The fields it did not know, anywhere inside, as "Type: field"."""
    if isinstance(value, TelegramObject):
        found = [f"{type(value).__name__}: {name}" for name in value.api_kwargs]
        names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
        parts = [getattr(value, name, None) for name in names if name not in ("_bot", "api_kwargs")]
        return found + leftovers([part for part in parts if not isinstance(part, str | int | float)])
    if isinstance(value, dict):
        return leftovers(list(value.values()))
    if isinstance(value, list | tuple):
        return [one for part in value for one in leftovers(part)]
    return []
