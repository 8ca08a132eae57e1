"""The pages of ``/pharmacy``: the list, one pharmacy, and its join code, which is shown once."""

from bot.context import SiagaContext
from bot.desk_pages import DeskPage
from bot.keyboards import button, columns, copy, named
from bot.rights import require
from db.queries.pharmacies import PharmacyDetail, count_pharmacies, list_pharmacies, pharmacy_by_id
from domain.errors import NotFound
from domain.roles import Permission

ABOUT = "pharmacy"
PAGE = 8


async def list_page(context: SiagaContext, organizations: list[int], page: int) -> DeskPage:
    """Return a part of the list."""
    async with context.transaction() as session:
        total = await count_pharmacies(session, organizations)
        page = min(max(page, 0), max(0, -(-total // PAGE) - 1))
        rows = await list_pharmacies(session, organizations, limit=PAGE, offset=page * PAGE)
    opening = [named(row.name[:40], ABOUT, "open", row.pharmacy_id, page) for row in rows]
    turning = []
    if page > 0:
        turning.append(button("previous_page", ABOUT, "page", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button("next_page", ABOUT, "page", page + 1))
    add = [button("pharmacy_add", ABOUT, "add", style="primary")]
    keyboard = [row for row in (*columns(opening, 2), turning, add) if row]
    return DeskPage("replies/pharmacies", {"rows": rows, "total": total}, keyboard)


def pharmacy_page(row: PharmacyDetail, page: int = 0) -> DeskPage:
    """Return one pharmacy with what an admin can do about it."""
    number = row.pharmacy_id
    changing = [button("pharmacy_edit", ABOUT, "edit", number)]
    if row.people:
        changing.append(button("pharmacy_pic", ABOUT, "pic", number))
    code = [button("pharmacy_code", ABOUT, "code", number)] if row.is_active else []
    switch = (
        button("pharmacy_suspend", ABOUT, "suspend", number, page, style="danger")
        if row.is_active
        else button("pharmacy_restore", ABOUT, "restore", number, page, style="success")
    )
    back = [button("back_to_list", ABOUT, "page", page)]
    return DeskPage("replies/pharmacy", {"row": row}, [changing, [*code, switch], back])


async def pharmacy(context: SiagaContext, pharmacy_id: int) -> PharmacyDetail:
    """Return a pharmacy that the person manages; raises ``NotFound`` or ``NotAllowed``."""
    async with context.transaction() as session:
        found = await pharmacy_by_id(session, pharmacy_id)
    if found is None:
        raise NotFound(noun="pharmacy")
    require(context, Permission.MANAGE_HELPDESK, found.organization_id)
    return found


async def show_code(context: SiagaContext, name: str, code: str) -> None:
    """Show a join code this once, with the button that copies it."""
    keyboard = [[copy("copy_code", code)]]
    await context.reply("replies/pharmacy_code", keyboard=keyboard, secret=True, name=name, code=code)
