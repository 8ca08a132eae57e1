"""Machines as JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from domain.machines import Connection, MachineStatus
from domain.onboarding import MachineDetails, OnboardingStep
from webhooks.inputs import Identity, Input, Latitude, Line, Longitude, LongText, Moment, Name, Output

Capacity = Annotated[int, Field(ge=1, le=1_000_000, description="Items")]
SerialNumber = Annotated[Line, Field(max_length=100)]


class MachineIn(Input):
    """A machine to register (WORDS 3); with an installer an installation is offered."""

    name: Name = Field(examples=["RVM Blok M Plaza"])
    latitude: Latitude = Field(examples=[-6.244])
    longitude: Longitude = Field(examples=[106.7983])
    address: LongText = ""
    serial_number: SerialNumber = Field(default="", examples=["RVM-JKT-006"])
    capacity: Capacity | None = None
    organization_id: Identity | None = Field(default=None, description="Needed only by who has several.")
    installer_id: Identity | None = None
    installation_at: Moment | None = None

    def details(self) -> MachineDetails:
        """Return what the onboarding starts from."""
        return MachineDetails(
            name=self.name,
            latitude=self.latitude,
            longitude=self.longitude,
            address=self.address,
            serial_number=self.serial_number,
            capacity=self.capacity,
        )


class MachineChange(Input):
    """Columns to change, and ``status`` as a verb: ``full``, ``active`` (emptied), ``inactive`` (retired)."""

    name: Name | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    address: LongText | None = None
    serial_number: SerialNumber | None = None
    capacity: Capacity | None = None
    status: MachineStatus | None = None
    reason: Line = ""

    def columns(self) -> dict[str, Any]:
        """Return the descriptive columns that were given."""
        return self.model_dump(exclude={"status", "reason"}, exclude_none=True)


class RegisteredOut(Output):
    """A registered machine; the technician enters ``setup_code`` on the box (single use, 24 hours)."""

    machine_id: int
    machine_uuid: UUID
    edge_id: str
    step: OnboardingStep
    assignment_id: int | None
    setup_code: str | None = Field(default=None, examples=["K7QM2-9XRTD"])


class MachineOut(Output):
    """A machine."""

    id: int = Field(validation_alias="machine_id")
    uuid: UUID
    organization_id: int
    name: str
    latitude: float
    longitude: float
    address: str | None
    serial_number: str | None
    capacity: int | None
    time_zone: str
    status: MachineStatus
    connection: Connection
    connection_since: datetime | None
    unstable: bool
    onboarding_step: OnboardingStep
    self_test: dict[str, Any] | None
    commissioned_at: datetime | None
    edge_id: str
    last_heartbeat: datetime | None
    version: int
    created_at: datetime


class EdgeDeviceOut(Output):
    """The box of a machine (seed 000); most of it is known after the handshake."""

    machine_id: int
    machine_name: str = Field(validation_alias="name")
    edge_id: str
    hardware_id: str | None
    processor_type: str
    version: str | None = Field(validation_alias="edge_version")
    ip_address_local: str | None
    ip_address_vpn: str | None
    hardware_config: dict[str, Any] | None
    connection: Connection
    last_heartbeat: datetime | None
    bound_at: datetime | None
    conflict: dict[str, Any] | None


class PublicMachineOut(Output):
    """What everyone may know (WORDS 7)."""

    uuid: UUID
    name: str
    address: str | None
    latitude: float
    longitude: float
    status: MachineStatus


class MachineViewOut(Output):
    """A machine after a move."""

    machine_id: int
    name: str
    status: MachineStatus
    connection: Connection
