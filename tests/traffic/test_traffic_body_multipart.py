import base64

import pytest

from stanch.traffic.body.formats import Source, read
from stanch.traffic.body.limits import BodyError, Limits, Notes
from stanch.traffic.body.multipart import split_parts
from stanch.traffic.document import Pairs


def parts(*pieces, boundary=b"b"):
    return b"".join(b"--" + boundary + b"\r\n" + piece + b"\r\n" for piece in pieces) + b"--" + boundary + b"--\r\n"


def field(name, content, *more):
    lines = [f'Content-Disposition: form-data; name="{name}"'.encode(), *more]
    return b"\r\n".join(lines) + b"\r\n\r\n" + content


def tree_of(data, content_type, notes=None):
    return read(Source(data=data, content_type=content_type), Limits(), notes or Notes()).tree


FORM = "multipart/form-data; boundary=b"


def test_every_field_is_a_member_and_read_by_its_own_type():
    data = parts(
        field("name", b"Ann"),
        field("meta", b'{"age":7}', b"Content-Type: application/json"),
        field("meta2", b'{"age":8}'),
        field("note", "Zoë".encode("latin-1"), b"Content-Type: text/plain; charset=latin-1"),
        field("empty", b""),
    )
    assert tree_of(data, FORM) == {
        "name": "Ann",
        "meta": {"age": 7},
        "meta2": {"age": 8},
        "note": "Zoë",
        "empty": "",
    }


def test_a_field_that_stands_twice_stays_twice():
    assert tree_of(parts(field("to", b"Ann"), field("to", b"Bob")), FORM) == Pairs([("to", "Ann"), ("to", "Bob")])


def test_a_file_keeps_its_name_and_its_content_where_it_has_any():
    csv = b'Content-Disposition: form-data; name="f"; filename="ann.csv"\r\nContent-Type: text/csv\r\n\r\nname\r\nAnn'
    png = b"Content-Disposition: form-data; name=p; filename*=UTF-8''Zo%C3%AB.png\r\n\r\n\x89PNG\r\n\x1a\n"
    notes = Notes()
    assert tree_of(parts(csv, png), FORM, notes) == {
        "f": {"filename": "ann.csv", "content": [{"name": "Ann"}]},
        "p": {"filename": "Zoë.png"},
    }
    assert notes.n_opaque == 1


def test_a_wrong_boundary_is_replaced_by_that_of_the_first_line():
    assert tree_of(parts(field("name", b"Ann"), boundary=b"real"), FORM) == {"name": "Ann"}


def test_other_kinds_are_lists():
    data = parts(b"Content-Type: application/json\r\n\r\n[1]", b"\r\nplain")
    assert tree_of(data, "multipart/mixed; boundary=b") == [[1], "plain"]


def test_transfer_encodings_are_undone():
    coded = b"Content-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b'{"a":1}')
    quoted = b"Content-Transfer-Encoding: quoted-printable\r\n\r\nann=40example.org"
    assert tree_of(parts(coded, quoted), "multipart/mixed; boundary=b") == [{"a": 1}, "ann@example.org"]


def test_a_batch_of_answers_is_read_with_heads_and_bodies():
    inner = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-User: ann\r\n\r\n{"a":1}'
    data = parts(b"Content-Type: application/http\r\n\r\n" + inner)
    (found,) = tree_of(data, "multipart/mixed; boundary=b")
    assert found == {"headers": {"content-type": "application/json", "x-user": "ann"}, "body": {"a": 1}}


def test_a_broken_part_is_named_and_the_rest_still_read():
    notes = Notes()
    data = parts(field("bad", b'{"a":', b"Content-Type: application/json"), field("name", b"Ann"))
    assert tree_of(data, FORM, notes) == {"bad": "", "name": "Ann"}
    assert notes.problems == ["part 1: JSON is cut short or malformed at character 5"]


def test_parts_within_parts_have_a_limit():
    data = b"x"
    for layer in range(6):
        head = f"Content-Type: multipart/mixed; boundary=b{layer - 1}\r\n\r\n".encode()
        data = parts(head + data, boundary=b"b%d" % layer)
    notes = Notes()
    read(Source(data=data, content_type="multipart/mixed; boundary=b5"), Limits(), notes)
    assert notes.problems == ["part 1: more than 4 multipart bodies within each other"]


def test_too_many_parts_are_refused():
    with pytest.raises(BodyError, match="more than 2 parts"):
        split_parts(parts(b"\r\na", b"\r\nb", b"\r\nc"), "b", Limits(max_parts=2))
