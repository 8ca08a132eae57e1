"""A machine's place as a point on the map."""

from bot.context import SiagaContext


async def send_place(
    context: SiagaContext, latitude: float, longitude: float, title: str, address: str | None
) -> None:
    """Send a venue to the chat; without an address the title stands for it."""
    await context.parts.api.call(
        "sendVenue",
        {
            "chat_id": context.chat_id,
            "latitude": latitude,
            "longitude": longitude,
            "title": title,
            "address": address or title,
        },
    )
