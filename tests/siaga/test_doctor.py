"""The doctor says what is wrong and what to do, and its exit code says whether anything is."""

from pathlib import Path

import pytest

from siaga import doctor
from siaga.doctor import Finding, Health
from siaga.settings import Settings, ensure_secret_key
from siaga.stack.stack import Stack
from tests import database as test_database

NOWHERE = "127.0.0.1:1"


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir)


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1
    return findings[0]


@pytest.mark.stack
@pytest.mark.asyncio(loop_scope="session")
async def test_a_running_stack_is_healthy(standing_stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    code = await doctor.doctor(Settings(data_dir=standing_stack.settings.data_dir))

    report = capsys.readouterr().out
    assert code == 0, report
    assert "ok    Telegram token    it is @siaga_sim_bot's" in report
    assert "ok    Namespace         siaga, kept for 30 days" in report
    assert report.endswith("All that is needed is there.\n")


async def test_anything_red_makes_the_exit_code_one(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await doctor.doctor(settings)

    report = capsys.readouterr().out
    assert code == 1
    assert "bad   Telegram token    TELEGRAM_TOKEN is not set.\n" in report
    assert "→ Get a token from @BotFather" in report
    assert report.endswith("1 to mend.\n")


async def test_a_bot_api_that_is_not_there_does_not_show_the_token() -> None:
    settings = Settings(telegram_token="12:secret", telegram_base_url=f"http://{NOWHERE}/bot")

    finding = only(await doctor.check_telegram(settings))

    assert finding.health is Health.RED
    assert "secret" not in finding.says


@pytest.mark.parametrize(
    ("off_s", "health"), [(0.4, Health.GREEN), (-59, Health.GREEN), (3600, Health.RED), (-61, Health.RED)]
)
def test_a_clock_may_be_off_by_less_than_a_minute(off_s: float, health: Health) -> None:
    assert doctor._clock(off_s).health is health


@pytest.mark.parametrize(
    ("mode", "public_url", "webhook", "health"),
    [
        ("polling", "", {"url": ""}, Health.GREEN),
        ("polling", "", {"url": "https://elsewhere.example"}, Health.YELLOW),
        ("webhook", "", {"url": ""}, Health.RED),
        ("webhook", "https://s.example", {"url": ""}, Health.RED),
        ("webhook", "https://s.example", {"url": "https://s.example/telegram"}, Health.GREEN),
        (
            "webhook",
            "https://s.example",
            {"url": "https://s.example/telegram", "last_error_message": "timed out"},
            Health.YELLOW,
        ),
        (
            "webhook",
            "https://s.example",
            {"url": "https://s.example/telegram", "pending_update_count": 5000},
            Health.YELLOW,
        ),
    ],
)
def test_the_webhook_must_fit_the_mode(
    mode: str, public_url: str, webhook: dict[str, object], health: Health
) -> None:
    settings = Settings(telegram_mode=mode, public_url=public_url)  # type: ignore[arg-type]

    assert doctor._webhook(settings, webhook).health is health


async def test_an_unreachable_database_is_red() -> None:
    settings = Settings(database_url=f"postgresql+asyncpg://siaga:secret@{NOWHERE}/siaga")

    finding = only(await doctor.check_database(settings))

    assert finding.health is Health.RED
    assert "secret" not in finding.says


async def test_a_database_without_the_schema_is_red_and_a_migrated_one_green(
    database_url: str, template: str
) -> None:
    assert template
    empty = Settings(database_url=test_database.url_of("postgres"))

    assert only(await doctor.check_database(empty)).advice == "Run `siaga db migrate`."
    assert only(await doctor.check_database(Settings(database_url=database_url))).health is Health.GREEN


async def test_an_unreachable_temporal_is_red() -> None:
    finding = only(await doctor.check_temporal(Settings(temporal_address=NOWHERE)))

    assert finding.health is Health.RED
    assert NOWHERE in finding.says


async def test_a_secret_key_that_others_may_read_is_red(settings: Settings) -> None:
    assert only(await doctor.check_secret_key(settings)).health is Health.YELLOW
    ensure_secret_key(settings)
    assert only(await doctor.check_secret_key(settings)).health is Health.GREEN

    settings.secret_key_file.chmod(0o644)

    finding = only(await doctor.check_secret_key(settings))
    assert finding.health is Health.RED
    assert finding.advice == f"chmod 600 {settings.secret_key_file}"
