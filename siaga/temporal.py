"""Connecting to Temporal with what the settings say."""

from temporalio.client import Client, TLSConfig

from siaga.settings import Settings
from workflows.converter import CONVERTER


async def connect(settings: Settings, *, lazy: bool = False) -> Client:
    """Return a client; a lazy one connects when it is first used.

    Raises:
        RuntimeError: the server cannot be reached (not when lazy).
    """
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        api_key=settings.temporal_api_key or None,
        tls=tls_config(settings),
        lazy=lazy,
        data_converter=CONVERTER,
    )


def tls_config(settings: Settings) -> TLSConfig | bool:
    """Return how the connection is secured: by the files named, by an API key's plain TLS, or not at all."""
    files = (settings.temporal_tls_cert, settings.temporal_tls_key, settings.temporal_tls_ca)
    if not any(files):
        return bool(settings.temporal_api_key)
    cert, key, authority = (None if file is None else file.read_bytes() for file in files)
    return TLSConfig(client_cert=cert, client_private_key=key, server_root_ca_cert=authority)
