"""Imports every model, so that the metadata is whole for migrations and tests."""

from db.models import assignments, chat, core, machines
from db.models.base import Base

METADATA = Base.metadata
ROOMS = (assignments, chat, core, machines)
