"""XML (SOAP too) and HTML.

Decides how elements become members: attributes ``@name``, mixed text ``#text``, local names without a namespace;
an element that stands twice stays a duplicate key, so that its path is the same whether there is one or many.
Refuses entities and external references (defusedxml).
HTML stays one string, without scripts and styles, beside the JSON that its data scripts hold.
"""

import html
import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from stanch.traffic.body.json_text import is_too_deep, parse_text
from stanch.traffic.body.limits import TOO_DEEP, BodyError, Limits, Notes, Parsed
from stanch.traffic.body.members import members
from stanch.traffic.body.text import decode_text
from stanch.traffic.document import Pairs

_XML_CHARSET = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_HTML_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_RAW_TEXT = re.compile(r"<(script|style)\b([^>]{0,400})>", re.IGNORECASE)
_DATA_SCRIPT = re.compile(r"""type\s*=\s*["']?application/(?:[\w.-]{1,40}\+)?json\b""", re.IGNORECASE)
_LOCAL = re.compile(r"^\{[^}]*\}")


def read_xml(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read an XML document as ``{root: …}``.

    Raises: BodyError.
    """
    text = decode_text(data, charset or _declared(_XML_CHARSET, data), notes).strip()
    try:
        root = fromstring(text)
    except ParseError as error:
        raise BodyError(f"XML is cut short or malformed at line {error.position[0]}") from None
    except DefusedXmlException:
        raise BodyError("XML with entities is refused") from None
    except (ValueError, LookupError):
        raise BodyError("XML in an unknown charset") from None
    return Parsed(tree={_local(root.tag): _element(root, limits.max_depth)})


def _declared(pattern: re.Pattern[bytes], data: bytes) -> str | None:
    match = pattern.search(data[:1024])
    return match[1].decode("ascii", "replace") if match else None


def _local(name: str) -> str:
    return _LOCAL.sub("", name)


def _element(element: Element, depth: int) -> object:
    if depth == 0:
        raise BodyError(TOO_DEEP)
    pairs: list[tuple[str, object]] = [("@" + _local(name), value) for name, value in element.items()]
    texts = [element.text or ""]
    for child in element:
        pairs.append((_local(child.tag), _element(child, depth - 1)))
        texts.append(child.tail or "")
    text = " ".join(piece.strip() for piece in texts).strip()
    if not pairs:
        return text
    return members([*pairs, ("#text", text)] if text else pairs)


def read_html(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read a page as its markup with character references resolved; never fails."""
    text = decode_text(data, charset or _declared(_HTML_CHARSET, data), notes)
    markup, scripts = _split_scripts(text)
    trees = [tree for script in scripts if (tree := _script(script, limits)) is not None]
    page = html.unescape(markup)
    if not trees:
        return Parsed(tree=page)
    return Parsed(tree=Pairs([("#text", page), ("script", trees)]))


def _split_scripts(text: str) -> tuple[str, list[str]]:
    """Part the markup from what its scripts hold; only data scripts are kept."""
    kept: list[str] = []
    scripts: list[str] = []
    folded = text.lower() if len(text.lower()) == len(text) else text
    at = 0
    while (opening := _RAW_TEXT.search(text, at)) is not None:
        end = folded.find("</" + opening[1].lower(), opening.end())
        if end < 0:
            break
        kept.append(text[at : opening.end()])
        if _DATA_SCRIPT.search(opening[2]):
            scripts.append(text[opening.end() : end])
        at = end
    return "".join([*kept, text[at:]]), scripts


def _script(text: str, limits: Limits) -> object | None:
    if is_too_deep(text, limits.max_depth):
        return None
    try:
        return parse_text(text.strip())
    except BodyError:
        return None
