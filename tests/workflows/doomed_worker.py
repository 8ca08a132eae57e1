"""A worker in a process of its own, for a test to kill; arguments: Temporal's address, the database's URL."""

import asyncio
import sys

from temporalio.client import Client

from db.secrets import Cipher
from db.session import Database
from tests.conftest import SECRET_KEY
from tests.workflows.servers import a_worker


async def main(address: str, database_url: str) -> None:
    """Work until killed."""
    client = await Client.connect(address)
    await a_worker(client, Database(database_url), Cipher(SECRET_KEY)).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
