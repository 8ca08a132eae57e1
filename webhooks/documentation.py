"""What FastAPI cannot read off a signature: bodies that are verified or streamed before they are parsed."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from domain.signing import KEY_HEADER, NONCE_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER
from webhooks.problems import MEDIA_TYPE, Problem

REFERENCE = "#/components/schemas/{model}"
_KEEPS: list[type[BaseModel]] = []

SIGNED: list[dict[str, Any]] = [
    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": said}
    for name, said in (
        (KEY_HEADER, "The `edge_key` of the handshake's answer."),
        (TIMESTAMP_HEADER, "Whole seconds since 1970."),
        (NONCE_HEADER, "Random, used once: 16 bytes in hex."),
        (SIGNATURE_HEADER, "Hex HMAC-SHA256 over method, path with query, timestamp, nonce, sha256(body)."),
    )
]
"""The headers of a signed request."""

PROBLEMS: dict[int | str, dict[str, Any]] = {
    key: {
        "description": said,
        "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
    }
    for key, said in (
        ("4XX", "Refused; `code` says why."),
        ("5XX", "Not now; with 503 try again after `Retry-After`."),
    )
}


def body_of(model: type[BaseModel], parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the documentation of a JSON body that the endpoint reads itself."""
    _KEEPS.append(model)
    schema = {"$ref": REFERENCE.format(model=model.__name__)}
    return {
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }


def raw_body(*media_types: str, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the documentation of a body of raw bytes; a form carries it as the part ``photo``."""
    binary = {"type": "string", "format": "binary"}
    part = {"type": "object", "properties": {"photo": binary}, "required": ["photo"]}
    content = {kind: {"schema": part if kind.startswith("multipart/") else binary} for kind in media_types}
    return {"parameters": parameters or [], "requestBody": {"required": True, "content": content}}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document with the bodies above."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        models = [(model, "validation") for model in (*dict.fromkeys(_KEEPS), Problem)]
        _, definitions = models_json_schema(models, ref_template=REFERENCE)  # type: ignore[arg-type]
        document["components"]["schemas"] |= definitions["$defs"]
        app.openapi_schema = document
    return app.openapi_schema
