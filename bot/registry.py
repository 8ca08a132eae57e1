"""All that people meet, brought together for the machinery."""

from typing import Any

from telegram.ext import Application

from bot.cards.assignment import AssignmentCard
from bot.cards.checklist import checklist_card
from bot.cards.escalation import EscalationCard
from bot.cards.handshake import HandshakeCard
from bot.cards.invite import invite_card
from bot.cards.join_request import join_request_card
from bot.cards.late_tickets import late_tickets_card
from bot.cards.lost_run import LostRunCard
from bot.cards.machine import MachineCard
from bot.cards.onboarding import OnboardingCard
from bot.cards.plan import PlanCard
from bot.cards.problem import ProblemCard
from bot.cards.runs import Runs
from bot.cards.staff_ticket import ticket_card
from bot.cards.ticket_draft import ticket_draft_card
from bot.content import Content
from bot.dialogs.access import ACCESS_DIALOGS
from bot.dialogs.answer_ticket import ANSWER_TICKET
from bot.dialogs.arrive import ARRIVAL
from bot.dialogs.assign import ASSIGN
from bot.dialogs.away import AWAY_DIALOGS
from bot.dialogs.cancel_onboarding import CANCEL_ONBOARDING
from bot.dialogs.change_draft import CHANGE_DRAFT
from bot.dialogs.change_setting import CHANGE_SETTING
from bot.dialogs.check_step import CHECK_STEP
from bot.dialogs.desk import DESK_DIALOGS
from bot.dialogs.dismiss_problem import DISMISS_PROBLEM
from bot.dialogs.export import EXPORT
from bot.dialogs.find import FIND
from bot.dialogs.grants import GRANT_DIALOGS
from bot.dialogs.handover import HANDOVER
from bot.dialogs.invite import INVITE
from bot.dialogs.join import JOIN
from bot.dialogs.leave import LEAVE
from bot.dialogs.open_ticket import OPEN_TICKET
from bot.dialogs.pharmacy import PHARMACY_DIALOGS
from bot.dialogs.place_photos import PLACE_PHOTOS
from bot.dialogs.plan import DELETE_PLAN, PLAN
from bot.dialogs.postpone_each import POSTPONE_EACH
from bot.dialogs.print_labels import PRINT_LABELS
from bot.dialogs.rate_ticket import RATE_TICKET
from bot.dialogs.register_machine import REGISTER_MACHINE
from bot.dialogs.reply_customer import REPLY_CUSTOMER
from bot.dialogs.report_problem import REPORT_PROBLEM
from bot.dialogs.satisfaction import SATISFACTION
from bot.dialogs.shifts import TYPED_WEEK
from bot.dialogs.staff_moves import STAFF_DIALOGS
from bot.dialogs.task_moves import TASK_DIALOGS
from bot.dialogs.ticket_things import THING_DIALOGS
from bot.dialogs.which_task import ASK_WHICH
from bot.digests import BY_THE_CLOCK
from bot.handlers import (
    account,
    assignments,
    away,
    calendar,
    canned,
    checklists,
    desk,
    duty,
    edits,
    escalations,
    exports,
    finding,
    grants,
    handover,
    handshake,
    invites,
    joining,
    labels,
    late_tickets,
    lost_runs,
    machines,
    my_machines,
    onboarding,
    open_ticket,
    people,
    pharmacies,
    photos,
    pins,
    plans,
    positions,
    problems,
    queue,
    quiet,
    satisfaction,
    settings,
    shifts,
    staff_groups,
    staff_room,
    staff_tickets,
    start,
    stats,
    status,
    tasks,
    ticket_drafts,
    ticket_papers,
    tickets,
    why,
    words,
)
from bot.menus import set_general_menus
from bot.notices import NOTICES
from bot.settings import BotSettings
from bot.ticket_notices import TICKET_NOTICES
from db.secrets import Cipher
from domain.chat import Thing

DIALOGS = (
    REGISTER_MACHINE,
    ASSIGN,
    INVITE,
    CANCEL_ONBOARDING,
    ARRIVAL,
    CHECK_STEP,
    PLACE_PHOTOS,
    ASK_WHICH,
    PRINT_LABELS,
    REPORT_PROBLEM,
    DISMISS_PROBLEM,
    CHANGE_SETTING,
    FIND,
    EXPORT,
    HANDOVER,
    PLAN,
    DELETE_PLAN,
    POSTPONE_EACH,
    SATISFACTION,
    TYPED_WEEK,
    *(REPLY_CUSTOMER, *STAFF_DIALOGS, *THING_DIALOGS, OPEN_TICKET, *AWAY_DIALOGS),
    *(JOIN, LEAVE, CHANGE_DRAFT, ANSWER_TICKET, RATE_TICKET),
    *TASK_DIALOGS,
    *ACCESS_DIALOGS,
    *GRANT_DIALOGS,
    *DESK_DIALOGS,
    *PHARMACY_DIALOGS,
)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Add every handler, by theme; words last, because they also take whatever nobody else took."""
    for theme in (
        start,
        account,
        tasks,
        assignments,
        pins,
        checklists,
        *(escalations, late_tickets),
        onboarding,
        machines,
        my_machines,
        grants,
        labels,
        problems,
        finding,
        handshake,
        invites,
        people,
        settings,
        status,
        stats,
        desk,
        pharmacies,
        exports,
        handover,
        duty,
        shifts,
        quiet,
        queue,
        staff_groups,
        *(staff_tickets, open_ticket, away),
        canned,
        staff_room,
        satisfaction,
        lost_runs,
        plans,
        calendar,
        *(joining, ticket_drafts, tickets, ticket_papers, edits),
        why,
        photos,
        positions,
        words,
    ):
        theme.register(application)


def content(settings: BotSettings) -> Content:
    """Return what people meet; cards need the secret key for setup codes and the Temporal UI for links."""
    cipher, runs = Cipher(settings.secret_key), Runs(settings.ui_url)
    return Content(
        register=register,
        cards={
            Thing.ASSIGNMENT: AssignmentCard(cipher, runs),
            Thing.CHECKLIST: checklist_card,
            Thing.ESCALATION: EscalationCard(runs),
            Thing.ONBOARDING: OnboardingCard(cipher, runs),
            Thing.MACHINE: MachineCard(runs),
            Thing.HANDSHAKE: HandshakeCard(runs),
            Thing.INVITE: invite_card,
            Thing.LOST_RUN: LostRunCard(runs),
            Thing.PROBLEM: ProblemCard(),
            Thing.PLAN: PlanCard(runs),
            Thing.TICKET: ticket_card,
            Thing.LATE_TICKETS: late_tickets_card,
            Thing.TICKET_DRAFT: ticket_draft_card,
            Thing.JOIN_REQUEST: join_request_card,
        },
        dialogs={dialog.name: dialog for dialog in DIALOGS},
        notices={**NOTICES, **BY_THE_CLOCK, **TICKET_NOTICES},
        started=set_general_menus,
    )
