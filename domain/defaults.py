"""What holds when nobody set anything (WORDS 6). Durations in seconds, distances in metres."""

from domain.assignments import TaskType
from domain.priorities import Priority

BEAT_S = 30.0
MISSED_AFTER_S = 75.0
OUTAGE_ALERT_S = 15 * 60.0
OUTAGE_PROPOSAL_S = 4 * 3600.0
HANDSHAKE_REMIND_S = 24 * 3600.0
KEY_EXPIRES_S = 7 * 24 * 3600.0
SETUP_CODE_EXPIRES_S = 24 * 3600.0
INVITE_EXPIRES_S = 7 * 24 * 3600.0
SECRET_SHOWN_S = 300.0
"""After this a chat message with a key is edited away."""

OFFER_STANDS_S = {
    Priority.URGENT: 5 * 60.0,
    Priority.HIGH: 15 * 60.0,
    Priority.MEDIUM: 3600.0,
    Priority.LOW: 4 * 3600.0,
}
REMIND_AT_SHARE = 0.5
"""An unanswered offer is reminded of at half its time."""

EXPECTED_MINUTES = {
    TaskType.INSTALLATION: 240,
    TaskType.MAINTENANCE: 60,
    TaskType.REPAIR: 120,
    TaskType.INSPECTION: 30,
}

SERVICE_HOURS = (
    *((day, *span) for day in range(4) for span in ((480, 720), (780, 1020))),
    (4, 480, 690),
    (4, 780, 1020),
    (5, 480, 720),
)
"""Weekday (Monday is 0), from and to in minutes since midnight: Mon-Thu 08-12, 13-17; Fri 08-11.30, 13-17;
Sat 08-12."""
SLA_S = {
    Priority.URGENT: (15 * 60.0, 4 * 3600.0),
    Priority.HIGH: (3600.0, 8 * 3600.0),
    Priority.MEDIUM: (4 * 3600.0, 16 * 3600.0),
    Priority.LOW: (8 * 3600.0, 40 * 3600.0),
}
"""First answer and solution, seconds of business time; a day of WORDS 6 is the eight hours of a weekday."""
SLA_ALWAYS = frozenset({Priority.URGENT})
"""Priorities whose clocks run round the clock."""

TIME_ZONE = "Asia/Jakarta"
LANGUAGE = "id"
BUMP_MESSAGES = 15
BUMP_AGE_S = 12 * 3600.0
QUIET_FROM_HOUR = 21
QUIET_TO_HOUR = 6

PHOTO_LIMIT_MB = 20
PHOTO_LIMIT_MEGAPIXELS = 50
"""A larger picture is refused before it is unpacked."""
PHOTO_LONG_EDGE_PX = 2560

SETTINGS: dict[str, float] = {
    "beat_s": BEAT_S,
    "missed_after_s": MISSED_AFTER_S,
    "outage_alert_s": OUTAGE_ALERT_S,
    "outage_proposal_s": OUTAGE_PROPOSAL_S,
    "handshake_remind_s": HANDSHAKE_REMIND_S,
    "key_expires_s": KEY_EXPIRES_S,
    "ticket_close_waiting_days": 3,
    "ticket_close_solved_days": 2,
    "ticket_reopen_days": 7,
    **{f"offer_stands_{priority}_s": seconds for priority, seconds in OFFER_STANDS_S.items()},
}
"""The defaults an organization may override (table ``settings``), by key."""
