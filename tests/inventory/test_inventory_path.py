from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.inventory import tree
from stanch.inventory.path import PathInventory
from stanch.inventory.segment import provisional
from stanch.inventory.shape import signature
from stanch.inventory.value import digest, identifying_values

HOST = "api.example.org"
ARTICLE = signature({"article": {"slug": "s", "title": "t", "author": {"username": "u"}}})
COMMENTS = signature({"comments": [{"id": 1, "body": "b"}]})
USER = signature({"user": {"name": "n", "bio": "b"}})
TAGS = signature({"tags": ["a"], "total": 1})
DONE = signature({"ok": True})
SLUGS = ("slow-bread-one", "quiet-trains-two", "old-maps-again")


def inventory(*rows) -> PathInventory:
    """Each row is (path, shape) or (method, path, status, shape)."""
    found = PathInventory()
    for row in rows:
        method, path, status, shape = row if len(row) == 4 else ("GET", row[0], 200, row[1])
        found.add(HOST, method, provisional(path), status, shape)
    return found


def templates(*rows) -> list[str]:
    router = inventory(*rows).templates()
    return [router.match(HOST, "GET", row[0] if len(row) == 2 else row[1]) for row in rows]


def test_numbers_and_uuids_are_parameters_at_once():
    assert templates(("/users/17", USER), ("/orders/0b8f6a1e-93f5-4d0b-8f0e-3f6b8d1c2a77/items/3", TAGS)) == [
        "/users/{id}",
        "/orders/{id}/items/{item_id}",
    ]


def test_slugs_with_one_shape_are_one_endpoint():
    assert set(templates(*((f"/api/articles/{slug}", ARTICLE) for slug in SLUGS))) == {"/api/articles/{slug}"}


def test_usernames_made_of_words_are_one_endpoint():
    assert set(templates(*((f"/api/profiles/{name}", USER) for name in ("ann", "bob", "carol", "dan")))) == {"/api/profiles/{username}"}


def test_words_of_the_api_stay_apart_whatever_they_answer():
    assert templates(("/users/me", USER), ("/users/search", USER), ("/users/login", USER)) == ["/users/me", "/users/search", "/users/login"]


def test_words_of_the_api_stay_beside_the_parameter():
    rows = [(f"/api/articles/{slug}", ARTICLE) for slug in SLUGS] + [("/api/articles/feed", ARTICLE)]
    assert templates(*rows)[-1] == "/api/articles/feed"


def test_names_of_procedures_stay_apart():
    rows = [
        ("POST", f"/servers/7/actions/{name}", 201, DONE) for name in ("attach_disk", "changeOwner", "reset-password", "enable_rescue", "remove_tag")
    ]
    assert len(set(templates(*rows))) == 5


def test_siblings_with_different_shapes_stay_apart():
    rows = [("/api/zebra", ARTICLE), ("/api/yak", COMMENTS), ("/api/gnu", TAGS)]
    assert templates(*rows) == ["/api/zebra", "/api/yak", "/api/gnu"]


def test_what_hangs_below_a_parameter_is_folded_with_it():
    rows = [(f"/api/articles/{slug}/comments", COMMENTS) for slug in SLUGS]
    assert set(templates(*rows)) == {"/api/articles/{slug}/comments"}


def test_words_that_answer_like_numbered_ones_are_the_same_parameter():
    assert set(templates(("/users/17", USER), ("/users/18", USER), ("/users/ann", USER))) == {"/users/{username}"}


def test_missing_optional_members_do_not_split_an_endpoint():
    full = {"name": "n", "bio": "b", "city": "c", "site": "s", "team": {"id": 1, "label": "l"}, "created": 1, "likes": 2, "avatar": "a"}
    rows = [
        (f"/profiles/{name}", signature({k: v for k, v in full.items() if k != missing}))
        for name, missing in zip(["ann", "bob", "carol", "dan"], full, strict=False)
    ]
    assert set(templates(*rows)) == {"/profiles/{username}"}


def test_methods_of_one_path_share_its_template():
    rows = [("GET", f"/api/articles/{slug}", 200, ARTICLE) for slug in SLUGS] + [("DELETE", f"/api/articles/{SLUGS[0]}", 204, None)]
    assert set(templates(*rows)) == {"/api/articles/{slug}"}


def test_a_word_that_a_response_named_something_by_is_a_parameter():
    rows = [("/teams/falcon", USER), ("/teams/otter", USER)]
    found = inventory(*rows)
    found.add_values(identifying_values({"teams": [{"name": "falcon"}, {"name": "otter"}]}))
    assert {found.templates().match(HOST, "GET", path) for path, _ in rows} == {"/teams/{name}"}


