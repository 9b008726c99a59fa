"""What kind of data: taxonomy, key lexicon, detectors, column evidence, the scan engine."""
