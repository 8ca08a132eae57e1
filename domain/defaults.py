"""What holds when nobody set anything (WORDS 6). Durations in seconds, distances in metres."""

from collections.abc import Mapping

from domain.arrivals import ArrivalPolicy
from domain.assignments import AssignmentPolicy, OverduePolicy, TaskType
from domain.priorities import Priority

BEAT_S = 30.0
MISSED_AFTER_S = 75.0
FLAP_CHANGES = 3
FLAP_WINDOW_S = 600.0
"""So many changes of the connection within this make a machine unstable."""
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
ARRIVAL = ArrivalPolicy()
OVERDUE = OverduePolicy()
UNDO_S = AssignmentPolicy(offer_stands_s=0).undo_s

PIN_BEFORE_S = 15 * 60.0
PIN_AFTER_S = 2 * 3600.0
"""A maintenance PIN counts from before the visit's start until after it; the box holds the same figures."""

TIME_ZONE = "Asia/Jakarta"
LANGUAGE = "id"
BUMP_MESSAGES = 15
BUMP_AGE_S = 12 * 3600.0
FOLD_S = 600.0
"""What calls a person about late tickets this soon after a call is edited into that one."""
STUCK_AFTER_S = 120.0
"""An update or a due delivery that waits longer says that chat does not move."""
SLOW_AFTER_S = 10.0
"""Messages that leave later than this, one in twenty, say that chat is slow."""
QUIET_FROM_HOUR = 21.0
QUIET_TO_HOUR = 6.0
DIGEST_HOUR = 7.0
NEVER_HOUR = 24.0
"""An organization whose digest is due at this hour gets none."""

PHOTO_LIMIT_MB = 20
TICKET_FILE_LIMIT_MB = 20
"""What Telegram gives to bots: larger files are passed on, not kept."""
PHOTO_LIMIT_MEGAPIXELS = 50
"""A larger picture is refused before it is unpacked."""
PHOTO_LONG_EDGE_PX = 2560

SETTINGS: dict[str, float] = {
    "beat_s": BEAT_S,
    "missed_after_s": MISSED_AFTER_S,
    "flap_changes": float(FLAP_CHANGES),
    "flap_window_s": FLAP_WINDOW_S,
    "outage_alert_s": OUTAGE_ALERT_S,
    "outage_proposal_s": OUTAGE_PROPOSAL_S,
    "handshake_remind_s": HANDSHAKE_REMIND_S,
    "key_expires_s": KEY_EXPIRES_S,
    "ticket_close_waiting_days": 3.0,
    "ticket_close_solved_days": 2.0,
    "ticket_reopen_days": 7.0,
    "ticket_hold_s": 10.0,
    "ticket_files_days": 365.0,
    "invite_expires_s": INVITE_EXPIRES_S,
    "quiet_from_hour": QUIET_FROM_HOUR,
    "quiet_to_hour": QUIET_TO_HOUR,
    "digest_hour": DIGEST_HOUR,
    **{f"offer_stands_{priority}_s": seconds for priority, seconds in OFFER_STANDS_S.items()},
    **{f"expected_minutes_{task_type}": float(minutes) for task_type, minutes in EXPECTED_MINUTES.items()},
    "undo_s": UNDO_S,
    "arrival_radius_m": ARRIVAL.radius_m,
    "arrival_accuracy_most_m": ARRIVAL.accuracy_most_m,
    "arrival_max_age_s": ARRIVAL.max_age_s,
    "start_overdue_remind_s": OVERDUE.start_remind_s,
    "start_overdue_dispatcher_s": OVERDUE.start_dispatcher_s,
    "start_overdue_admins_s": OVERDUE.start_admins_s,
    "finish_overdue_share": OVERDUE.finish_share,
    "finish_overdue_dispatcher_s": OVERDUE.finish_dispatcher_s,
    "finish_overdue_admins_s": OVERDUE.finish_admins_s,
}
"""The defaults an organization may override (table ``settings``), by key."""


def assignment_policy(
    own: Mapping[str, float], priority: Priority, radius_m: float | None = None
) -> AssignmentPolicy:
    """Return an organization's settings as one task holds them; ``radius_m`` is the task's own, if any."""
    return AssignmentPolicy(
        offer_stands_s=own[f"offer_stands_{priority}_s"],
        undo_s=own["undo_s"],
        arrival=ArrivalPolicy(
            radius_m=own["arrival_radius_m"] if radius_m is None else radius_m,
            accuracy_most_m=own["arrival_accuracy_most_m"],
            max_age_s=own["arrival_max_age_s"],
        ),
        overdue=OverduePolicy(
            start_remind_s=own["start_overdue_remind_s"],
            start_dispatcher_s=own["start_overdue_dispatcher_s"],
            start_admins_s=own["start_overdue_admins_s"],
            finish_share=own["finish_overdue_share"],
            finish_dispatcher_s=own["finish_overdue_dispatcher_s"],
            finish_admins_s=own["finish_overdue_admins_s"],
        ),
    )
