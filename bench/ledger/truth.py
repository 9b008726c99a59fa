"""Compare the ledger with the exact truth of labelled captures: whose planted e-mail address was in whose response."""

import json
import tempfile
from base64 import b64decode
from pathlib import Path

from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.build import build_ledger
from stanch.engines.ledger.inquiry import Inquiry
from stanch.engines.ledger.keys import default_key_path, make_keyring
from stanch.engines.ledger.store import create_store
from stanch.engines.local import sources
from stanch.ledger.answer import Question
from stanch.personal import Personal


def planted(folder):
    """Give (subject, recipient) pairs straight from the recording; what someone typed themselves is their own."""
    people = {seed["key"]: seed["email"].lower() for seed in json.loads((folder / "seeds.json").read_text()) if seed.get("email")}
    who = [json.loads(line)["persona"] for line in (folder / "exchanges.jsonl").read_text().splitlines()]
    entries = json.loads((folder / "traffic.har").read_text())["log"]["entries"]
    pairs = set()
    for persona, entry in zip(who, entries, strict=True):
        content = entry["response"].get("content", {})
        text = content.get("text") or ""
        body = (b64decode(text).decode("utf-8", "replace") if content.get("encoding") == "base64" else text).lower()
        asked = ((entry["request"].get("postData") or {}).get("text") or "").lower()
        pairs |= {(key, persona) for key, email in people.items() if email in body and email not in asked and key != persona}
    return people, {(subject, recipient) for subject, recipient in pairs if recipient == "anonymous" or recipient in people}


def told(root, people):
    """Give the same pairs as the ledger has them; ``?`` is a recipient whose person it does not know."""
    pairs = set()
    with open_ledger(root) as ledger:
        asked = Inquiry(ledger)
        names = {key: asked.find("email", Personal(email)) for key, email in people.items()}
        keys = {name: key for key, name in names.items() if name}
        for key, name in names.items():
            if name is None:
                continue
            for item in asked.person(name, Question(scope="all")).received:
                if item.relation != "self" and "contact.email" in item.datatypes:
                    pairs.add((key, "anonymous" if item.kind in {"nobody", "address"} else keys.get(item.recipient, "?")))
    return pairs


def compare(corpora):
    print("\n| capture | pairs in truth | in the ledger | both | precision | recall | recipients not known |\n|---|---|---|---|---|---|---|")
    found = {}
    for folder in sorted(path for path in Path(corpora).iterdir() if (path / "exchanges.jsonl").is_file()):
        people, truth = planted(folder)
        with tempfile.TemporaryDirectory() as work:
            store = create_store(Path(work) / "book", make_keyring(default_key_path(Path(work) / "book")))
            build_ledger(store, sources([str(folder / "traffic.har")]))
            pairs = told(store.root, people)
        known = {pair for pair in pairs if pair[1] != "?"}
        both = len(truth & known)
        row = {"truth": len(truth), "ledger": len(known), "both": both, "unknown": len(pairs) - len(known)}
        found[folder.name] = row
        print(f"| {folder.name} | {len(truth)} | {len(known)} | {both} | {share(both, len(known))} | {share(both, len(truth))} | {row['unknown']} |")
    return found


def share(part, whole):
    return f"{part / whole:.3f}" if whole else "none"


if __name__ == "__main__":
    import sys

    compare(Path(sys.argv[1]))
