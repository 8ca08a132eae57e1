"""A report with the right to decide about it."""

from bot.context import SiagaContext
from bot.rights import require
from db.problem_decisions import assign_problem
from db.queries.problems import ProblemDetail, problem_by_id
from domain.errors import NotFound
from domain.roles import Permission


async def problem(context: SiagaContext, number: int) -> ProblemDetail:
    """Return a proposal whose dispatcher this person may be.

    Raises:
        NotFound: there is no such report.
        NotAllowed: they may not manage assignments there.
    """
    async with context.transaction() as session:
        found = await problem_by_id(session, number)
    if found is None:
        raise NotFound(noun="problem")
    require(context, Permission.MANAGE_ASSIGNMENTS, found.organization_id)
    return found


async def assign(context: SiagaContext, number: int, assignment_id: int, source: str) -> None:
    """Say which task takes care of a proposal."""
    found = await problem(context, number)
    async with context.transaction() as session:
        await assign_problem(
            session, found.report_id, assignment_id, actor_id=context.me.user_id, source=source
        )
