"""What people say out of politeness: a greeting opens no ticket, thanks are no trouble (WORDS 5)."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_GREETINGS = frozenset(
    {"halo", "hallo", "hello", "hai", "hi", "hey", "hei", "pagi", "siang", "sore", "malam", "permisi"}
    | {"assalamualaikum", "assalamu", "alaikum", "waalaikumsalam", "salam", "test", "tes", "ping", "p"}
)
_GREETS_ALONG = frozenset(
    {"selamat", "met", "good", "morning", "afternoon", "evening", "day", "there"}
    | {"kak", "kakak", "mas", "mbak", "mba", "pak", "bapak", "bu", "ibu", "min", "admin", "tim", "team"}
    | {"semua", "semuanya", "all", "everyone", "siaga", "apa", "kabar"}
)
_THANKS = frozenset(
    {"terima", "kasih", "terimakasih", "makasih", "trims", "thanks", "thank", "you", "thx", "tq", "suwun"}
)
_THANKS_ALONG = _GREETS_ALONG | frozenset(
    {"banyak", "ya", "yaa", "ok", "oke", "okay", "sip", "siap", "baik", "sudah", "udah", "beres", "bisa"}
    | {"lagi", "normal", "atas", "bantuannya", "bantuan", "very", "much", "for", "the", "your", "help"}
    | {"lancar", "aman", "mantap", "so", "it", "works", "working", "now", "solved", "fixed", "printing"}
    | {"kembali", "jalan", "berjalan", "berfungsi", "nyala", "hidup", "cetak", "mencetak", "dicetak", "masuk"}
    | {"kasir", "kasirnya", "printer", "printernya", "struk", "struknya", "aplikasi", "aplikasinya"}
)


def is_greeting(text: str) -> bool:
    """Return whether a text greets and says nothing else: "halo", "selamat pagi, Kak"."""
    return _only(text, _GREETINGS, _GREETS_ALONG) or _only(text, frozenset({"good"}), _GREETS_ALONG)


def is_thanks(text: str) -> bool:
    """Return whether a text thanks and says nothing else: "Terima kasih, sudah normal lagi"."""
    return _only(text, _THANKS, _THANKS_ALONG)


def _only(text: str, telling: frozenset[str], along: frozenset[str]) -> bool:
    words = [word.casefold() for word in _WORD.findall(text)]
    return any(word in telling for word in words) and all(word in telling | along for word in words)
