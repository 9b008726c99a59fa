import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.traffic.body.graphql import body_operations, query_operations, text_operations
from stanch.traffic.body.limits import BodyError, Limits


def operation(query, **more):
    (found,) = body_operations({"query": query, **more}, Limits())
    return found


@pytest.mark.parametrize(
    ("query", "name", "names"),
    [
        ("{ me { id } }", "#me", {}),
        ("query Who { me { id } }", "Who", {}),
        ("mutation { a: signUp { t: token } }", "#signUp", {"$.data.a": "signUp", "$.data.a.t": "token"}),
        ("{ me { ...F } } fragment F on User { m: email }", "#me", {"$.data.me.m": "email"}),
        ("{ me { ... on User { m: email } } }", "#me", {"$.data.me.m": "email"}),
        ("{ me { ...F } } fragment F on U { f: friends { ...G } } fragment G on U { m: email }", "#me",
         {"$.data.me.f": "friends", "$.data.me.f.m": "email"}),
        ("{ me { ...F } } fragment F on U { m: email boss { ...F } }", "#me", {"$.data.me.m": "email"}),
        ("{ me { ...Missing } }", "#me", {}),
        ("# comment\nquery Q($id: ID!) { u: user(id: $id) { id } }", "Q", {"$.data.u": "user"}),
    ],
)  # fmt: skip
def test_aliases_and_fragments_are_resolved(query, name, names):
    found = operation(query)
    assert (found.name, found.names) == (name, names)


def test_the_named_one_of_several_operations_counts():
    found = operation("query A { x: a } query B { x: b }", operationName="B")
    assert (found.name, found.names) == ("B", {"$.data.x": "b"})


def test_a_persisted_query_is_known_by_its_name_or_hash():
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "ab" * 32}}
    (named,) = body_operations({"operationName": "Who", "extensions": extensions}, Limits())
    (unnamed,) = body_operations({"extensions": extensions}, Limits())
    assert (named.name, unnamed.name) == ("Who", "#abababababab")


def test_a_get_request_carries_its_extensions_as_text():
    query = {"operationName": "Who", "extensions": '{"persistedQuery":{"sha256Hash":"x"}}'}
    assert [found.name for found in query_operations(query, Limits())] == ["Who"]
    assert query_operations({"q": "Ann"}, Limits()) == ()


def test_a_batch_gives_an_operation_each():
    found = body_operations([{"query": "{a}"}, {"query": "{b}"}], Limits())
    assert [each.name for each in found] == ["#a", "#b"]


def test_an_upload_form_carries_its_operations_in_a_field():
    (found,) = body_operations({"operations": {"query": "{ a: b }"}, "map": {}, "0": {"filename": "x"}}, Limits())
    assert found.name == "#b"


@pytest.mark.parametrize("tree", [{}, [], None, 7, {"query": "Ann"}, {"query": "query builders"}, {"query": {}}, [{"query": "{a}"}, 7]])
def test_other_bodies_are_not_graphql(tree):
    assert body_operations(tree, Limits()) == ()


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("{" + "a " * 30_000 + "}", "more than 20000 tokens"),
        ('{a(b:"' + "x" * 300_000 + '")}', "more than 262144 characters"),
        ("{a" * 100 + "}" * 100, "nested too deeply"),
        ("{...f0}" + "".join(f"fragment f{n} on A{{...f{n + 1} ...f{n + 1}}}" for n in range(50)), "beyond the limit"),
    ],
)
def test_a_query_over_the_limits_is_refused(query, reason):
    with pytest.raises(BodyError, match=reason):
        operation(query)


@given(st.text(alphabet='{}abc.: ()"\\#F@$!') | st.text())
def test_any_text_is_an_operation_or_none(text):
    assert isinstance(text_operations(text, Limits()), tuple)
