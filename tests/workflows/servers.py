"""The two Temporal servers of the tests: one that skips time, and the dev server for what that one lacks."""

import shutil
import socket
import sysconfig
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import gettempdir

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.registry import all_activities
from db.secrets import Cipher
from db.session import Database
from db.store import LocalStore
from domain import search_attributes
from domain.machine_codes import CodeAddresses
from domain.queues import SIAGA_QUEUE
from workflows.converter import CONVERTER
from workflows.registry import WORKFLOWS

ADDRESSES = CodeAddresses("https://siaga.example.org")
IDENTITY = "worker"
"""What clients and workers call themselves, so that no recorded history names a machine."""


def program(name: str) -> str:
    """Return the path of a server, which its wheel puts beside the interpreter."""
    return shutil.which(name) or str(Path(sysconfig.get_path("scripts")) / name)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def add_search_attributes(client: Client) -> None:
    """Register the attributes; without them workflow tasks fail for ever without a word."""
    kinds = {
        key.name: IndexedValueType.ValueType(key.indexed_value_type.value) for key in search_attributes.ALL
    }
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=client.namespace, search_attributes=kinds)
    )


@asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """Run a server whose time skips while nothing happens."""
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=program("temporal-test-server"),
        identity=IDENTITY,
        data_converter=CONVERTER,
    )
    async with environment:
        await add_search_attributes(environment.client)
        yield environment


async def start_dev_server(
    *, settings: Sequence[str] = (), port: int | None = None, database: Path | None = None
) -> WorkflowEnvironment:
    """Start a dev server: real time, visibility and limits; ``settings`` are dynamic configuration."""
    return await WorkflowEnvironment.start_local(
        identity=IDENTITY,
        data_converter=CONVERTER,
        port=port,
        search_attributes=search_attributes.ALL,
        dev_server_existing_path=program("temporal"),
        dev_server_database_filename=None if database is None else str(database),
        dev_server_log_level="error",
        dev_server_extra_args=[part for one in settings for part in ("--dynamic-config-value", one)],
    )


def a_worker(client: Client, database: Database, cipher: Cipher, files: Path | None = None) -> Worker:
    """Return a worker with the product's workflows and activities, in the default sandbox."""
    store = LocalStore(files or Path(gettempdir(), "siaga-tests"))
    return Worker(
        client,
        task_queue=SIAGA_QUEUE,
        workflows=WORKFLOWS,
        activities=all_activities(database, cipher, store, ADDRESSES),
        max_cached_workflows=100,
    )
