"""The bare FastAPI POST: takes a JSON body, answers a small one; uvicorn as the product's api has it."""

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.get("/healthz")
async def healthz() -> dict[str, bool]:
    """Say that it lives."""
    return {"ok": True}


@app.post("/api/v1/edge/heartbeat")
@app.post("/api/v1/telegram/webhook")
async def post(body: dict[str, Any]) -> dict[str, int]:
    """Take a body and do nothing with it."""
    return {"ack": len(body)}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
