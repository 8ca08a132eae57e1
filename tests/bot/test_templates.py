"""Every template speaks both languages, with nothing missing and nothing that Telegram refuses."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import jinja2
import pytest

from bot.registry import DIALOGS
from bot.render import LANGUAGES, TEMPLATES, Audience, Renderer
from bot.spoken import Tag
from db.papers.exports import Export
from domain.arrivals import ArrivalMethod
from domain.assignments import AssignmentStatus, DeclineReason, HandBackReason, PostponeReason, TaskType
from domain.checklists import CheckOutcome, ItemKind
from domain.edge import CheckName
from domain.errors import all_refusals
from domain.escalations import Audience as Called
from domain.escalations import EscalationKind
from domain.machines import Connection, MachineStatus
from domain.notices import ADJUSTABLE, NOTICES
from domain.onboarding import OnboardingStep
from domain.priorities import Priority
from domain.problems import ProblemKind, ProblemStatus
from domain.roles import Role
from domain.settings import BY_KEY, TABLE, Area, Effect, Unit
from domain.tickets import CloseReason, TicketMove, TicketStatus
from domain.tickets import Effect as TicketEffect
from siaga.simulator.text.html import parse_html
from tests.bot.samples.cards import an_assignment_card
from tests.bot.samples.pages import pages
from tests.bot.samples.rows import a_task

TABLES: dict[str, Iterable[str]] = {
    "task_type": TaskType,
    "priority": Priority,
    "priority_mark": Priority,
    "assignment_status": AssignmentStatus,
    "machine_status": MachineStatus,
    "connection": Connection,
    "connection_mark": Connection,
    "onboarding_step": OnboardingStep,
    "check": CheckName,
    "role": Role,
    "decline_reason": DeclineReason,
    "hand_back_reason": HandBackReason,
    "arrival_method": ArrivalMethod,
    "check_mark": CheckOutcome,
    "check_kind_mark": ItemKind,
    "photo_tag": Tag,
    "problem_kind": ProblemKind,
    "problem_status": ProblemStatus,
    "settings_area": [area for area in Area if any(row.area == area for row in TABLE)],
    "setting": BY_KEY,
    "setting_about": BY_KEY,
    "setting_example": Unit,
    "setting_effect": Effect,
    "notice": ADJUSTABLE,
    "export": Export,
    "postpone_reason": PostponeReason,
    "escalation_kind": EscalationKind,
    "audience": Called,
    "ticket_status": TicketStatus,
    "ticket_status_own": TicketStatus,
    "ticket_effect": TicketEffect,
    "ticket_close_reason": CloseReason,
    "ticket_mark": TicketStatus,
    "ticket_move": TicketMove,
    "file_kind": ("photo", "document", "voice", "video"),
    "ticket_clock": ("first_answer", "solution"),
}


def names(language: str) -> set[str]:
    """Return the templates of a language."""
    folder = TEMPLATES / language
    return {str(path.relative_to(folder)) for path in folder.rglob("*.j2")}


def test_both_languages_have_the_same_templates() -> None:
    assert names("id") == names("en")


def test_every_notice_says_how_loud_it_is() -> None:
    notices = {Path(name).name.split(".")[0] for name in names("id") if name.startswith("notices/")}
    assert notices == set(NOTICES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_is_good_jinja(language: str) -> None:
    environment = jinja2.Environment(autoescape=True)
    filters = ("word", "when", "day", "clock", "number", "quantity", "metres", "shorten")
    environment.filters |= dict.fromkeys(filters, str)
    for name in names(language):
        environment.parse((TEMPLATES / language / name).read_text())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_every_code_has_a_word(language: str, table: str) -> None:
    audience = Audience(language, "Asia/Jakarta")
    for code in TABLES[table]:
        Renderer().words(table, code, audience)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(all_refusals()))
def test_every_refusal_is_a_short_sentence(language: str, code: str) -> None:
    sentence = Renderer().refusal(code, Audience(language, "Asia/Jakarta"), {})

    assert (TEMPLATES / language / "refusals" / f"{code}.txt.j2").exists()
    assert sentence.endswith((".", "/tugas", "/tasks", "/me"))
    assert len(sentence) <= 200
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("code", "details", "said"),
    [
        ("not_possible_now", {"noun": "assignment", "status": "completed", "move": "start"}, "Selesai"),
        ("not_possible_now", {"noun": "machine", "status": "full", "move": "fill"}, "Penuh"),
        ("not_yours", {"holder": "Sari <3"}, "Sari <3"),
        ("already_taken", {"holder": "Sari"}, "Sari"),
        ("file_too_big", {"limit_mb": 20}, "20 MB"),
        ("image_too_large", {"limit_megapixels": 50}, "50 megapiksel"),
        ("clock_off", {"off_by_s": 3600, "server_time": "2026-11-21T02:00:00Z"}, "3.600 detik"),
        ("too_large", {"limit_kb": 256}, "256 KB"),
        ("not_allowed", {"problem": "token"}, "chat lain"),
        ("invalid_input", {"field": "serial_number", "problem": "taken"}, "Nomor seri"),
        (
            "invalid_input",
            {
                "field": "missed_after_s",
                "problem": "setting_bounds",
                "lowest": 2,
                "highest": 3600,
                "unit": "s",
            },
            "dari 2 detik sampai 1 jam",
        ),
        (
            "invalid_input",
            {
                "field": "key_expires_s",
                "problem": "setting_order",
                "than": "handshake_remind_s",
                "limit": 86400,
                "unit": "s",
            },
            "“Ingatkan pemasangan setelah” (1 hari)",
        ),
        (
            "invalid_input",
            {"field": "rule", "problem": "same_day", "day": "2026-12-05", "other": 7},
            "rencana #7",
        ),
        ("invalid_input", {"field": "rule", "problem": "plan_limit", "limit": 200}, "200 rencana aktif"),
        ("invalid_input", {"field": "machine_uuid", "problem": "other_machine"}, "mesin lain"),
        ("invalid_input", {"field": "scheduled_date", "problem": "in_past"}, "sudah lewat"),
        ("invalid_input", {"field": "answers", "problem": "missing"}, "daftar periksa"),
        ("closed", {"noun": "assignment", "status": "completed", "undo": True}, "batalkan dulu"),
        ("too_far_away", {"distance_m": 1012, "allowed_m": 250}, "1012 m"),
        ("location_too_old", {"minutes": 61}, "61 menit"),
        ("no_access", {"machine": "RVM Blok M"}, "RVM Blok M"),
        ("checklist_open", {"missing": 3}, "3 langkah"),
    ],
)
def test_refusals_say_what_they_know(code: str, details: dict[str, object], said: str) -> None:
    assert said in Renderer().refusal(code, Audience("id", "Asia/Jakarta"), details)


def labels_of_dialogs() -> Iterator[str]:
    """Return the keys of the buttons that dialogs declare."""
    for dialog in DIALOGS:
        for one in dialog.fields:
            labels = getattr(one, "labels", "") or one.name
            for choice in getattr(one, "choices", ()):
                yield f"{labels}_{choice}"
            if label := getattr(one, "label", ""):
                yield label


def labels_in_code() -> Iterator[str]:
    """Return the keys of the buttons that cards, handlers and notices make."""
    for path in Path("bot").rglob("*.py"):
        yield from re.findall(r"\b(?:button|link|copy)\(\s*\"([a-z_]+)\"", path.read_text())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_has_a_label(language: str) -> None:
    words = Renderer()._words[language]["buttons"]

    missing = {key for key in (*labels_of_dialogs(), *labels_in_code()) if key not in words}

    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_renders_to_what_telegram_accepts(language: str) -> None:
    for ui_url in ("", "https://ui.example.org/namespaces/siaga"):
        renderer = Renderer(ui_url=ui_url)
        for template, words in pages():
            audience = Audience(language, "Asia/Jakarta", words.get("person"))
            plain, _ = parse_html(renderer.html(template, audience, words))
            assert plain, template
            assert "None" not in plain, (template, plain)
            assert "{" not in plain, (template, plain)
            assert "\n\n\n" not in plain, (template, plain)


def test_every_page_has_a_sample() -> None:
    sampled = {f"{name}.html.j2" for name, _ in pages()}

    missing = {
        name
        for name in names("id")
        if name.endswith(".html.j2")
        and not name.startswith(("machinery/", "partials/"))
        and name not in sampled
    }

    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_toast_is_short(language: str) -> None:
    for path in (TEMPLATES / language / "toasts").glob("*.txt.j2"):
        name = path.name.removesuffix(".txt.j2")
        said = Renderer().plain(
            f"toasts/{name}",
            Audience(language, "Asia/Jakarta"),
            {"machine": "RVM", "name": "Sari", "number": 12, "method": ArrivalMethod.QR, "steps": 3},
        )
        assert 0 < len(said) <= 120


def test_a_card_of_a_busy_task_is_short_enough_for_one_bar_of_signal() -> None:
    task = a_task(status=AssignmentStatus.IN_PROGRESS, description="Pintu macet")
    words = an_assignment_card(task, mine=True)

    assert len(Renderer().html("cards/assignment", Audience("id", "Asia/Jakarta"), words)) < 500
