"""Variables for every template, so that a test can render and a person can read them all."""

from tests.bot.samples.cards import cards
from tests.bot.samples.customers import customers
from tests.bot.samples.dialogs import dialogs
from tests.bot.samples.helpdesk import helpdesk
from tests.bot.samples.notices import notices
from tests.bot.samples.office import office
from tests.bot.samples.plans import plans
from tests.bot.samples.replies import replies
from tests.bot.samples.rows import Words


def pages() -> list[tuple[str, Words]]:
    """Return every HTML template with variables."""
    return [*cards(), *notices(), *replies(), *office(), *dialogs(), *plans(), *helpdesk(), *customers()]
