"""All that people meet, brought together for the machinery."""

from typing import Any

from telegram.ext import Application

from bot.cards.assignment import AssignmentCard
from bot.cards.escalation import EscalationCard
from bot.cards.handshake import HandshakeCard
from bot.cards.invite import invite_card
from bot.cards.lost_run import LostRunCard
from bot.cards.machine import MachineCard
from bot.cards.onboarding import OnboardingCard
from bot.cards.runs import Runs
from bot.content import Content
from bot.dialogs.access import ACCESS_DIALOGS
from bot.dialogs.assign import ASSIGN
from bot.dialogs.cancel_onboarding import CANCEL_ONBOARDING
from bot.dialogs.invite import INVITE
from bot.dialogs.place_photos import PLACE_PHOTOS
from bot.dialogs.register_machine import REGISTER_MACHINE
from bot.dialogs.task_moves import TASK_DIALOGS
from bot.handlers import (
    account,
    assignments,
    escalations,
    handshake,
    invites,
    lost_runs,
    machines,
    onboarding,
    people,
    photos,
    start,
    tasks,
    why,
)
from bot.menus import set_general_menus
from bot.notices import NOTICES
from bot.settings import BotSettings
from db.secrets import Cipher
from domain.chat import Thing

DIALOGS = (REGISTER_MACHINE, ASSIGN, INVITE, CANCEL_ONBOARDING, PLACE_PHOTOS, *TASK_DIALOGS, *ACCESS_DIALOGS)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Add every handler, by theme; photos last, because they also take whatever nobody else took."""
    for theme in (
        start,
        account,
        tasks,
        assignments,
        escalations,
        onboarding,
        machines,
        handshake,
        invites,
        people,
        lost_runs,
        why,
        photos,
    ):
        theme.register(application)


def content(settings: BotSettings) -> Content:
    """Return what people meet; cards need the secret key for setup codes and the Temporal UI for links."""
    cipher, runs = Cipher(settings.secret_key), Runs(settings.ui_url)
    return Content(
        register=register,
        cards={
            Thing.ASSIGNMENT: AssignmentCard(cipher, runs),
            Thing.ESCALATION: EscalationCard(runs),
            Thing.ONBOARDING: OnboardingCard(cipher, runs),
            Thing.MACHINE: MachineCard(runs),
            Thing.HANDSHAKE: HandshakeCard(runs),
            Thing.INVITE: invite_card,
            Thing.LOST_RUN: LostRunCard(runs),
        },
        dialogs={dialog.name: dialog for dialog in DIALOGS},
        notices=NOTICES,
        started=set_general_menus,
    )
