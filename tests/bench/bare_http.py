"""The bare FastAPI POST: reads the body, answers a small JSON; uvicorn as the product's api has it."""

import sys

import uvicorn
from fastapi import FastAPI, Request

app = FastAPI(openapi_url=None)


@app.get("/healthz")
async def healthz() -> dict[str, bool]:
    """Say that it lives."""
    return {"ok": True}


@app.post("/api/v1/edge/heartbeat")
@app.post("/api/v1/telegram/webhook")
async def post(request: Request) -> dict[str, int]:
    """Take a body and do nothing with it."""
    await request.body()
    return {"ack": 0}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
