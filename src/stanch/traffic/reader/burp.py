"""Burp Suite's XML export of items. Source: the DTD that the export carries."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from stanch.errors import InputError
from stanch.traffic.exchange import Exchange, Headers, Unreadable, method_of
from stanch.traffic.reader.stream import Stream


def read_burp(stream: Stream, name: str) -> Iterator[Exchange | Unreadable]:
    """Give the items in order; each is freed once read."""
    number = 0
    try:
        for _, element in ElementTree.iterparse(stream, forbid_dtd=False):
            if element.tag == "item":
                yield item(element, f"{name}#item[{number}]")
                number += 1
                element.clear()
    except (ParseError, DefusedXmlException, ValueError):
        if number == 0:
            raise InputError("no item can be read: the XML is damaged", where=name, hint="export the items once more") from None
        yield Unreadable(where=f"{name}#item[{number}]", reason="the XML is damaged from here on")


def item(element: Element, where: str) -> Exchange | Unreadable:
    try:
        request = message(element.find("request"))
        response = message(element.find("response"))
        first, request_headers, request_body = split_message(request)
        line, response_headers, response_body = split_message(response)
        status = int(line.split(" ")[1]) if line else 0
        method = first.split(" ", 1)[0] or (element.findtext("method") or "GET")
    except (ValueError, IndexError, Base64Error):
        return Unreadable(where=where, reason="the item's request or response can't be read")
    url = element.findtext("url") or ""
    if not url:
        return Unreadable(where=where, reason="the item has no URL")
    return Exchange(
        where=where, method=method_of(method), url=url, request_headers=request_headers, request_body=request_body, status=status,
        response_headers=response_headers, response_body=response_body,
    )  # fmt: skip


def message(element: Element | None) -> bytes:
    if element is None or not element.text:
        return b""
    return b64decode(element.text) if element.get("base64") == "true" else element.text.encode("utf-8", "surrogatepass")


def split_message(raw: bytes) -> tuple[str, Headers, bytes]:
    """Split an HTTP/1 message as recorded into its first line, headers and body."""
    head, _, body = raw.partition(b"\r\n\r\n") if b"\r\n\r\n" in raw else raw.partition(b"\n\n")
    first, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return first, tuple((name.strip(), value.strip()) for name, _, value in pairs), body
