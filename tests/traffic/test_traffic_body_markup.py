import pytest

from stanch.traffic.body.limits import BodyError, Limits, Notes
from stanch.traffic.body.markup import read_html, read_xml
from stanch.traffic.document import Pairs


def xml(text, charset=None):
    return read_xml(text if isinstance(text, bytes) else text.encode(), charset, Limits(), Notes()).tree


def html(text):
    return read_html(text.encode(), None, Limits(), Notes()).tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("<a/>", {"a": ""}),
        ("<a>Ann</a>", {"a": "Ann"}),
        ('<a b="1">Ann</a>', {"a": {"@b": "1", "#text": "Ann"}}),
        ("<a><b>1</b><b>2</b></a>", {"a": Pairs([("b", "1"), ("b", "2")])}),
        ('<n:a xmlns:n="urn:x" n:i="1"><n:b/></n:a>', {"a": {"@i": "1", "b": ""}}),
        ("<a>x<b>1</b>y</a>", {"a": {"b": "1", "#text": "x y"}}),
        (
            '<s:Envelope xmlns:s="urn:s"><s:Body><GetUser><mail>ann@example.org</mail></GetUser></s:Body></s:Envelope>',
            {"Envelope": {"Body": {"GetUser": {"mail": "ann@example.org"}}}},
        ),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>Zoë</a>'.encode("latin-1"), {"a": "Zoë"}),
        ('<?xml version="1.0" encoding="utf-16"?><a>Zoë</a>'.encode("utf-16"), {"a": "Zoë"}),
    ],
)
def test_elements_become_members(text, tree):
    assert xml(text) == tree


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a>", "malformed at line 1"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///x">]><a>&b;</a>', "entities"),
        ("<a>" * 300 + "</a>" * 300, "nested too deeply"),
    ],
)
def test_hostile_or_broken_markup_is_refused(text, reason):
    with pytest.raises(BodyError, match=reason):
        xml(text)


def test_a_page_is_one_string_without_its_scripts():
    assert html("<p>ann&#64;example.org</p><script>alert(1)</script>") == "<p>ann@example.org</p><script></script>"


def test_the_data_of_a_page_stands_beside_it():
    page = '<SCRIPT id=x type="application/ld+json"> {"name":"Ann"} </SCRIPT><script type=application/json>[1]</script>'
    tree = html(page)
    assert tree[1] == ("script", [{"name": "Ann"}, [1]])


def test_a_page_that_breaks_off_within_a_script_is_read():
    assert html('<p>Ann<script type="application/json">{"a":') == '<p>Ann<script type="application/json">{"a":'
