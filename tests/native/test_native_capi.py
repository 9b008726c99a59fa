"""``libstanch`` does through C what the reference does in Python: same bytes, same refusals at the same byte."""

import ctypes
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_native_mask import ACTIONS, CUTS, mutated_json, odd_json, outcome

from stanch.contain.mask import Masked, MaskError
from stanch.contain.masker import masker
from stanch.contain.path import compile_paths
from stanch.contain.written import written

NATIVE = Path(__file__).resolve().parents[2] / "native"
LIBRARY = NATIVE / "target" / "release" / ("libstanch.dylib" if sys.platform == "darwin" else "libstanch.so")
SAYS = {
    1: "not UTF-8", 2: "nested too deeply", 3: "not JSON", 4: "no member name", 5: "text after the document",
    6: "a string that should hold JSON does not", 7: "more than may be held back",
}  # fmt: skip


class Result(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_int32), ("data", ctypes.c_void_p), ("n_bytes", ctypes.c_size_t), ("n_masked", ctypes.c_size_t),
        ("n_dropped", ctypes.c_size_t), ("at", ctypes.c_size_t),
    )  # fmt: skip


@pytest.fixture(scope="module")
def library(built):
    loaded = ctypes.CDLL(str(LIBRARY))
    pointer, text, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
    for name, result, arguments in (
        ("policy_new", pointer, (text, size)),
        ("policy_free", None, (pointer,)),
        ("mask", Result, (pointer, text, size)),
        ("stream_new", pointer, (pointer,)),
        ("stream_feed", Result, (pointer, text, size)),
        ("stream_finish", Result, (pointer,)),
        ("stream_free", None, (pointer,)),
        ("free", None, (Result,)),
        ("abi_version", ctypes.c_uint32, ()),
    ):
        function = getattr(loaded, f"stanch_{name}")
        function.restype, function.argtypes = result, arguments
    return loaded


def taken(library, result):
    body = ctypes.string_at(result.data, result.n_bytes) if result.data else b""
    library.stanch_free(result)
    if result.code:
        raise MaskError(SAYS[result.code], result.at)
    return Masked(body=body, n_masked=result.n_masked, n_dropped=result.n_dropped)


def streamed(library, policy, body, cuts):
    stream = library.stanch_stream_new(policy)
    edges = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    try:
        parts = [taken(library, library.stanch_stream_feed(stream, body[a:b], b - a)).body for a, b in zip(edges, edges[1:], strict=False)]
        rest = taken(library, library.stanch_stream_finish(stream))
    finally:
        library.stanch_stream_free(stream)
    return Masked(body=b"".join(parts) + rest.body, n_masked=rest.n_masked, n_dropped=rest.n_dropped)


@given(odd_json() | mutated_json(), ACTIONS, CUTS)
def test_the_library_masks_and_refuses_as_the_reference(library, body, actions, cuts):
    root = compile_paths(actions)
    text = written(root, b"key")
    policy = library.stanch_policy_new(text, len(text))
    expected = outcome(lambda: masker(root, b"key", engine="reference").mask(body))
    assert outcome(lambda: taken(library, library.stanch_mask(policy, body, len(body)))) == expected
    flowed = outcome(lambda: streamed(library, policy, body, cuts))
    assert flowed == expected or (isinstance(expected[0], str) and isinstance(flowed[0], str))
    library.stanch_policy_free(policy)


@given(st.binary(max_size=80) | st.text(alphabet="stanch-mask 1\nkey node= 0123456789abcdef", max_size=80).map(str.encode))
def test_a_text_that_is_no_policy_is_refused(library, text):
    for candidate in (text, b"stanch-mask 1\nkey 00\n" + text):
        policy = library.stanch_policy_new(candidate, len(candidate))
        if policy:
            taken(library, library.stanch_mask(policy, b"{}", 2))
            library.stanch_policy_free(policy)


def test_nothing_where_something_must_be_is_a_fault_and_no_crash(library):
    assert library.stanch_abi_version() == 1
    assert library.stanch_mask(None, b"{}", 2).code == 100
    assert library.stanch_stream_new(None) is None
    assert library.stanch_stream_feed(None, b"{}", 2).code == 100
    assert library.stanch_stream_finish(None).code == 100
    library.stanch_policy_free(None)
    library.stanch_stream_free(None)
    library.stanch_free(Result())


def test_a_written_policy_is_lines_that_can_be_compared():
    root = compile_paths({"$.author.email": "typed", "$.list[*]": "drop"})
    assert written(root, b"\x01\x02") == (
        b"stanch-mask 1\nkey 0102\nnode - - - - 617574686f72=1 6c697374=2\nnode - - - - 656d61696c=3\nnode - 4 - -\nnode typed - - -\nnode drop - - -"
    )


@pytest.fixture(scope="module")
def program(built, tmp_path_factory):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    target = tmp_path_factory.mktemp("capi") / "conformance"
    flags = ["-Wall", "-Wextra", "-Werror", "-std=c99", "-I", NATIVE / "capi" / "include", "-L", LIBRARY.parent, f"-Wl,-rpath,{LIBRARY.parent}"]
    subprocess.run([compiler, NATIVE / "capi" / "conformance.c", *flags, "-lstanch", "-o", target], check=True)
    return target


@pytest.mark.parametrize("chunk", [(), ("1",), ("7",), ("4096",)])
def test_a_program_in_c_masks_as_the_reference(program, tmp_path, chunk):
    root = compile_paths({"$[*].author.email": "typed", "$[*].author.phone": "drop", "$[*].inner@json.email": "hash"})
    (tmp_path / "policy").write_bytes(written(root, b"key"))
    rows = [{"author": {"email": "ann@example.org", "phone": n, "n": 1.5}, "inner": '{"email":"é"}'} for n in range(50)]
    body = json.dumps(rows, indent=1).encode()
    done = subprocess.run([program, tmp_path / "policy", *chunk], input=body, capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout == masker(root, b"key", engine="reference").mask(body).body
    broken = subprocess.run([program, tmp_path / "policy", *chunk], input=body[:-1], capture_output=True, check=False)
    assert (broken.returncode, broken.stderr) == (3, f"refused at byte {len(body) - 1}\n".encode())
