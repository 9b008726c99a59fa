import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["demo", "dev", "tools"])
def test_every_package_is_pinned_by_hash_and_no_address_is_named(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pinned = re.findall(r"^[\w.\-]+==[^\s;]+", text, re.MULTILINE)
    assert pinned
    assert "://" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block


def test_no_installed_package_is_under_the_gpl():
    for distribution in distributions():
        classifiers = " ".join(c for c in distribution.metadata.get_all("Classifier") or () if "License" in c)
        licence = " ".join((distribution.metadata.get("License-Expression") or "", classifiers))
        assert not re.search(r"(?<!L)\bA?GPL|Affero|GNU General", licence), distribution.metadata["Name"]
