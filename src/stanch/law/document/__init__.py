"""Documents from facts: templates as data, composed from a fact sheet, linted, approved by their bytes, merged at the last step."""
