"""The dialogs behind ``/pharmacy``: a new one, its facts, its person in charge."""

from collections.abc import Sequence

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ChoiceField, Dialog, NumberField, Option, PickerField, TextField
from bot.dialogs.pickers import organization_field
from bot.pharmacy_pages import pharmacy, pharmacy_page, show_code
from bot.rights import require
from bot.secrets_shown import cipher
from db.helpdesk_audit import By
from db.pharmacy_records import PharmacyFacts, change_pharmacy, create_pharmacy, join_code
from db.queries.pharmacies import customers_of
from domain.roles import Permission

NEW, EDIT, PIC = "pharmacy_new", "pharmacy_edit", "pharmacy_pic"
WHAT = ("name", "address", "phone")


async def _finish_new(context: SiagaContext, answers: Answers, source: str) -> None:
    organization = answers["organization"].id
    me = require(context, Permission.MANAGE_HELPDESK, organization)
    facts = PharmacyFacts(answers["name"], answers.get("address"), answers.get("phone"))
    code = join_code(cipher(context), facts.name, source)
    async with context.transaction() as session:
        await create_pharmacy(session, organization, facts, code, By(me.user_id, source))
    await show_code(context, facts.name, code)


async def _finish_edit(context: SiagaContext, answers: Answers, source: str) -> None:
    found = await pharmacy(context, answers["pharmacy"])
    changes = {answers["what"]: answers["value"]}
    async with context.transaction() as session:
        await change_pharmacy(session, found.pharmacy_id, changes, By(context.me.user_id, source))
    await _show(context, found.pharmacy_id)


async def _people(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:
    async with context.transaction() as session:
        rows = await customers_of(session, answers["pharmacy"])
    return [Option(number, name) for number, name in rows if search.casefold() in name.casefold()]


async def _finish_pic(context: SiagaContext, answers: Answers, source: str) -> None:
    found = await pharmacy(context, answers["pharmacy"])
    changes = {"pic_id": answers["pic"].id}
    async with context.transaction() as session:
        await change_pharmacy(session, found.pharmacy_id, changes, By(context.me.user_id, source))
    await _show(context, found.pharmacy_id)


async def _show(context: SiagaContext, pharmacy_id: int) -> None:
    page = pharmacy_page(await pharmacy(context, pharmacy_id))
    await context.reply(page.template, keyboard=page.keyboard, **page.words)


PHARMACY_DIALOGS = (
    Dialog(
        NEW,
        fields=(
            organization_field(Permission.MANAGE_HELPDESK),
            TextField(name="name", max_length=100),
            TextField(name="address", max_length=500, optional=True),
            TextField(name="phone", max_length=50, optional=True),
        ),
        finish=_finish_new,
    ),
    Dialog(
        EDIT,
        fields=(
            NumberField(name="pharmacy"),
            ChoiceField(name="what", choices=WHAT, labels="pharmacy_what"),
            TextField(name="value", max_length=255),
        ),
        finish=_finish_edit,
    ),
    Dialog(
        PIC,
        fields=(NumberField(name="pharmacy"), PickerField(name="pic", options=_people)),
        finish=_finish_pic,
    ),
)
