"""The report of a completed task: drawn once, kept in the file store, sent to the dispatcher."""

import asyncio
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from db.chat.deliveries import announce
from db.files import record_document
from db.moves.reports import keep_report
from db.papers.report import MEDIA_TYPE, render_report
from db.queries.dispatchers import dispatchers_of
from db.queries.reports import CompletionReport, completion_report
from db.report_files import pictures_of
from db.session import SYSTEM, Database
from db.store import LocalStore
from domain.chat import Thing
from domain.machine_codes import CodeAddresses
from domain.notices import NOTICES

_WAITING_MOST = 10
_LATER = timedelta(seconds=15)


class ReportActivities:
    """``addresses``: where the machine's code on the report leads."""

    def __init__(self, database: Database, store: LocalStore, addresses: CodeAddresses) -> None:
        self._database = database
        self._store = store
        self._addresses = addresses
        self._drawing = asyncio.Semaphore(1)  # it takes a core for up to a second; taps come first
        self._waiting = 0

    @activity.defn
    async def make_report(self, assignment_id: int) -> None:
        """Keep the report of a completed task and send it; the same rows give the same file, sent once."""
        async with self._database.transaction(SYSTEM) as session:
            report = await completion_report(session, assignment_id)
        if report is None:
            return
        content = await self._drawn(report)
        sha256 = await asyncio.to_thread(self._store.put, content)
        async with self._database.transaction(SYSTEM) as session:
            file_id = await record_document(
                session,
                sha256=sha256,
                media_type=MEDIA_TYPE,
                size_bytes=len(content),
                organization_id=report.organization_id,
            )
            await keep_report(session, assignment_id, file_id)
            for dispatcher in await dispatchers_of(session, assignment_id, report.completed_at):
                await announce(
                    session,
                    template="report_ready",
                    user_id=dispatcher,
                    organization_id=report.organization_id,
                    source=f"report-{report.number}",
                    context={"file_id": file_id},
                    loudness=NOTICES["report_ready"].loudness,
                    thing=Thing.ASSIGNMENT,
                    thing_id=assignment_id,
                )

    async def _drawn(self, report: CompletionReport) -> bytes:
        """Draw one report at a time; many at once come back later, so that they hold no other activity up.

        Raises:
            ApplicationError: enough are waiting here already.
        """
        if self._waiting >= _WAITING_MOST:
            message = "other reports are drawn first"
            raise ApplicationError(message, next_retry_delay=_LATER)
        self._waiting += 1
        try:
            async with self._drawing:
                pictures = await asyncio.to_thread(pictures_of, report, self._store)
                address = self._addresses.printed(report.machine_uuid)
                return await asyncio.to_thread(render_report, report, pictures, address)
        finally:
            self._waiting -= 1
