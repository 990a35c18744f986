"""The envelope of the old protocols: what is plain is read at once, all else is named."""

from __future__ import annotations

import pytest

from app.legacy.envelope import Envelope, Malformed, decode


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"type": "move", "data": {"x": [1, null]}}', {"x": [1, None]}),
        ('{"data": {}, "more": 1, "type": "move"}', {}),
        ('{"type": "move"}', {}),
        ('{"type": "move", "data": null}', {}),
    ],
)
def test_a_message_has_a_type_and_perhaps_data(text: str, data: object) -> None:
    assert decode(text) == Envelope("move", data)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "code", "msg", "request_type"),
    [
        ("", "bad_json", "This is not JSON: Input data was truncated.", None),
        ('{"type": "move"', "bad_json", "This is not JSON: Input data was truncated.", None),
        ('{"type": "move", "data": ' + "[" * 5000, "bad_json", None, None),
        ("[]", "malformed", "A message is an object with type and data.", None),
        ('{"data": {}}', "malformed", "A message has a type, a string.", None),
        ('{"type": 1}', "malformed", "A message has a type, a string.", None),
        ('{"type": "m", "data": []}', "malformed", "A message's data is an object.", "m"),
    ],
)
def test_what_is_none_is_said(
    text: str, code: str, msg: str | None, request_type: str | None
) -> None:
    with pytest.raises(Malformed) as caught:
        decode(text)
    assert (caught.value.code, caught.value.request) == (code, request_type)
    assert msg is None or caught.value.msg == msg


def test_no_two_messages_share_their_data() -> None:
    decode('{"type": "move"}').data["x"] = 1
    assert decode('{"type": "move"}').data == {}
