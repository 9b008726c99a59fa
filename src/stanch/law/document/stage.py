"""Which delivery a phased notification is: initial, follow-up or complete (GDPR Art. 33(4))."""

from stanch.law.document.model import Document
from stanch.law.fact import Fact, Query

KEY = "notification_type"


def stage(document: Document, *, submitted: bool) -> Fact:
    """Tell the stage from what is still missing and from whether a first notification went out."""
    whole = not document.missing - {KEY}
    said = "complete" if whole else "follow-up, further facts to come" if submitted else "initial, further facts to come"
    return Fact(key=KEY, kind="text", value=said, source=Query(what="facts still missing", source="fact sheet"), confidence="exact", language="en")
