"""What the simulated Telegram remembers: people, chats, messages, topics, callback queries."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from siaga.simulator.clock import Clock, first_id
from siaga.simulator.faults import FaultQueue
from siaga.simulator.files import FileStore
from siaga.simulator.journal import Journal, Json
from siaga.simulator.limits import Limits
from siaga.simulator.refusals import refuse
from siaga.simulator.settings import Settings
from siaga.simulator.updates import UpdateQueue
from siaga.simulator.webhook import Webhook

PEOPLE_FROM = 5_100_000_000  # beyond 32 bits, as real user ids may be
GROUPS_FROM = -1_001_000_000_000
BASIC_GROUPS_FROM = -4_000_000_000


@dataclass(slots=True)
class Person:
    """A human with a phone.

    `started` is whether the bot may write to them. Without signal, `frozen`
    holds what the phone still shows of each chat and `waiting` what it has yet to send.
    """

    user: Json
    started: bool = False
    blocked: bool = False
    offline: bool = False
    frozen: dict[int, list[Json]] = field(default_factory=dict)
    waiting: list[Callable[[], object]] = field(default_factory=list)

    @property
    def id(self) -> int:
        """Also the id of the private chat with the bot."""
        found: int = self.user["id"]
        return found


@dataclass(slots=True)
class Stored:
    """A message as it stands.

    `raw` is its Bot API object with any keyboard, inline or not; `views.py`
    makes of it what the bot and the people see. `created` is the event that told of it, `seq` the one
    that last changed it.
    """

    raw: Json
    deleted: bool = False
    edited: bool = False
    created: int = 0
    seq: int = 0
    reactions: dict[int, str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Within its chat."""
        found: int = self.raw["message_id"]
        return found


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the message that created it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False

    def shown(self) -> Json:
        """As the Bot API's ForumTopic."""
        shown: Json = {"message_thread_id": self.id, "name": self.name, "icon_color": self.icon_color}
        if self.icon_custom_emoji_id:
            shown["icon_custom_emoji_id"] = self.icon_custom_emoji_id
        return shown


@dataclass(slots=True)
class Chat:
    """A private chat with the bot, a supergroup, or a basic group.

    A basic group may become a supergroup, which is another chat: `upgraded_to` is its id. `members` are
    people's ids and their status; `bot_status` is "administrator", "member", "left" or "kicked".
    """

    id: int
    type: str
    title: str = ""
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    privacy: bool = True
    messages: dict[int, Stored] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    upgraded_to: int | None = None
    next_message: int = field(default_factory=first_id)

    @property
    def private(self) -> bool:
        """Whether it is a person's chat with the bot."""
        return self.type == "private"


@dataclass(slots=True)
class Callback:
    """A tap that waits for its answer. `answer` is None until then."""

    id: str
    user_id: int
    chat_id: int
    asked_at: float
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Ids:
    """Series that never give an id twice, not even across a reset."""

    private_message: Iterator[int] = field(default_factory=lambda: count(first_id()))
    person: Iterator[int] = field(default_factory=lambda: count(PEOPLE_FROM + first_id()))
    group: Iterator[int] = field(default_factory=lambda: count(GROUPS_FROM - first_id(), -1))
    basic_group: Iterator[int] = field(default_factory=lambda: count(BASIC_GROUPS_FROM - first_id(), -1))


class World:
    """Everything of one simulated bot; a reset makes a new one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.strict = settings.mode == "strict"
        self.clock = Clock()
        self.journal = Journal()
        self.limits = Limits(self.clock, settings.limits)
        self.faults = FaultQueue()
        self.updates = UpdateQueue(self.journal)
        self.webhook = Webhook(self.updates, self.clock)
        self.files = FileStore(self.clock)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.menu_buttons: dict[int, Json] = {}
        self.profile: dict[tuple[str, str], str] = {("name", ""): settings.name}
        self.ids = Ids()

    def bot(self) -> Json:
        """The bot as a User."""
        name = self.profile.get(("name", ""), self.settings.name)
        return {
            "id": self.settings.bot_id,
            "is_bot": True,
            "first_name": name,
            "username": self.settings.username,
        }

    def users(self) -> dict[int, Json]:
        """Everybody who may be mentioned by id."""
        found = {person.id: person.user for person in self.people.values()}
        return found | {self.settings.bot_id: self.bot()}

    def message_id(self, chat: Chat) -> int:
        """The next id: private chats and basic groups share the bot's series, a supergroup has its own."""
        if chat.type != "supergroup":
            return next(self.ids.private_message)
        chat.next_message += 1
        return chat.next_message

    def chat(self, chat_id: int | str) -> Chat:
        """Raises `RefusalError` "chat not found"."""
        if isinstance(chat_id, str):
            name = chat_id.removeprefix("@").lower()
            for person in self.people.values():
                if name and person.user.get("username", "").lower() == name:
                    chat_id = person.id
        found = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if found is None:
            refuse("chat not found")
        return found

    def continue_after(self, before: "World", *, keep_bot: bool) -> None:
        """Takes over from a world that is reset: ids go on rising.

        With `keep_bot` what the bot has set up stays as well, so that a running bot need not start again.
        """
        self.ids = before.ids
        self.journal.seq = before.journal.seq
        self.updates.next_id = before.updates.next_id
        if keep_bot:
            self.strict, self.limits.mode = before.strict, before.limits.mode
            self.commands, self.menu_buttons = before.commands, before.menu_buttons
            self.profile, self.updates.allowed = before.profile, before.updates.allowed
            hook = before.webhook
            self.webhook.set_to(hook.url, hook.secret, hook.max_connections)

    def close(self) -> None:
        """Ends long polls, event streams and webhook delivery."""
        self.journal.close()
        self.updates.close()
        self.webhook.stop()
