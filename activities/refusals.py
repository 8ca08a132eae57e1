"""Refusals across Temporal: a non-retryable failure whose type is the code, and back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound
from temporalio.exceptions import ApplicationError

from domain.errors import InvalidInput, NotFound, Refusal, all_refusals, refusal_from

_FIELDS = {"uq_rvm_machines_serial_number": ("serial_number", "taken")}
_DATA_EXCEPTION = "22"
"""SQLSTATE class: too long, out of range, a sign that text cannot hold."""
_CONSTRAINT = re.compile(r'constraint "(\w+)"')


def to_failure(refusal: Refusal) -> ApplicationError:
    """Return the failure that carries a refusal."""
    return ApplicationError(str(refusal), dict(refusal.details), type=refusal.code, non_retryable=True)


def from_failure(failure: BaseException | None) -> Refusal | None:
    """Return the refusal inside a failure or its causes; None when it was something else."""
    while failure is not None:
        if isinstance(failure, ApplicationError) and failure.non_retryable and failure.type in all_refusals():
            details = failure.details[0] if failure.details else {}
            return refusal_from(failure.type, details)
        failure = failure.__cause__
    return None


@contextmanager
def refusals() -> Iterator[None]:
    """Turn refusals, and truths the database states, into non-retryable failures: no retry makes them true.

    A unique hardware id is left to the retry: two boxes raced, and the second look finds the conflict.
    """
    try:
        yield
    except Refusal as refusal:
        raise to_failure(refusal) from refusal
    except NoResultFound as error:
        raise to_failure(NotFound()) from error
    except DBAPIError as error:
        refused = _refused_value(error)
        if refused is None:
            raise
        raise to_failure(refused) from error


def _refused_value(error: DBAPIError) -> InvalidInput | None:
    """Return what PostgreSQL has against a value; None when the same statement may succeed later."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if state.startswith(_DATA_EXCEPTION):
        return InvalidInput(field="unknown", problem="value")
    if not isinstance(error, IntegrityError):
        return None
    found = _CONSTRAINT.search(str(error.orig))
    name = found.group(1) if found else ""
    if name == "uq_edge_devices_hardware_id":
        return None
    field, problem = _FIELDS.get(name, (name or "unknown", "constraint"))
    return InvalidInput(field=field, problem=problem)
