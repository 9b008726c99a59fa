import contextlib
import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.traffic.body.limits import BodyError, Limits
from stanch.traffic.body.protobuf import method_types, read_grpc, read_protobuf, undo_grpc_text
from stanch.traffic.body.wire import guess_message
from stanch.traffic.decode import decode
from stanch.traffic.document import Pairs
from stanch.traffic.exchange import Exchange

descriptor_pb2 = pytest.importorskip("google.protobuf.descriptor_pb2")


def descriptors():
    files = descriptor_pb2.FileDescriptorSet()
    file = files.file.add(name="people.proto", package="people", syntax="proto3")
    user = file.message_type.add(name="User")
    kind = descriptor_pb2.FieldDescriptorProto
    for number, (name, type_, label) in enumerate(
        [
            ("id", kind.TYPE_INT64, 1),
            ("email", kind.TYPE_STRING, 1),
            ("scores", kind.TYPE_SINT32, 3),
            ("height", kind.TYPE_DOUBLE, 1),
            ("active", kind.TYPE_BOOL, 1),
            ("photo", kind.TYPE_BYTES, 1),
            ("weights", kind.TYPE_FLOAT, 3),
        ],
        1,
    ):
        user.field.add(name=name, number=number, type=type_, label=label)
    user.field.add(name="friends", number=8, type=kind.TYPE_MESSAGE, label=3, type_name=".people.User")
    user.field.add(name="role", number=9, type=kind.TYPE_ENUM, label=1, type_name=".people.Role")
    entry = user.nested_type.add(name="TagsEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type=kind.TYPE_STRING, label=1)
    entry.field.add(name="value", number=2, type=kind.TYPE_STRING, label=1)
    user.field.add(name="tags", number=10, type=kind.TYPE_MESSAGE, label=3, type_name=".people.User.TagsEntry")
    role = file.enum_type.add(name="Role")
    role.value.add(name="GUEST", number=0)
    role.value.add(name="ADMIN", number=1)
    service = file.service.add(name="Users")
    service.method.add(name="Get", input_type=".people.User", output_type=".people.User")
    return files.SerializeToString()


def message(**fields):
    from google.protobuf import descriptor_pool, message_factory

    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(descriptors()).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("people.User"))(**fields).SerializeToString()


ANN = message(
    id=-7,
    email="ann@example.org",
    scores=[-1, 2],
    height=1.7,
    active=True,
    photo=b"\xff",
    weights=[0.5],
    friends=[{"email": "bob@example.org"}],
    role=1,
    tags={"a": "b"},
)


def test_a_descriptor_gives_names_and_types():
    assert read_protobuf(ANN, "people.User", descriptors(), Limits()).tree == {
        "id": -7,
        "email": "ann@example.org",
        "scores": [-1, 2],
        "height": 1.7,
        "active": True,
        "photo": b"\xff",
        "weights": [0.5],
        "friends": [{"email": "bob@example.org"}],
        "role": "ADMIN",
        "tags": {"a": "b"},
    }


def test_a_field_that_an_outdated_descriptor_does_not_know_is_kept():
    tree = read_protobuf(message(id=1) + b"\xa2\x01\x03Eve", "people.User", descriptors(), Limits()).tree
    assert tree == {"id": 1, "20": "Eve"}


def test_without_a_descriptor_fields_have_their_numbers():
    tree = guess_message(ANN, Limits())
    assert tree["2"] == "ann@example.org"
    assert tree["4"] == 1.7
    assert tree["8"] == {"2": "bob@example.org"}
    assert tree["10"] == {"1": "a", "2": "b"}


def test_repeated_fields_stay_duplicates():
    assert guess_message(b"\x12\x03Ann\x12\x03Bob", Limits()) == Pairs([("2", "Ann"), ("2", "Bob")])


def test_groups_are_read():
    assert guess_message(b"\x0b\x12\x03Ann\x0c", Limits()) == {"1": {"2": "Ann"}}


def framed(payload, flags=0):
    return struct.pack(">BI", flags, len(payload)) + payload


def test_grpc_frames_are_messages_and_trailers_an_object():
    data = framed(b"\x12\x03Ann") + framed(gzip.compress(b"\x12\x03Bob"), 1) + framed(b"grpc-status: 0\r\n", 0x80)
    assert read_grpc(data, None, None, Limits(), coding="gzip").tree == [
        {"2": "Ann"},
        {"2": "Bob"},
        {"grpc-status": "0"},
    ]


def test_grpc_messages_may_be_json():
    assert read_grpc(framed(b'{"name":"Ann"}'), None, None, Limits(), coding="").tree == [{"name": "Ann"}]


def test_grpc_web_text_may_be_padded_in_the_middle():
    assert undo_grpc_text(b"YQ==YmI=") == b"abb"


def test_a_grpc_path_gives_both_types():
    assert method_types(descriptors(), "/people.Users/Get") == ("people.User", "people.User")
    assert method_types(descriptors(), "/people.Users/Drop") == (None, None)
    assert method_types(None, "/people.Users/Get") == (None, None)


def test_an_exchange_over_grpc_is_read_by_its_method():
    headers = (("content-type", "application/grpc+proto"),)
    found = decode(
        Exchange(
            where="x",
            method="POST",
            url="https://api.example.org/people.Users/Get",
            request_headers=headers,
            request_body=framed(message(id=7)),
            response_headers=headers,
            response_body=framed(ANN),
        ),
        descriptors=descriptors(),
    )
    trees = {document.where: document.tree for document in found.documents}
    assert trees["request.body"] == [{"id": 7}]
    assert trees["response.body"][0]["email"] == "ann@example.org"


def test_a_damaged_descriptor_set_is_named_once_for_each_body():
    headers = (("content-type", "application/x-protobuf; messageType=people.User"),)
    exchange = Exchange(where="x", method="GET", url="https://a.example.org", response_headers=headers, response_body=ANN)
    found = decode(exchange, descriptors=b"\xff\xff")
    assert [entry.reason for entry in found.undecodable] == ["the protobuf descriptor set can't be used"]


@given(st.binary(max_size=80) | st.builds(bytes.__add__, st.just(ANN), st.binary(max_size=9)))
def test_any_bytes_are_read_or_refused(data):
    for type_name in (None, "people.User", "people.Nobody"):
        with contextlib.suppress(BodyError):
            read_protobuf(data, type_name, descriptors(), Limits())
