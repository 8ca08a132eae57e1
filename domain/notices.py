"""How loud each notice is, and what happens when nobody knows whether it arrived (WORDS 5, DESIGN 3.6)."""

from dataclasses import dataclass

from domain.chat import DeliveryClass, Loudness


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice's template declares; an organization may change the loudness."""

    loudness: Loudness = Loudness.SOUND
    delivery_class: DeliveryClass = DeliveryClass.CHATTER


_ALARM = Notice(delivery_class=DeliveryClass.ALARM)
_SILENT = Notice(Loudness.SILENT)

NOTICES: dict[str, Notice] = {
    "access_granted": _SILENT,
    "access_withdrawn": Notice(),
    "assignment_cancelled": Notice(),
    "assignment_completed": _SILENT,
    "assignment_declined": Notice(),
    "assignment_expired": Notice(),
    "assignment_handed_back": Notice(),
    "assignment_postponed": Notice(),
    "assignment_prioritized": Notice(),
    "assignment_reminder": Notice(),
    "assignment_rescheduled": Notice(),
    "assignment_taken_back": Notice(),
    "assignment_withdrawn": Notice(),
    "customer_left": _SILENT,
    "customer_left_tickets": Notice(),
    "digest": _SILENT,
    "handed_over": Notice(),
    "holidays_due": _SILENT,
    "invite_confirmed": Notice(),
    "join_accepted": Notice(),
    "join_refused": Notice(),
    "machine_commissioned": _SILENT,
    "machine_offline_long": _ALARM,
    "machine_online": _SILENT,
    "machine_outage_proposal": _ALARM,
    "machine_unstable": Notice(),
    "onboarding_expired": Notice(),
    "onboarding_reminder": _SILENT,
    "onboarding_test_failed": Notice(),
    "staff_group_lost": Notice(),
    "staff_group_moved": _SILENT,
    "ticket_answered": Notice(),
    "ticket_asked": Notice(),
    "ticket_back": Notice(),
    "ticket_closed": Notice(),
    "ticket_closed_by_customer": Notice(),
    "ticket_confirmed": _SILENT,
    "ticket_expired": _SILENT,
    "ticket_forwarded": Notice(),
    "ticket_handed_over": Notice(),
    "ticket_merged": Notice(),
    "ticket_rated": _SILENT,
    "ticket_reminder": Notice(),
    "ticket_reopened": Notice(),
    "ticket_solved": Notice(),
    "ticket_sorted": _SILENT,
    "problem_photo": _SILENT,
    "problem_solved": _SILENT,
    "report_ready": _SILENT,
    "satisfaction": _SILENT,
    "plan_skipped": Notice(),
    "plan_stopped": Notice(),
    "shifts_changed": Notice(),
}
"""Templates of ``notices/``: sound when the reader must know or act, silent when it can wait for a look."""

CHOICES = (Loudness.SILENT, Loudness.SOUND)
"""How loud an organization may want a message: never off."""
ADJUSTABLE = tuple(name for name, notice in sorted(NOTICES.items()) if notice.loudness in CHOICES)
"""Templates whose loudness an organization may choose: what pages stays a page."""
