"""Counter-evidence: the contact that a site gives of itself."""

import re

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason

SITE = re.compile(
    r"^(instance|site|about|info|config|configuration|contact|meta|server|imprint|impressum|company|support|app|manifest|branding)$",
    re.IGNORECASE,
)


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh that an endpoint about the site itself gives everyone the same single contact."""
    if not evidence.label.datatype.startswith("contact.") or evidence.in_list or evidence.picture.summary.n_distinct > 1:
        return None
    if not SITE.match(evidence.noun):
        return None
    return Reason(signal="site_contact", weight=-6.0, says="the site's own contact, the same for everyone")
