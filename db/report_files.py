"""The pictures that a report shows, out of the byte store."""

from db.queries.reports import CompletionReport
from db.store import LocalStore


def pictures_of(report: CompletionReport, store: LocalStore) -> dict[str, bytes]:
    """Return the photos' bytes by SHA-256; one whose bytes are gone is left out, and the report says so."""
    found = {}
    for photo in report.photos:
        try:
            found[photo.sha256] = store.get(photo.sha256)
        except FileNotFoundError:
            continue
    return found
