"""A time-skipping Temporal server, a worker with the real activities on a real database, and the gateway."""

import shutil
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.registry import all_activities
from db.secrets import Cipher
from db.session import Database
from domain import search_attributes
from domain.queues import SIAGA_QUEUE
from tests.workflows.field import Field
from workflows.client import Gateway
from workflows.registry import WORKFLOWS


def test_server() -> str:
    """Return the path of the time-skipping server, which its wheel puts beside the interpreter."""
    name = "temporal-test-server"
    found = shutil.which(name) or str(Path(sysconfig.get_path("scripts")) / name)
    return found


async def add_search_attributes(client: Client) -> None:
    """Register the attributes; without them workflow tasks fail for ever without a word."""
    kinds = {"SiagaDueAt": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME}
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=client.namespace,
            search_attributes={
                key.name: kinds.get(key.name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                for key in search_attributes.ALL
            },
        )
    )


@pytest.fixture
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of this test's own."""
    environment = await WorkflowEnvironment.start_time_skipping(test_server_existing_path=test_server())
    async with environment:
        await add_search_attributes(environment.client)
        yield environment


@pytest.fixture
async def worker(temporal: WorkflowEnvironment, demo_database: Database, cipher: Cipher) -> AsyncIterator[Worker]:
    """A worker with the product's workflows and activities."""
    async with Worker(
        temporal.client,
        task_queue=SIAGA_QUEUE,
        workflows=WORKFLOWS,
        activities=all_activities(demo_database, cipher),
        max_cached_workflows=100,
    ) as running:
        yield running


@pytest.fixture
async def field(temporal: WorkflowEnvironment, worker: Worker, demo_database: Database, cipher: Cipher) -> Field:  # noqa: ARG001 - the worker runs beside it
    """The people and machines of the demo, with the gateway to move them."""
    field = Field(temporal, demo_database, Gateway(temporal.client), cipher)
    await field.load()
    return field
