"""What the product relies on in its Temporal namespace: retention and registered search attributes."""

from dataclasses import dataclass
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain import search_attributes

RETENTION = timedelta(days=30)
"""How long closed workflows stay readable in the Temporal UI (DESIGN 5)."""


@dataclass(frozen=True, slots=True)
class NamespaceState:
    """What was found; ``retention`` is None when the namespace does not exist."""

    retention: timedelta | None
    missing_attributes: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Say whether workflows can run in it as the product expects."""
        return self.retention is not None and self.retention >= RETENTION and not self.missing_attributes


async def inspect_namespace(client: Client) -> NamespaceState:
    """Read the client's namespace.

    Raises:
        RPCError: the server is gone or refuses.
    """
    try:
        found = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return NamespaceState(None, tuple(key.name for key in search_attributes.ALL))
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = [key.name for key in search_attributes.ALL if key.name not in listed.custom_attributes]
    return NamespaceState(found.config.workflow_execution_retention_ttl.ToTimedelta(), tuple(missing))


async def prepare_namespace(client: Client) -> None:
    """Create the namespace, lengthen its retention, register search attributes: whatever is missing.

    An unregistered search attribute would make workflow tasks fail for ever without a word (TEMPORAL.md).

    Raises:
        RPCError: the server is gone or refuses.
    """
    state = await inspect_namespace(client)
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    if state.retention is None:
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(
                namespace=client.namespace, workflow_execution_retention_period=retention
            )
        )
    elif state.retention < RETENTION:
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=retention)
            )
        )
    if state.missing_attributes:
        await _register(client, state.missing_attributes)


async def _register(client: Client, names: tuple[str, ...]) -> None:
    kinds = {
        key.name: IndexedValueType.ValueType(key.indexed_value_type.value) for key in search_attributes.ALL
    }
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=client.namespace, search_attributes={name: kinds[name] for name in names}
        )
    )
