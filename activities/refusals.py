"""Refusals across Temporal: a non-retryable failure whose type is the code, and back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from temporalio.exceptions import ApplicationError

from domain.errors import InvalidInput, Refusal, refusal_from

_FIELDS = {
    "uq_rvm_machines_serial_number": ("serial_number", "taken"),
    "uq_edge_devices_hardware_id": ("hardware_id", "taken"),
}
_CONSTRAINT = re.compile(r'constraint "(\w+)"')


def to_failure(refusal: Refusal) -> ApplicationError:
    """Return the failure that carries a refusal."""
    return ApplicationError(str(refusal), dict(refusal.details), type=refusal.code, non_retryable=True)


def from_failure(failure: BaseException | None) -> Refusal | None:
    """Return the refusal inside a failure or its causes; None when it was something else."""
    while failure is not None:
        if isinstance(failure, ApplicationError) and failure.type and failure.non_retryable:
            details = failure.details[0] if failure.details else {}
            return refusal_from(failure.type, details)
        failure = failure.__cause__
    return None


@contextmanager
def refusals() -> Iterator[None]:
    """Turn refusals, and truths the database states as constraints, into non-retryable failures.

    A unique hardware id is left to the retry: two boxes raced, and the second look finds the conflict.
    """
    try:
        yield
    except Refusal as refusal:
        raise to_failure(refusal) from refusal
    except IntegrityError as error:
        found = _CONSTRAINT.search(str(error.orig))
        name = found.group(1) if found else ""
        if name == "uq_edge_devices_hardware_id":
            raise
        field, problem = _FIELDS.get(name, (name or "unknown", "constraint"))
        raise to_failure(InvalidInput(field=field, problem=problem)) from error
