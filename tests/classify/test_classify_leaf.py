from stanch.classify.leaf import walk
from stanch.traffic.body.nested import Nested
from stanch.traffic.document import Document, Pairs


def paths(tree, **options):
    return {leaf.path: leaf.value for leaf in walk(Document(where="response.body", tree=tree, **options))}


def test_arrays_and_members_are_written_as_jsonpath():
    assert paths({"a": [{"b": 1}, {"b": 2}], "c d": 3}) == {"$.a[*].b": 2, "$['c d']": 3}


def test_maps_whose_keys_are_data_give_the_keys_too():
    found = paths({"users": {"ann@example.org": {"age": 7}}})
    assert found == {"$.users[~]~": "ann@example.org", "$.users[~].age": 7}


def test_both_of_two_equal_keys_are_seen():
    leaves = list(walk(Document(where="response.body", tree=Pairs((("e", "one"), ("e", "two"))))))
    assert [leaf.value for leaf in leaves] == ["one", "two"]


def test_what_a_string_held_is_seen_beside_the_string():
    assert paths({"p": Nested('{"e":1}', "json", {"e": 1})}) == {"$.p": '{"e":1}', "$.p@json.e": 1}


def test_graphql_aliases_are_seen_through():
    (leaf,) = walk(Document(where="response.body", tree={"data": {"x": "ann@example.org"}}, names={"$.data.x": "email"}))
    assert (leaf.path, leaf.name) == ("$.data.x", "email")


def test_objects_are_numbered_apart():
    leaves = list(walk(Document(where="response.body", tree=[{"a": 1}, {"a": 2}])))
    assert leaves[0].objects != leaves[1].objects


def test_deep_trees_do_not_exhaust_the_stack():
    tree = "x"
    for _ in range(20_000):
        tree = {"a": tree}
    assert sum(1 for _ in walk(Document(where="response.body", tree=tree))) == 1


def test_a_map_with_names_for_keys_gives_one_path_and_the_names_as_leaves():
    people = {name: {"email": f"{name}@example.org"} for name in ("ann", "bob", "carol", "dan", "eve", "frank", "grace", "heidi")}
    leaves = list(walk(Document(where="response.body", tree={"members": people})))
    assert {leaf.path for leaf in leaves} == {"$.members[~]~", "$.members[~].email"}
    assert {leaf.value for leaf in leaves if leaf.path.endswith("~")} == set(people)


def test_names_that_are_no_plain_steps_are_quoted():
    assert list(paths({"a.b": 1, "it's": 2, "x y": 3, "z~": 4})) == ["$['a.b']", "$['it\\'s']", "$['x y']", "$['z~']"]
