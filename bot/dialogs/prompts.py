"""How a field is asked: the buttons under the question and the hint behind it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import moments_text
from bot.dialogs.fields import (
    ChoiceField,
    ConfirmField,
    DateTimeField,
    Field,
    LocationField,
    PeopleField,
    PhotosField,
    Picked,
    PickerField,
    Place,
    Team,
)
from bot.html_text import shorten
from bot.keyboards import Button, button, columns, named
from bot.render import Audience, Renderer
from db.chat.dialogs import DialogState
from domain.chat import Thing

PAGE = 8
DAYS_SHOWN = 7
_THING = Thing.DIALOG.value
_LABEL_MOST = 60
_WORDS = "dialog"


def keyboard(asked: Field, state: DialogState, audience: Audience) -> list[list[Button]]:
    """Return the buttons of a prompt."""
    rows: list[list[Button]] = []
    match asked:
        case ChoiceField():
            labels = asked.labels or asked.name
            choices = [
                _button(f"{labels}_{code}", state, "choose", number)
                for number, code in enumerate(asked.choices)
            ]
            rows = columns(choices, asked.width)
        case PickerField():
            rows = _picker(state) + (_people(state) if isinstance(asked, PeopleField) else [])
        case DateTimeField():
            rows = _moment(asked, state, audience)
        case PhotosField():
            count = len(state.draft.get("photos", []))
            if count >= asked.minimum:
                done = button(
                    "dialog_photos_done",
                    _THING,
                    "done",
                    state.id,
                    version=state.version,
                    style="success",
                    words={"count": count},
                )
                rows = [[done]]
        case ConfirmField():
            rows = [
                [button(asked.label, _THING, "confirm", state.id, version=state.version, style="success")]
            ]
        case _:
            pass
    return [*rows, _navigation(asked, state)]


def hint(asked: Field, state: DialogState, audience: Audience, renderer: Renderer) -> str:
    """Return the line under the question; empty when there is nothing to say."""
    match asked:
        case LocationField():
            return "" if asked.own else renderer.words(_WORDS, "location_hint", audience)
        case DateTimeField():
            typing = "type_hour" if "day" in state.draft else "type_moment"
            return renderer.words(_WORDS, typing if state.draft.get("typing") else "moment_hint", audience)
        case PickerField():
            return _picker_hint(state, audience, renderer)
        case _:
            return ""


def spoken(  # noqa: PLR0911 - one line per kind of answer
    value: object, asked: Field, audience: Audience, renderer: Renderer
) -> str:
    """Return an answer in a few words, for the line an answered question shrinks to."""
    match value:
        case None:
            return renderer.words(_WORDS, "skipped", audience)
        case Picked() | Team():
            return value.label
        case Place():
            return value.title or f"{value.latitude:.5f}, {value.longitude:.5f}"
        case datetime():
            return moments_text.when(value, audience.language, audience.zone)
        case tuple():
            return renderer.words(_WORDS, "photos", audience, {"count": len(value)})
        case bool() | int() | float():
            return moments_text.number(value, audience.language)
        case _ if isinstance(asked, ChoiceField):
            return renderer.words("buttons", f"{asked.labels or asked.name}_{value}", audience)
        case _:
            return str(value)


def _button(label: str, state: DialogState, action: str, *args: str | int, **words: object) -> Button:
    return button(label, _THING, action, state.id, *args, version=state.version, words=words)


def _named(text: str, state: DialogState, action: str, *args: str | int) -> Button:
    return named(shorten(text, _LABEL_MOST), _THING, action, state.id, *args, version=state.version)


def _navigation(asked: Field, state: DialogState) -> list[Button]:
    row = []
    if state.path:
        row.append(_button("dialog_back", state, "back"))
    if asked.optional:
        row.append(_button(asked.skip, state, "skip"))
    return [*row, _button("dialog_cancel", state, "cancel")]


def _pages(draft: Mapping[str, Any]) -> tuple[int, int]:
    """Return the page that is shown and how many there are."""
    pages = max(1, -(-len(draft.get("options", [])) // PAGE))
    return min(int(draft.get("page", 0)), pages - 1), pages


def _picker(state: DialogState) -> list[list[Button]]:
    options = state.draft.get("options", [])
    page, pages = _pages(state.draft)
    shown = options[page * PAGE : (page + 1) * PAGE]
    ticked = {one["id"]: place for place, one in enumerate(state.draft.get("ticked") or [], 1)}
    rows = [[_named(_option_label(option, ticked), state, "pick", option["id"])] for option in shown]
    turning = []
    if page > 0:
        turning.append(_button("dialog_previous", state, "page", page - 1))
    if state.draft.get("search"):
        turning.append(_button("dialog_all", state, "all", count=state.draft.get("total", "")))
    if page + 1 < pages:
        turning.append(_button("dialog_next", state, "page", page + 1))
    return [*rows, turning] if turning else rows


def _option_label(option: Mapping[str, Any], ticked: Mapping[int, int]) -> str:
    """Return the label with its note; a ticked one says in which place."""
    tick = f"✅ {ticked[option['id']]}. " if option["id"] in ticked else ""
    note = f" · {option['note']}" if option.get("note") else ""
    return f"{tick}{option['label']}{note}"


def _people(state: DialogState) -> list[list[Button]]:
    """Return the rows that ask several people."""
    ticked, everyone = state.draft.get("ticked"), state.draft.get("everyone", [])
    rows = []
    if ticked is None:
        rows.append([_button("dialog_several", state, "several")])
    elif ticked:
        count = len(ticked)
        rows.append(
            [
                _button("dialog_at_once", state, "at_once", count=count),
                _button("dialog_in_turn", state, "in_turn", count=count),
            ]
        )
    if len(everyone) > 1:
        rows.append([_button("dialog_everyone", state, "everyone", count=len(everyone))])
    return rows


def _picker_hint(state: DialogState, audience: Audience, renderer: Renderer) -> str:
    search = state.draft.get("search", "")
    if state.draft.get("ticked") == []:
        return renderer.words(_WORDS, "tick_hint", audience)
    if search and not state.draft.get("options"):
        return renderer.words(_WORDS, "found_none", audience, {"search": shorten(search, _LABEL_MOST)})
    page, pages = _pages(state.draft)
    if pages > 1:
        where = renderer.words(_WORDS, "page", audience, {"page": page + 1, "pages": pages})
        return f"{where} · {renderer.words(_WORDS, 'search_hint', audience)}"
    return ""


def _moment(asked: DateTimeField, state: DialogState, audience: Audience) -> list[list[Button]]:
    now = datetime.now(UTC).astimezone(ZoneInfo(audience.zone))
    if "day" not in state.draft:
        return _days(state, audience, now.date())
    day = date.fromisoformat(state.draft["day"])
    hours = [hour for hour in asked.hours if day > now.date() or hour > now.hour or not asked.future_only]
    shown = [_named(_clock(hour, audience), state, "hour", hour) for hour in hours]
    return [*columns(shown, 5), [_button("dialog_other_hour", state, "type")]]


def _days(state: DialogState, audience: Audience, today: date) -> list[list[Button]]:
    named_days = [
        _button("dialog_today", state, "day", today.isoformat()),
        _button("dialog_tomorrow", state, "day", (today + timedelta(days=1)).isoformat()),
    ]
    later = [today + timedelta(days=ahead) for ahead in range(2, DAYS_SHOWN)]
    dated = [
        _named(moments_text.day(day, audience.language, audience.zone), state, "day", day.isoformat())
        for day in later
    ]
    return [named_days, *columns([*dated, _button("dialog_other_day", state, "type")], 3)]


def _clock(hour: int, audience: Audience) -> str:
    at = datetime(2000, 1, 1, hour, tzinfo=ZoneInfo(audience.zone))
    return moments_text.clock(at, audience.language, audience.zone)
