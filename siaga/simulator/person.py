"""A person with a phone, for the demo story and for tests: the person side of the simulator as a client."""

import asyncio
import json
import ssl
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Self

import httpx

Message = dict[str, Any]
Wanted = str | Callable[[Message], bool]
SHOWN_ON_FAILURE = 8
TELLING = {"message", "edited", "deleted", "chats", "reaction", "people"}


class NotSeenError(AssertionError):
    """A message or a button did not come; the text shows what the chat held instead."""


class Person:
    """Acts through the simulator's HTTP, so that the bot sees what it would see of a real phone.

    `chat` arguments are chat ids; the default is the private chat with the bot.
    """

    def __init__(self, base_url: str, user: Message) -> None:
        self.user = user
        self.id: int = user["id"]
        self.name: str = user["first_name"]
        self._http = _client(base_url)

    @classmethod
    async def create(cls, base_url: str, first_name: str, **more: object) -> Self:
        """A new person; `more` may hold id, last_name, username, language_code."""
        async with _client(base_url) as http:
            answer = await http.post("/sim/people", json={"first_name": first_name, **more})
        return cls(base_url, _json(answer))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def send(self, text: str, **to: object) -> Message:
        """Writes a text. `to` may hold chat, thread, reply_to, here and in the methods below."""
        return await self._post("messages", {"text": text, **to})

    async def start(self, payload: str = "") -> Message:
        """Follows a deep link, or presses Start."""
        return await self._post("start", {"payload": payload})

    async def photo(
        self, *images: bytes, caption: str | None = None, raw: bool = False, **to: object
    ) -> list[Message]:
        """Sends one photo or an album; `raw` sends bytes that are no image as a photo.

        `to` may also hold captions, a list: one for each photo of an album.
        """
        files = [("files", (f"photo{number}.jpg", image)) for number, image in enumerate(images, 1)]
        return _json_list(await self._upload("photos", files, caption=caption, raw=raw, **to))

    async def document(self, data: bytes, name: str, **more: object) -> Message:
        """Sends a file; `more` may hold caption, mime_type, and size, which may claim more bytes."""
        return _json(await self._upload("documents", [("file", (name, data))], **more))

    async def voice(self, data: bytes, **more: object) -> Message:
        """Sends a voice note."""
        return _json(await self._upload("voice", [("file", ("voice.oga", data))], **more))

    async def location(self, latitude: float, longitude: float, **more: object) -> Message:
        """Shares a place; `more` may hold horizontal_accuracy, live_period, venue."""
        return await self._post("location", {"latitude": latitude, "longitude": longitude, **more})

    async def contact(self, phone_number: str, **more: object) -> Message:
        """Shares a phone number."""
        return await self._post("contact", {"phone_number": phone_number, **more})

    async def edit(self, message: Message, text: str) -> Message:
        """Changes an own text."""
        body = {"text": text, "chat": message["chat"]["id"]}
        url = f"/sim/people/{self.id}/messages/{message['message_id']}"
        return _json(await self._http.put(url, json=body))

    async def react(self, message: Message, emoji: str | None) -> Message:
        """Puts an emoji on a message, or takes it back."""
        body = {"chat": message["chat"]["id"], "message_id": message["message_id"], "emoji": emoji}
        return await self._post("react", body)

    async def new_group(self, title: str, *others: Self, forum: bool = True) -> int:
        """Makes a group with others and the bot, which is its admin, and returns its chat id."""
        members = [self.id, *(one.id for one in others)]
        made = await self._http.post(
            "/sim/groups", json={"title": title, "is_forum": forum, "members": members}
        )
        return int(_json(made)["id"])

    async def block(self) -> None:
        """Blocks the bot."""
        await self._post("block", {})

    async def unblock(self) -> None:
        """Unblocks the bot."""
        await self._post("unblock", {})

    async def offline(self) -> None:
        """Loses the signal: what is sent waits on the phone, taps fail."""
        await self._post("offline", {"offline": True})

    async def online(self) -> None:
        """Finds the signal again."""
        await self._post("offline", {"offline": False})

    async def tap(
        self,
        label: str,
        message: Message | None = None,
        chat: int | None = None,
        timeout_s: float = 20,
        answer_within_s: float | None = None,
    ) -> Message:
        """Taps the button with that label, or with the label as a part, and returns what came of it.

        That is the bot's answer `{answered, text, show_alert, url, ...}`, `{url}` for a link, `{copied}`
        for a copy button. Without `message`: on the newest message that shows such a button, waiting for
        one to come. `answer_within_s`: how long the phone shows that it waits (default: the simulator's).
        """
        if message is None:
            message = await self._wait(
                lambda one: _find_label(one, label) is not None, f"a button '{label}'", timeout_s, chat, None
            )
        text = _find_label(message, label) or label
        body = {"chat": message["chat"]["id"], "message_id": message["message_id"], "text": text}
        if answer_within_s is not None:
            body["timeout_s"] = answer_within_s
        return await self._post("tap", body)

    async def messages(self, chat: int | None = None, *, deleted: bool = False) -> list[Message]:
        """What the phone shows, oldest first."""
        answer = await self._http.get(f"/sim/people/{self.id}/chats/{chat or self.id}/messages")
        return [one for one in _json_list(answer) if deleted or not one["sim"]["deleted"]]

    async def last(self, chat: int | None = None) -> Message:
        """The newest message."""
        found = await self.messages(chat)
        if not found:
            msg = f"{self.name}'s chat is empty"
            raise NotSeenError(msg)
        return found[-1]

    async def wait_for(
        self, wanted: Wanted, timeout_s: float = 20, chat: int | None = None, after: Message | None = None
    ) -> Message:
        """The newest message of others whose text or caption contains `wanted`, or that fulfils it.

        With `after`, only messages sent or changed since that message was as it is given here. Raises
        `NotSeenError` showing the last messages.
        """
        if isinstance(wanted, str):
            return await self._wait(lambda one: wanted in text_of(one), repr(wanted), timeout_s, chat, after)
        return await self._wait(wanted, "the message waited for", timeout_s, chat, after)

    async def _wait(
        self,
        fits: Callable[[Message], bool],
        what: str,
        timeout_s: float,
        chat: int | None,
        after: Message | None,
    ) -> Message:
        since = after["sim"]["seq"] if after else 0

        async def find() -> Message | None:
            for one in reversed(await self.messages(chat)):
                if one["sim"]["seq"] > since and one["from"]["id"] != self.id and fits(one):
                    return one
            return None

        try:
            async with asyncio.timeout(timeout_s):
                return await self._watch(find, chat or self.id)
        except TimeoutError:
            raise NotSeenError(await self._unseen(what, timeout_s, chat)) from None

    async def _unseen(self, what: str, timeout_s: float, chat: int | None) -> str:
        lines = [f"  {describe(one)}" for one in (await self.messages(chat))[-SHOWN_ON_FAILURE:]]
        first = f"{self.name} did not see {what} within {timeout_s:g} s; the chat ends with"
        return "\n".join([first, *(lines or ["  nothing"])])

    async def _watch(self, find: Callable[[], Any], chat: int) -> Message:
        """Looks at once and again after every change of the chat."""
        async with self._http.stream("GET", "/sim/events", timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith(": open") or _tells(line, chat):
                    found: Message | None = await find()
                    if found is not None:
                        return found
        msg = "the simulator ended the stream of events"
        raise NotSeenError(msg)

    async def _post(self, action: str, body: Message) -> Message:
        return _json(await self._http.post(f"/sim/people/{self.id}/{action}", json=body))

    async def _upload(self, action: str, files: list[Any], **fields: object) -> httpx.Response:
        data = {
            name: value if isinstance(value, list) else str(value)
            for name, value in fields.items()
            if value is not None
        }
        return await self._http.post(f"/sim/people/{self.id}/{action}", files=files, data=data)


@cache
def _tls() -> ssl.SSLContext:
    """Never used, as the simulator speaks plain HTTP; one per client would cost a quarter of a second."""
    return ssl.create_default_context()


def _client(base_url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base_url, timeout=60, verify=_tls())


def text_of(message: Message) -> str:
    """The text or caption, or ""."""
    found: str = message.get("text") or message.get("caption") or ""
    return found


def labels(message: Message) -> Iterator[str]:
    """The labels of the inline buttons."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        for button in row:
            yield button["text"]


def describe(message: Message) -> str:
    """One line for a reader of a failed test."""
    kinds = (
        "photo",
        "document",
        "voice",
        "location",
        "venue",
        "contact",
        "forum_topic_created",
        "pinned_message",
    )
    parts = [f"<{kind}>" for kind in kinds if kind in message]
    parts += [text_of(message)] if text_of(message) else []
    parts += [f"[{label}]" for label in labels(message)]
    edited = " (edited)" if message["sim"]["edited"] else ""
    return f"{message['from']['first_name']}{edited}: {' '.join(parts)}"


def _find_label(message: Message, label: str) -> str | None:
    shown = list(labels(message))
    if label in shown:
        return label
    return next((one for one in shown if label.lower() in one.lower()), None)


def _tells(line: str, chat: int) -> bool:
    if not line.startswith("data: "):
        return False
    event = json.loads(line.removeprefix("data: "))
    return event["kind"] in TELLING and event["chat"] in (chat, None)


def _checked(answer: httpx.Response) -> httpx.Response:
    """Raises `httpx.HTTPStatusError` with the simulator's reason."""
    if answer.is_error:
        told = f"{answer.status_code} for {answer.request.method} {answer.request.url.path}: {answer.text}"
        raise httpx.HTTPStatusError(told, request=answer.request, response=answer)
    return answer


def _json(answer: httpx.Response) -> Message:
    return dict(_checked(answer).json())


def _json_list(answer: httpx.Response) -> list[Message]:
    return list(_checked(answer).json())
