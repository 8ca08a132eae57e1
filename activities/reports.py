"""The report of a completed task: drawn once, kept in the file store, sent to the dispatcher."""

import asyncio

from temporalio import activity

from db.chat.deliveries import announce
from db.files import record_document
from db.moves.reports import keep_report
from db.papers.report import MEDIA_TYPE, render_report
from db.queries.reports import completion_report
from db.report_files import pictures_of
from db.session import SYSTEM, Database
from db.store import LocalStore
from domain.chat import Thing
from domain.machine_codes import CodeAddresses
from domain.notices import NOTICES


class ReportActivities:
    """``addresses``: where the machine's code on the report leads."""

    def __init__(self, database: Database, store: LocalStore, addresses: CodeAddresses) -> None:
        self._database = database
        self._store = store
        self._addresses = addresses

    @activity.defn
    async def make_report(self, assignment_id: int) -> None:
        """Keep the report of a completed task and send it; the same rows give the same file, sent once."""
        async with self._database.transaction(SYSTEM) as session:
            report = await completion_report(session, assignment_id)
        if report is None:
            return
        pictures = await asyncio.to_thread(pictures_of, report, self._store)
        address = self._addresses.printed(report.machine_uuid)
        content = await asyncio.to_thread(render_report, report, pictures, address)
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
            await announce(
                session,
                template="report_ready",
                user_id=report.dispatcher_id,
                organization_id=report.organization_id,
                source=f"report-{report.number}",
                context={"file_id": file_id},
                loudness=NOTICES["report_ready"].loudness,
                thing=Thing.ASSIGNMENT,
                thing_id=assignment_id,
            )
