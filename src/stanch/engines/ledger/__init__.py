"""The ledger on disk: keys, files, commits, and the questions put to them."""
