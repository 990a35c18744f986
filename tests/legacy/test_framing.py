"""Frames cut out of a client's bytes: the short way says what wsproto says, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection as Framing
from wsproto.connection import ConnectionType
from wsproto.events import CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import Opcode

from app.legacy.framing import Frames
from tests.support.rawclient import build_frame

LIMIT = 70_000


def frames() -> Frames:
    return Frames(Framing(ConnectionType.SERVER))


def texts(events: list[Event]) -> str:
    return "".join(event.data for event in events if isinstance(event, TextMessage))


@given(st.text(max_size=200))
def test_a_whole_message_is_read_at_once(text: str) -> None:
    assert frames().message(build_frame(text.encode()), LIMIT) == text


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535])
def test_of_any_length_that_two_bytes_can_tell(size: int) -> None:
    assert frames().message(build_frame(b"x" * size), LIMIT) == "x" * size


@given(st.lists(st.text(max_size=140), min_size=1, max_size=4), st.data())
def test_however_the_bytes_are_cut_the_messages_are_the_same(
    sent: list[str], data: st.DataObject
) -> None:
    stream = b"".join(build_frame(text.encode()) for text in sent)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(stream)), max_size=6)) | {len(stream)})
    reader, heard, begin = frames(), "", 0
    for end in cuts:
        piece, begin = stream[begin:end], end
        whole = reader.message(piece, LIMIT)
        heard += texts(list(reader.events(piece))) if whole is None else whole
    assert heard == "".join(sent)
    assert reader.message(build_frame(b"next"), LIMIT) == "next"


@pytest.mark.parametrize(
    "frame",
    [
        build_frame(b"x")[:-1],  # not all of it
        build_frame(b"x") * 2,
        build_frame(b"x", Opcode.BINARY),
        build_frame(b"x", Opcode.PING),
        b"\x01" + build_frame(b"x")[1:],  # a fragment
        b"\xc1" + build_frame(b"x")[1:],  # an extension's bit
        b"\x81\x01x",  # no mask
        b"\x81\xfe\x00\x01" + b"\0" * 4 + b"x",  # a length longer than need be
        b"\x81\xff" + (1).to_bytes(8, "big") + b"\0" * 4 + b"x",
        b"\x81\xff" + (200).to_bytes(8, "big") + b"\0" * 4 + b"x" * 200,
        build_frame(b"\xff"),  # not UTF-8
        build_frame(b"\xed\xa0\x80"),  # half a surrogate pair
        b"\x81",
    ],
)
def test_whatever_is_particular_is_left_to_wsproto(frame: bytes) -> None:
    assert frames().message(frame, LIMIT) is None


def test_what_is_too_long_is_left_to_wsproto() -> None:
    frame = build_frame(b"xx")
    assert frames().message(frame, 1) is None
    assert frames().message(frame, 2) == "xx"


def test_no_message_is_read_past_one_that_is_open() -> None:
    reader = frames()
    first = b"\x01" + build_frame(b"a")[1:]
    assert texts(list(reader.events(first))) == "a"
    whole = build_frame(b"b")
    assert reader.message(whole, LIMIT) is None
    (event,) = reader.events(whole)  # a new message in the middle of another breaks the framing
    assert isinstance(event, CloseConnection)


def test_control_frames_come_between() -> None:
    reader = frames()
    first, last = b"\x01" + build_frame(b"a")[1:], b"\x80" + build_frame(b"b")[1:]
    events = [*reader.events(first + build_frame(b"p", Opcode.PING)), *reader.events(last)]
    assert texts(events) == "ab"
    assert [type(event) for event in events] == [TextMessage, Ping, TextMessage]
    assert reader.message(build_frame(b"next"), LIMIT) == "next"


def test_nothing_is_read_after_the_end() -> None:
    reader = frames()
    goodbye = build_frame(b"\x03\xe8", Opcode.CLOSE)
    (event,) = reader.events(goodbye + build_frame(b"more"))
    assert isinstance(event, CloseConnection)
