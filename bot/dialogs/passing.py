"""Messages that pass an open dialog by: commands, and work on the very task that is asked about."""

from telegram import Message

from bot.dialogs.asking import field_of
from bot.dialogs.fields import Dialog, PhotosField, PickerField, TextField
from bot.spoken import read
from db.chat.dialogs import DialogState


def is_command(message: Message) -> bool:
    """Return whether a message begins with a command."""
    return any(entity.type == "bot_command" and entity.offset == 0 for entity in message.entities)


def is_about_the_work(dialog: Dialog, state: DialogState, message: Message) -> bool:
    """Return whether a message is no answer to an open question about a task, but work on it.

    A phone that was offline sends its queue at once: a photo or "selesai" must not be taken for a number.
    """
    asked = field_of(dialog, state.field)
    if "task" not in state.answers or isinstance(asked, TextField | PickerField):
        return False
    if message.photo or message.document:
        return not isinstance(asked, PhotosField)
    return read(message.text or "") is not None
