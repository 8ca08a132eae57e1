"""A button's token says what it does, to one chat, in 64 bytes."""

import pytest

from bot.callbacks import CallbackSigner, Tap
from domain.errors import NotAllowed

SIGNER = CallbackSigner("key")
TAP = Tap("assignment", "hand_back", 123_456, 7, ("part_missing",))


def test_a_token_comes_back_as_it_was() -> None:
    token = SIGNER.encode(TAP, 42)

    assert len(token) <= 64
    assert SIGNER.decode(token, 42) == TAP


@pytest.mark.parametrize("position", range(len(SIGNER.encode(TAP, 42))))
def test_a_changed_token_is_refused(position: int) -> None:
    token = SIGNER.encode(TAP, 42)
    changed = token[:position] + ("a" if token[position] != "a" else "b") + token[position + 1 :]

    with pytest.raises(NotAllowed):
        SIGNER.decode(changed, 42)


@pytest.mark.parametrize("token", ["", "~", "x", "a:b:c:d~", "assignment:accept:1:0", "é~é", "a" * 64])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(NotAllowed):
        SIGNER.decode(token, 42)


def test_a_token_of_another_chat_or_another_installation_is_refused() -> None:
    token = SIGNER.encode(TAP, 42)

    with pytest.raises(NotAllowed):
        SIGNER.decode(token, 43)
    with pytest.raises(NotAllowed):
        CallbackSigner("another key").decode(token, 42)


def test_what_cannot_fit_is_found_when_the_button_is_made() -> None:
    with pytest.raises(ValueError, match="64 are allowed"):
        SIGNER.encode(Tap("assignment", "accept", 2**62, 2**62, ("x" * 20,)), 42)
    with pytest.raises(ValueError, match="letters, digits"):
        SIGNER.encode(Tap("assignment", "accept", 1, 0, ("a:b",)), 42)
