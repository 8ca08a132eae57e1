"""The Telegram group in which a helpdesk works, and what can stand in its way (WORDS 5, ``/linkgroup``)."""

from dataclasses import dataclass
from enum import StrEnum


class GroupProblem(StrEnum):
    """What stands in the way of working in a group."""

    REMOVED = "removed"
    """The bot is no member: nothing arrives; what is said meanwhile waits."""
    NO_TOPICS_RIGHT = "no_topics_right"
    """A forum where the bot may make no topics: tickets hang below their card, as in a plain group."""
    PRIVACY_MODE = "privacy_mode"
    """Telegram shows the bot only commands and replies to it: other words of the staff are not recorded."""


@dataclass(frozen=True, slots=True)
class BotStanding:
    """What the bot is in a group."""

    is_member: bool
    is_admin: bool = False
    may_manage_topics: bool = False
    reads_everything: bool = False
    """Group privacy is off for the bot (``getMe``); an administrator reads everything anyway."""


def problem_of(standing: BotStanding, *, is_forum: bool) -> GroupProblem | None:
    """Return the worst that stands in the way; None: the group can be worked in."""
    if not standing.is_member:
        return GroupProblem.REMOVED
    if is_forum and not standing.may_manage_topics:
        return GroupProblem.NO_TOPICS_RIGHT
    if not standing.is_admin and not standing.reads_everything:
        return GroupProblem.PRIVACY_MODE
    return None
