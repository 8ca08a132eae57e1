"""``siaga doctor``: looks at everything the product needs and says what to do about what is wrong."""

import asyncio
import shutil
import stat
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from db import migrate
from db.queries.staff_groups import Group, all_groups
from db.session import SYSTEM, Database
from domain.staff_groups import BotStanding, problem_of
from siaga import telegram
from siaga.namespace import RETENTION, inspect_namespace
from siaga.settings import Settings
from siaga.stack import folder
from siaga.temporal import connect

_LOW_DISK_GB = 5
_NO_DISK_GB = 1
_CLOCK_OFF_S = 60
"""Signed requests of devices are taken within five minutes; a minute leaves them room."""
_PENDING_UPDATES = 100
_PATIENCE_S = 15


class Health(StrEnum):
    """How it stands; anything red makes the exit code 1."""

    GREEN = "ok"
    YELLOW = "look"
    RED = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``advice`` says what to do."""

    subject: str
    health: Health
    says: str
    advice: str = ""


Check = Callable[[Settings], Awaitable[list[Finding]]]


async def doctor(settings: Settings) -> int:
    """Print a line per finding; return 1 if one is red."""
    settings = folder.with_running_stack(settings)
    checks: tuple[Check, ...] = (
        check_telegram,
        check_database,
        check_staff_groups,
        check_temporal,
        check_disk,
        check_secret_key,
    )
    findings = [finding for check in checks for finding in await check(settings)]
    for finding in findings:
        print(_line(finding))
    red = sum(finding.health is Health.RED for finding in findings)
    print(f"\n{red} to mend." if red else "\nAll that is needed is there.")
    return 1 if red else 0


async def check_telegram(settings: Settings) -> list[Finding]:
    """Look at the token, the webhook and the clock (against the Bot API's own)."""
    try:
        me, headers = await telegram.ask(settings, "getMe")
        webhook, _ = await telegram.ask(settings, "getWebhookInfo")
    except telegram.TelegramError as error:
        advice = "Get a token from @BotFather and set TELEGRAM_TOKEN; `siaga demo` needs none."
        return [Finding("Telegram token", Health.RED, str(error), advice)]
    found = [Finding("Telegram token", Health.GREEN, f"it is @{me['username']}'s")]
    if "date" in headers:
        found.append(_clock((datetime.now(UTC) - parsedate_to_datetime(headers["date"])).total_seconds()))
    return [*found, _webhook(settings, webhook)]


def _clock(off_s: float) -> Finding:
    if abs(off_s) < _CLOCK_OFF_S:
        return Finding("Clock", Health.GREEN, f"{abs(off_s):.0f} s from the Bot API's")
    advice = "Switch time synchronisation on (timedatectl set-ntp true): devices' signatures depend on it."
    return Finding("Clock", Health.RED, f"{abs(off_s):.0f} s {'ahead' if off_s > 0 else 'behind'}", advice)


def _webhook(settings: Settings, webhook: dict[str, object]) -> Finding:
    url = str(webhook.get("url") or "")
    if settings.telegram_mode == "webhook":
        return _wanted_webhook(settings, webhook, url)
    if url:
        advice = "Nothing to do: the bot removes it when it starts. Or set TELEGRAM_MODE=webhook."
        return Finding("Telegram webhook", Health.YELLOW, f"set to {url}, while the mode is polling", advice)
    return Finding("Telegram webhook", Health.GREEN, "none, as the mode is polling")


def _wanted_webhook(settings: Settings, webhook: dict[str, object], url: str) -> Finding:
    subject, waiting = "Telegram webhook", int(str(webhook.get("pending_update_count", 0)))
    if not settings.public_url:
        advice = "Set SIAGA_PUBLIC_URL to the API's HTTPS address."
        return Finding(subject, Health.RED, "no public address", advice)
    if not url.startswith(settings.public_url):
        advice = f"Start `siaga bot`, which sets it to {settings.public_url}."
        return Finding(subject, Health.RED, f"set to {url}" if url else "not set", advice)
    if problem := webhook.get("last_error_message"):
        advice = "Open the address from outside; the certificate must be valid, the port 443, 80, 88 or 8443."
        return Finding(subject, Health.YELLOW, f"Telegram's last attempt failed: {problem}", advice)
    if waiting > _PENDING_UPDATES:
        return Finding(subject, Health.YELLOW, f"{waiting} updates wait", "Is `siaga api` running?")
    return Finding(subject, Health.GREEN, f"{url}, {waiting} updates wait")


async def check_database(settings: Settings) -> list[Finding]:
    """Look whether PostgreSQL answers and has this version's schema."""
    if not settings.database_url:
        says = "embedded, and not running now"
        return [
            Finding(
                "Database", Health.YELLOW, says, "`siaga up` or `siaga demo` runs it; or set DATABASE_URL."
            )
        ]
    try:
        async with asyncio.timeout(_PATIENCE_S):
            current = await migrate.current(settings.database_url)
    except (OSError, SQLAlchemyError) as error:
        advice = "Is PostgreSQL running, and are host, name and password in DATABASE_URL right?"
        return [Finding("Database", Health.RED, f"no answer ({type(error).__name__})", advice)]
    if current != migrate.head():
        says = f"at revision {current or 'none'}, this version needs {migrate.head()}"
        return [Finding("Database", Health.RED, says, "Run `siaga db migrate`.")]
    return [Finding("Database", Health.GREEN, f"reachable, at revision {current}")]


async def check_staff_groups(settings: Settings) -> list[Finding]:
    """Look at the bot's place and rights in each helpdesk's group, and whether it can read there."""
    if not settings.database_url or not settings.telegram_token:
        return []
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.transaction(SYSTEM) as session:
            groups = await all_groups(session)
        me, _ = await telegram.ask(settings, "getMe")
        return [await _staff_group(settings, group, me) for group in groups]
    except (OSError, SQLAlchemyError, telegram.TelegramError):
        return []  # what is not there is said by its own line
    finally:
        await database.dispose()


async def _staff_group(settings: Settings, group: Group, me: dict[str, Any]) -> Finding:
    try:
        held, _ = await telegram.ask(settings, "getChatMember", chat_id=group.chat_id, user_id=me["id"])
    except telegram.TelegramError as error:
        return Finding("Helpdesk group", Health.RED, f"{group.title}: {error}", _GROUP_ADVICE["removed"])
    standing = BotStanding(
        is_member=held["status"] not in ("left", "kicked"),
        is_admin=held["status"] == "administrator",
        may_manage_topics=bool(held.get("can_manage_topics")),
        reads_everything=bool(me.get("can_read_all_group_messages")),
    )
    problem = problem_of(standing, is_forum=group.is_forum)
    if problem is None:
        return Finding("Helpdesk group", Health.GREEN, f"{group.title}: reads all")
    return Finding("Helpdesk group", Health.RED, f"{group.title}: {problem}", _GROUP_ADVICE[problem])


_GROUP_ADVICE = {
    "removed": "Add the bot to the group again; what waits is sent then. A group that became a supergroup is "
    "followed with the bot's next message there, or by /linkgroup.",
    "no_topics_right": "Give the bot the administrator's right to manage topics.",
    "privacy_mode": "Make the bot an administrator of the group: it sees only commands and replies now.",
}


async def check_temporal(settings: Settings) -> list[Finding]:
    """Look whether Temporal answers and its namespace is as the product needs it."""
    name = settings.temporal_namespace
    if not settings.temporal_address:
        says = "the dev server, and not running now"
        return [
            Finding(
                "Temporal",
                Health.YELLOW,
                says,
                "`siaga up` or `siaga demo` runs it; or set TEMPORAL_ADDRESS.",
            )
        ]
    try:
        async with asyncio.timeout(_PATIENCE_S):
            state = await inspect_namespace(await connect(settings))
    except (RuntimeError, RPCError, OSError) as error:
        advice = "Is it running, and are TEMPORAL_ADDRESS, TEMPORAL_API_KEY and the TLS files right?"
        return [Finding("Temporal", Health.RED, f"no answer at {settings.temporal_address}: {error}", advice)]
    found = [Finding("Temporal", Health.GREEN, f"reachable at {settings.temporal_address}")]
    if state.retention is None:
        advice = "Start `siaga worker` once, which creates it, or create it with Temporal's own tools."
        return [*found, Finding("Namespace", Health.RED, f"there is no {name}", advice)]
    if state.missing_attributes:
        says = f"search attributes are missing: {', '.join(state.missing_attributes)}"
        found.append(
            Finding("Namespace", Health.RED, says, "Start `siaga worker` once, or add them by hand.")
        )
    if state.retention < RETENTION:
        says = f"closed workflows are kept for {state.retention.days} days"
        advice = f"temporal operator namespace update -n {name} --retention {RETENTION.days}d"
        found.append(Finding("Namespace", Health.YELLOW, says, advice))
    if state.is_ready:
        found.append(Finding("Namespace", Health.GREEN, f"{name}, kept for {state.retention.days} days"))
    return found


async def check_disk(settings: Settings) -> list[Finding]:
    """Look at the room left where data and files are kept."""
    place = next(
        one for one in (settings.data_dir.resolve(), *settings.data_dir.resolve().parents) if one.exists()
    )
    free = shutil.disk_usage(place).free / 1e9
    says, advice = f"{free:.0f} GB free at {place}", "Make room, or set SIAGA_DATA_DIR to a larger disk."
    if free < _NO_DISK_GB:
        return [Finding("Disk", Health.RED, says, advice)]
    if free < _LOW_DISK_GB:
        return [Finding("Disk", Health.YELLOW, says, advice)]
    return [Finding("Disk", Health.GREEN, says)]


async def check_secret_key(settings: Settings) -> list[Finding]:
    """Look whether the key that secrets are encrypted with is there and for its owner only."""
    file = settings.secret_key_file
    if settings.secret_key:
        return [Finding("Secret key", Health.GREEN, "given as SIAGA_SECRET_KEY")]
    if not file.exists():
        says, advice = (
            "none yet",
            "It is made at the first start. With several machines, set SIAGA_SECRET_KEY on all.",
        )
        return [Finding("Secret key", Health.YELLOW, says, advice)]
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        says = f"{file} may be read by others (mode {mode:04o})"
        return [Finding("Secret key", Health.RED, says, f"chmod 600 {file}")]
    return [Finding("Secret key", Health.GREEN, f"{file}, mode 0600; keep a copy elsewhere")]


def _line(finding: Finding) -> str:
    colour = {Health.GREEN: 32, Health.YELLOW: 33, Health.RED: 31}[finding.health]
    health = f"{finding.health:<4}"
    if sys.stdout.isatty():
        health = f"\x1b[{colour}m{health}\x1b[0m"
    advice = f"\n      {'':<17} → {finding.advice}" if finding.advice else ""
    return f"{health}  {finding.subject:<17} {finding.says}{advice}"
