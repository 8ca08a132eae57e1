"""Reading a place: a pin, a live location, a venue, typed coordinates or a map link."""

import re

from telegram import Location, Message

from bot.dialogs.fields import Place

_PAIR = re.compile(r"(?P<latitude>[+-]?\d{1,3}[.,]\d+)°?\s*[,;/ ]\s*(?P<longitude>[+-]?\d{1,3}[.,]\d+)°?")


def place_in(message: Message) -> Place | None:
    """Return the place a message shows; None when it shows none.

    Raises:
        ValueError: typed coordinates that are not on earth.
    """
    if message.venue is not None:
        spot = message.venue.location
        return Place(
            spot.latitude,
            spot.longitude,
            "venue",
            spot.horizontal_accuracy,
            message.venue.title,
            message.venue.address,
        )
    if message.location is not None:
        how = "live" if is_live(message.location) else "pin"
        accuracy = message.location.horizontal_accuracy
        return Place(message.location.latitude, message.location.longitude, how, accuracy)
    return typed_place(message.text) if message.text else None


def is_live(location: Location) -> bool:
    """Return whether a location is one that moves; PTB's own attribute warns that its type will change."""
    return "live_period" in location.to_dict()


def typed_place(text: str) -> Place | None:
    """Return the place of "-6.2, 106.8", "-6,2 106,8" or a map link with such a pair; raises as above."""
    found = _PAIR.search(text)
    if found is None:
        return None
    latitude, longitude = (float(found[name].replace(",", ".")) for name in ("latitude", "longitude"))
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004 - degrees of latitude and longitude
        message = "no such place on earth"
        raise ValueError(message)
    return Place(latitude, longitude, "typed")
