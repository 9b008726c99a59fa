"""Counter-evidence: names, handles and pictures are there to be shown."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that most products show this kind of data by design, unless it is a card's or stands beside a secret."""
    if not evidence.datatype.public_by_nature or evidence.label.datatype.startswith("finance."):
        return None
    return Said(signal="public_by_nature", says=f"{evidence.datatype.title} is what people show to others by design")