def test_only_members_that_identify_give_values():
    assert identifying_values({"name": "falcon", "colour": "red", "list": [{"user_id": "ann"}], "id": 7}) == {digest("falcon"), digest("ann")}


def test_errors_alone_fold_nothing():
    rows = [("GET", f"/api/{word}", 404, DONE) for word in ("zebra", "yak", "gnu", "emu")]
    assert len(set(templates(*rows))) == 4


def test_a_file_suffix_and_a_verb_stay_in_the_template():
    assert templates(("/calls/17.json", USER), ("/orders/0b8f6a1e-93f5-4d0b-8f0e-3f6b8d1c2a77:cancel", DONE)) == [
        "/calls/{id}.json",
        "/orders/{id}:cancel",
    ]


def test_a_path_never_seen_follows_the_routes_known():
    router = inventory(*((f"/api/articles/{slug}", ARTICLE) for slug in SLUGS)).templates()
    assert router.match(HOST, "GET", "/api/articles/never-seen-before") == "/api/articles/{slug}"
    assert router.match(HOST, "GET", "/api/unknown/never-seen-before") == "/api/unknown/never-seen-before"
    assert router.match("other.example.org", "GET", "/a/17") == "/a/{id}"


def test_given_templates_win():
    router = inventory(("/api/zebra", ARTICLE)).templates(["/api/{animal}", "/files/{name}.json"])
    assert router.match(HOST, "GET", "/api/zebra") == "/api/{animal}"
    assert router.match(HOST, "GET", "/files/summer.json") == "/files/{name}.json"
    assert router.match(HOST, "GET", "/files/summer.xml") == "/files/summer.xml"


def test_a_trailing_slash_is_an_endpoint_of_its_own():
    assert templates(("/users/17", USER), ("/users/17/", TAGS)) == ["/users/{id}", "/users/{id}/"]


def test_the_same_name_twice_gets_the_noun_before():
    assert templates(("/articles/17/comments/3/votes/9", USER)) == ["/articles/{id}/comments/{comment_id}/votes/{vote_id}"]


PATHS = ["/a/b", "/a/one-two-three", "/a/four-five-six", "/u/ann", "/u/bob", "/u/eve", "/u/7", "/x", "/u/ann/posts/3", "/u/bob/posts", "/x.json"]
ROWS = st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from([ARTICLE, USER, None])), max_size=30)


def answers(found: PathInventory) -> list[str]:
    router = found.templates()
    return [router.match(HOST, "GET", path) for path in PATHS]


@given(ROWS, st.integers(0, 29), st.randoms())
def test_templates_do_not_depend_on_order_or_sharding(rows, cut, random):
    whole = inventory(*rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    left, right = inventory(*shuffled[:cut]), inventory(*shuffled[cut:])
    left.merge(right)
    assert left == whole
    assert answers(left) == answers(whole)


WORDS = st.lists(
    st.tuples(st.sampled_from([f"w{c}" for c in "abcdefgh"]), st.sampled_from([f"s{c}" for c in "abcdefgh"]), st.integers(1, 40)), max_size=60
)


@settings(max_examples=200)
@given(WORDS, st.integers(0, 60), st.randoms())
def test_the_bound_on_memory_does_not_depend_on_order_or_sharding(rows, cut, random):
    before = tree.MAX_SIBLINGS, tree.MAX_SHAPES
    tree.MAX_SIBLINGS, tree.MAX_SHAPES = 3, 3
    try:
        paths = [(f"/{first}/{second}", shape) for first, second, shape in rows]
        whole = inventory(*paths)
        random.shuffle(paths)
        left, right = inventory(*paths[:cut]), inventory(*paths[cut:])
        left.merge(right)
        assert {host: plain(branch) for host, branch in left.hosts.items()} == {host: plain(branch) for host, branch in whole.hosts.items()}
    finally:
        tree.MAX_SIBLINGS, tree.MAX_SHAPES = before


def plain(branch: tree.Branch) -> object:
    return {part: plain(child) for part, child in branch.children.items()}, branch.answers


def test_very_many_words_at_one_place_take_bounded_room():
    found = PathInventory()
    for number in range(3 * tree.MAX_SIBLINGS):
        found.add(HOST, "GET", f"/words/{'abcdefghij'[number % 10]}{'x' * (number // 10)}", 200, number)
    node = found.hosts[HOST].children["words"]
    assert list(node.children) == ["{word}"]
    assert len(node.children["{word}"].answers["GET", 2]) == tree.MAX_SHAPES
    assert found.templates().match(HOST, "GET", "/words/anything") == "/words/{name}"
