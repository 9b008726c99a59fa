"""Counter-evidence: the contact that a site gives of itself."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said
from stanch.judge.words import SITE


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that an endpoint about the site itself gives everyone the same single contact."""
    if evidence.in_list or evidence.picture.summary.n_distinct > 1 or not SITE.match(evidence.noun):
        return None
    if not evidence.label.datatype.startswith(("contact.", "person.name", "credential.api_key", "credential.token", "online.")):
        return None
    return Said(signal="site_contact", says="the site's own, the same for everyone")
