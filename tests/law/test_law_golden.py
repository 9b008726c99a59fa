"""Golden texts: what people, authorities and counsel read, word for word. ``STANCH_GOLDEN=write`` writes them anew for review."""

import os
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from law.sample import LIBRARY, MATRIX, NOW, document
from stanch.cli.law_text import show_matrix, show_rule, show_rules
from stanch.engines.law import packaged
from stanch.engines.law_case import Leak
from stanch.law.document.markdown import markdown
from stanch.law.export import matrix_markdown
from stanch.law.ics import calendar_file
from stanch.law.remedy import remedies_text
from stanch.law.wall import wall

FOLDER = Path(__file__).parent / "golden"
TICKS = wall(MATRIX, now=NOW)


def printed(show):
    page = StringIO()
    show(Console(file=page, width=120, no_color=True, highlight=False))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def certain_part():
    text = matrix_markdown(MATRIX, [tick for tick in TICKS if tick.certain])
    return text[: text.index("## Can't be known yet")]


PAGES = {
    **{f"{kind}-{language}.md": (lambda k=kind, lang=language: markdown(document(k, lang, place="US-WA"))) for kind, language in LIBRARY.templates},
    "matrix.txt": lambda: printed(
        lambda c: show_matrix(Leak(datatypes=MATRIX.case.datatypes, n_people=1234, n_recipients=57), MATRIX, TICKS, c, everything=False)
    ),
    "matrix.md": certain_part,
    "rule-us-ma-individuals.txt": lambda: printed(lambda c: show_rule(packaged().rule("us-ma-individuals"), None, c)),
    "rules-eu.txt": lambda: printed(lambda c: show_rules([r for r in packaged().rules if r.jurisdiction == "EU"], c)),
    "clocks.ics": lambda: calendar_file([t for t in TICKS if t.certain], now=NOW, case_name="INC-42").replace("\r\n", "\n"),
    "remedies.txt": lambda: "\n".join([*remedies_text(MATRIX), ""]),
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_it_reads_as_it_was_reviewed(name):
    made, kept = PAGES[name](), FOLDER / name
    if os.environ.get("STANCH_GOLDEN") == "write":
        kept.write_text(made)
    assert made == kept.read_text()


def test_no_golden_text_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)
