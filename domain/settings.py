"""Which defaults of WORDS 6 an organization may change: one table, from which chat and API are made.

A value is a number of its unit. The default itself stands in ``domain.defaults``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.defaults import NEVER_HOUR, SETTINGS
from domain.errors import InvalidInput

DAY_S = 24 * 3600.0


class Area(StrEnum):
    """The card that shows a setting."""

    MACHINES = "machines"
    OFFERS = "offers"
    OVERDUE = "overdue"
    ARRIVAL = "arrival"
    QUIET = "quiet"
    PEOPLE = "people"
    HELPDESK = "helpdesk"


class Unit(StrEnum):
    """What a value counts; seconds are shown as minutes, hours or days."""

    SECONDS = "s"
    MINUTES = "min"
    METRES = "m"
    SHARE = "share"
    """1 is the whole; shown as percent."""
    HOUR = "hour"
    """A full hour of the day, 0 to 24."""
    COUNT = "count"
    DAYS = "days"


class Effect(StrEnum):
    """From when a changed value holds: running workflows keep what they began with."""

    AT_ONCE = "at_once"
    NEW_TASKS = "new_tasks"
    NEW_MACHINES = "new_machines"
    """Machines registered from now on."""
    NEXT_OUTAGE = "next_outage"
    NEW_INVITES = "new_invites"
    NEW_TICKETS = "new_tickets"


@dataclass(frozen=True, slots=True)
class Setting:
    """One default that may be changed, between ``lowest`` and ``highest``.

    ``above`` names the setting that must stay smaller: a box that is missed before it beats is always missed.
    """

    key: str
    area: Area
    lowest: float
    highest: float
    effect: Effect
    unit: Unit = Unit.SECONDS
    above: str = ""

    @property
    def default(self) -> float:
        """Return what holds where nobody set anything."""
        return SETTINGS[self.key]


TABLE: tuple[Setting, ...] = (
    Setting("beat_s", Area.MACHINES, 1, 600, Effect.NEW_MACHINES),
    Setting("missed_after_s", Area.MACHINES, 2, 3600, Effect.NEW_MACHINES, above="beat_s"),
    Setting("flap_changes", Area.MACHINES, 2, 20, Effect.NEXT_OUTAGE, Unit.COUNT),
    Setting("flap_window_s", Area.MACHINES, 60, DAY_S, Effect.NEXT_OUTAGE),
    Setting("outage_alert_s", Area.MACHINES, 60, DAY_S, Effect.NEXT_OUTAGE),
    Setting("outage_proposal_s", Area.MACHINES, 300, 30 * DAY_S, Effect.NEXT_OUTAGE, above="outage_alert_s"),
    Setting("handshake_remind_s", Area.MACHINES, 3600, 30 * DAY_S, Effect.NEW_MACHINES),
    Setting(
        "key_expires_s", Area.MACHINES, 3600, 90 * DAY_S, Effect.NEW_MACHINES, above="handshake_remind_s"
    ),
    Setting("offer_stands_urgent_s", Area.OFFERS, 60, 7 * DAY_S, Effect.NEW_TASKS),
    Setting("offer_stands_high_s", Area.OFFERS, 60, 7 * DAY_S, Effect.NEW_TASKS),
    Setting("offer_stands_medium_s", Area.OFFERS, 60, 7 * DAY_S, Effect.NEW_TASKS),
    Setting("offer_stands_low_s", Area.OFFERS, 60, 7 * DAY_S, Effect.NEW_TASKS),
    Setting("expected_minutes_installation", Area.OVERDUE, 1, 10_000, Effect.NEW_TASKS, Unit.MINUTES),
    Setting("expected_minutes_maintenance", Area.OVERDUE, 1, 10_000, Effect.NEW_TASKS, Unit.MINUTES),
    Setting("expected_minutes_repair", Area.OVERDUE, 1, 10_000, Effect.NEW_TASKS, Unit.MINUTES),
    Setting("expected_minutes_inspection", Area.OVERDUE, 1, 10_000, Effect.NEW_TASKS, Unit.MINUTES),
    Setting("start_overdue_remind_s", Area.OVERDUE, 60, 7 * DAY_S, Effect.NEW_TASKS),
    Setting(
        "start_overdue_dispatcher_s",
        Area.OVERDUE,
        60,
        7 * DAY_S,
        Effect.NEW_TASKS,
        above="start_overdue_remind_s",
    ),
    Setting(
        "start_overdue_admins_s",
        Area.OVERDUE,
        60,
        7 * DAY_S,
        Effect.NEW_TASKS,
        above="start_overdue_dispatcher_s",
    ),
    Setting("finish_overdue_share", Area.OVERDUE, 1, 10, Effect.NEW_TASKS, Unit.SHARE),
    Setting("finish_overdue_dispatcher_s", Area.OVERDUE, 60, 7 * DAY_S, Effect.NEW_TASKS),
    Setting(
        "finish_overdue_admins_s",
        Area.OVERDUE,
        60,
        7 * DAY_S,
        Effect.NEW_TASKS,
        above="finish_overdue_dispatcher_s",
    ),
    Setting("arrival_radius_m", Area.ARRIVAL, 10, 10_000, Effect.NEW_TASKS, Unit.METRES),
    Setting("arrival_accuracy_most_m", Area.ARRIVAL, 0, 1000, Effect.NEW_TASKS, Unit.METRES),
    Setting("arrival_max_age_s", Area.ARRIVAL, 60, DAY_S, Effect.NEW_TASKS),
    Setting("undo_s", Area.ARRIVAL, 0, 3600, Effect.NEW_TASKS),
    Setting("quiet_from_hour", Area.QUIET, 0, 23, Effect.AT_ONCE, Unit.HOUR),
    Setting("quiet_to_hour", Area.QUIET, 0, 23, Effect.AT_ONCE, Unit.HOUR),
    Setting("digest_hour", Area.QUIET, 0, NEVER_HOUR, Effect.AT_ONCE, Unit.HOUR),
    Setting("invite_expires_s", Area.PEOPLE, 3600, 90 * DAY_S, Effect.NEW_INVITES),
    Setting("ticket_close_waiting_days", Area.HELPDESK, 3, 30, Effect.NEW_TICKETS, Unit.DAYS),
    Setting("ticket_close_solved_days", Area.HELPDESK, 1, 30, Effect.NEW_TICKETS, Unit.DAYS),
    Setting("ticket_reopen_days", Area.HELPDESK, 1, 60, Effect.NEW_TICKETS, Unit.DAYS),
    Setting("ticket_hold_s", Area.HELPDESK, 0, 60, Effect.AT_ONCE),
    Setting("ticket_files_days", Area.HELPDESK, 7, 3650, Effect.AT_ONCE, Unit.DAYS),
)
"""In the order of the cards."""

BY_KEY: Mapping[str, Setting] = {one.key: one for one in TABLE}

_LADDERS: Mapping[Unit, tuple[float, ...]] = {
    Unit.SECONDS: (
        *(0, 1, 2, 3, 5, 10, 15, 30, 45, 60, 75, 120, 180, 300, 600, 900, 1200, 1800, 2700),
        *(hours * 3600.0 for hours in (1, 2, 3, 4, 6, 8, 12, 18)),
        *(days * DAY_S for days in (1, 2, 3, 5, 7, 14, 30, 60, 90)),
    ),
    Unit.MINUTES: (*range(5, 60, 5), 60, 90, 120, 150, 180, 240, 300, 360, 480, 600, 960, 1440),
    Unit.METRES: (0, 10, 25, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000),
    Unit.SHARE: (0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 5),
    Unit.HOUR: tuple(range(25)),
    Unit.COUNT: tuple(range(1, 21)),
    Unit.DAYS: (1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90, 180, 365, 730, 1825, 3650),
}
"""Values that people would name, in order."""
SUGGESTED_EACH_WAY = 4
_WHOLE = (Unit.COUNT, Unit.DAYS, Unit.HOUR, Unit.MINUTES)


def setting_named(key: str) -> Setting:
    """Return a row of the table; raises ``InvalidInput`` for a key that it does not have."""
    found = BY_KEY.get(key)
    if found is None:
        raise InvalidInput(field=key, problem="unknown_setting")
    return found


def suggestions(row: Setting, value: float) -> tuple[float, ...]:
    """Return round values within the bounds, from a few below the present value to a few above, with it."""
    ladder = sorted(
        {step for step in _LADDERS[row.unit] if row.lowest <= step <= row.highest} | {value, row.default}
    )
    here = ladder.index(value)
    return tuple(ladder[max(0, here - SUGGESTED_EACH_WAY) : here + SUGGESTED_EACH_WAY + 1])


def checked(values: Mapping[str, float], changes: Mapping[str, float | None]) -> dict[str, float]:
    """Return all values after the changes; a change to None goes back to the default.

    Raises:
        InvalidInput: ``unknown_setting``; ``setting_bounds`` (details: ``lowest``, ``highest``);
            ``setting_order`` (details: ``than``, the setting that would no longer be smaller, and its value).
    """
    after = dict(values)
    for key, value in changes.items():
        row = setting_named(key)
        after[key] = row.default if value is None else value
        if not row.lowest <= after[key] <= row.highest or (row.unit in _WHOLE and after[key] % 1):
            raise InvalidInput(
                field=key, problem="setting_bounds", lowest=row.lowest, highest=row.highest, unit=row.unit
            )
    for row in TABLE:
        touched = changes.keys() & {row.key, row.above}
        if row.above and touched and after[row.key] <= after[row.above]:
            raise InvalidInput(
                field=row.key,
                problem="setting_order",
                than=row.above,
                limit=after[row.above],
                unit=row.unit,
            )
    return after
