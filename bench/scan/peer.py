"""Run one peer over leaves given on standard input as JSON; print its CPU seconds and the kinds it sees in each. Runs in ``.peers``."""

import importlib.metadata
import json
import sys
import time
import warnings


def presidio():
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

        def load(self):
            pass

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    registry.recognizers = [r for r in registry.recognizers if not isinstance(r, SpacyRecognizer)]
    engine = AnalyzerEngine(nlp_engine=Blank(), registry=registry, supported_languages=["en"])
    return lambda text: [found.entity_type for found in engine.analyze(text, language="en", score_threshold=0.4)]


def datafog():
    from datafog import detect

    return lambda text: [getattr(found, "type", None) or found["type"] for found in found_in(detect(text))]


def found_in(answer):
    if isinstance(answer, dict):
        return [{"type": kind} for kind, values in answer.items() if values]
    return answer


def main():
    warnings.simplefilter("ignore")
    name = sys.argv[1]
    leaves = json.load(sys.stdin)
    look, package = {"Presidio": (presidio, "presidio-analyzer"), "DataFog": (datafog, "datafog")}[name]
    look = look()
    look("warm up")
    began = time.process_time()
    kinds = [look(text) for _, _, text in leaves]
    seconds = time.process_time() - began
    json.dump({"version": importlib.metadata.version(package), "seconds": seconds, "kinds": kinds}, sys.stdout)


if __name__ == "__main__":
    main()
