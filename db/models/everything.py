"""Imports every model, so that the metadata is whole for migrations and tests."""

from db.models import (
    access,
    assignments,
    chat,
    core,
    duty,
    escalations,
    helpdesk,
    intake,
    machines,
    pins,
    plans,
    problems,
    promises,
    team,
)
from db.models.base import Base

METADATA = Base.metadata
ROOMS = (
    *(access, assignments, chat, core, duty, escalations, helpdesk),
    *(intake, machines, pins, plans, problems, promises, team),
)
