"""Who received what: disclosures, affected people, recipients, and what was not looked at. Pseudonyms and counts, never a value."""
