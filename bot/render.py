"""From templates and words files to what Telegram is sent (STYLE 30)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jinja2

from bot import moments_text
from bot.html_text import CAPTION_LIMIT, MESSAGE_LIMIT, fit, shorten
from domain.people import Person
from domain.settings import Unit

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("id", "en")
TOAST_LIMIT = 200

Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a text is rendered for."""

    language: str
    zone: str
    person: Person | None = None


class Renderer:
    """Templates of all languages. ``folders`` are searched in order, each with a folder per language."""

    def __init__(self, *, ui_url: str = "", folders: Sequence[Path] = (TEMPLATES,)) -> None:
        self._ui_url = ui_url
        self._pages = _environment(folders, autoescape=lambda name: bool(name and name.endswith(".html.j2")))
        self._labels = _environment(folders, autoescape=False)
        self._words = {language: _read_words(folders, language) for language in LANGUAGES}
        for environment in (self._pages, self._labels):
            environment.filters["word"] = self._word

    def html(
        self, template: str, audience: Audience, variables: Mapping[str, Any], *, caption: bool = False
    ) -> str:
        """Return an HTML text within Telegram's limit."""
        page = self._pages.get_template(f"{audience.language}/{template}.html.j2")
        text = page.render(self._variables(audience, variables))
        return fit(_tidy(text), CAPTION_LIMIT if caption else MESSAGE_LIMIT)

    def plain(self, template: str, audience: Audience, variables: Mapping[str, Any]) -> str:
        """Return a plain text: a callback's answer or a refusal."""
        page = self._pages.get_template(f"{audience.language}/{template}.txt.j2")
        return _tidy(page.render(self._variables(audience, variables)))

    def refusal(self, code: str, audience: Audience, details: Mapping[str, Any]) -> str:
        """Return a refusal's sentence; a code without a template has the general one."""
        names = [f"{audience.language}/refusals/{name}.txt.j2" for name in (code, "refused")]
        page = self._pages.select_template(names)
        return _tidy(page.render(self._variables(audience, {"details": details, "code": code})))

    @cached_property
    def keys(self) -> frozenset[str]:
        """The labels of the keys under the text field, which send themselves as text."""
        return frozenset(label for words in self._words.values() for label in words["keyboard"].values())

    def words(
        self, table: str, key: str, audience: Audience, variables: Mapping[str, Any] | None = None
    ) -> str:
        """Return a short text of the words files; raises ``KeyError`` when it is not there."""
        text = self._words[audience.language][table][key]
        if "{" not in text:
            return text
        return self._labels.from_string(text).render(self._variables(audience, variables or {}))

    def problem(self, code: str, audience: Audience, details: Mapping[str, Any]) -> str:
        """Return what is wrong with an answer; a code without words has the general sentence."""
        known = code if code in self._words[audience.language]["problems"] else "unknown_problem"
        return self.words("problems", known, audience, details)

    def _variables(self, audience: Audience, variables: Mapping[str, Any]) -> dict[str, Any]:
        always = {
            "person": audience.person,
            "language": audience.language,
            "zone": audience.zone,
            "now": datetime.now(UTC),
            "ui_url": self._ui_url,
        }
        return {**always, **variables}

    @jinja2.pass_context
    def _word(self, context: jinja2.runtime.Context, key: object, table: str) -> str:
        return self._words[context["language"]][table][str(key)]


def _environment(folders: Sequence[Path], *, autoescape: Any) -> jinja2.Environment:  # noqa: ANN401 - jinja's own
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        undefined=jinja2.StrictUndefined,
        autoescape=autoescape,  # noqa: S701 - labels are plain text, pages are escaped
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "when": jinja2.pass_context(_when),
        "day": jinja2.pass_context(_day),
        "clock": jinja2.pass_context(_clock),
        "number": jinja2.pass_context(_number),
        "metres": jinja2.pass_context(_metres),
        "quantity": jinja2.pass_context(_quantity),
        "shorten": shorten,
    }
    return environment


@cache
def _read_file(path: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _read_words(folders: Sequence[Path], language: str) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for path in sorted(path for folder in folders for path in (folder / language).glob("*.toml")):
        for table, words in _read_file(path).items():
            merged.setdefault(table, {}).update(words)
    return merged


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


def _when(context: jinja2.runtime.Context, at: datetime, zone: str | None = None) -> str:
    return moments_text.when(at, context["language"], zone or context["zone"], context["now"])


def _day(context: jinja2.runtime.Context, at: datetime, zone: str | None = None) -> str:
    return moments_text.day(at, context["language"], zone or context["zone"])


def _clock(context: jinja2.runtime.Context, at: datetime, zone: str | None = None) -> str:
    return moments_text.clock(at, context["language"], zone or context["zone"])


def _quantity(context: jinja2.runtime.Context, value: float, unit: str) -> str:
    return moments_text.quantity(value, Unit(unit), context["language"])


def _number(context: jinja2.runtime.Context, value: float, digits: int | None = None) -> str:
    return moments_text.number(value, context["language"], digits)


def _metres(context: jinja2.runtime.Context, value: float) -> str:
    return moments_text.metres(value, context["language"])
