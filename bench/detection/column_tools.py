"""What another tool makes of columns: run inside that tool's environment, from columns on standard input to labels.

It imports nothing at its top that is not in every environment.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

SAMPLE = 200  # values a column, for the tools that take seconds for a thousand


class Given(NamedTuple):
    """A column: whether it is of a text type, and its values written as text."""

    textual: bool
    values: Sequence[str | None]


Columns = Mapping[str, Given]  # by "table column"
Labels = dict[str, str | None]
Tool = Callable[[Columns], Labels]


def sample(given: Given) -> list[str]:
    """The first values that are there; the rows are in no order."""
    return [value for value in given.values if value is not None][:SAMPLE]


def piicatcher(columns: Columns) -> Labels:
    """Its rule, made again: an English word in the name decides, else the first cell that looks like something."""
    import crim  # type: ignore[import-not-found]

    words = {
        "PERSON": "name|person",
        "EMAIL_ADDRESS": "mail",
        "BIRTH_DATE": "dob|birthday|birthdate|date_?of_?birth",
        "GENDER": "gender",
        "NATIONALITY": "nationality",
        "ADDRESS": "address|city|state|county|country|zone|borough",
        "POSTCODE": "zip|postal",
        "USERNAME": "user",
        "SSN": "ssn|social",
        "CREDIT_CARD": "credit_?card|cc_num",
        "PHONE_NUMBER": "phone",
    }
    looks = {
        "PHONE_NUMBER": crim.phones,
        "EMAIL_ADDRESS": crim.emails,
        "CREDIT_CARD": crim.credit_cards,
        "ADDRESS": crim.street_addresses,
        "SSN": crim.ssn_numbers,
        "POSTCODE": crim.zip_codes,
    }

    def label(name: str, given: Given) -> str | None:
        column = name.partition(" ")[2]
        for kind, pattern in words.items():
            if re.search(pattern, column, re.IGNORECASE):
                return kind
        cells = [value for value in given.values if value] if given.textual else []
        return next((kind for cell in cells for kind, finds in looks.items() if finds(cell)), None)

    return {name: label(name, given) for name, given in columns.items()}


def presidio(columns: Columns) -> Labels:
    """presidio-structured on a blank Dutch pipeline, with postcodes, BSN and Dutch telephone numbers added."""
    import pandas
    import spacy  # type: ignore[import-not-found]
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry  # type: ignore[import-not-found]
    from presidio_analyzer.nlp_engine import NlpEngine, SpacyNlpEngine  # type: ignore[import-not-found]
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer  # type: ignore[import-not-found]
    from presidio_structured import PandasAnalysisBuilder  # type: ignore[import-not-found]

    class Bsn(PatternRecognizer):  # type: ignore[misc]  # the library is not where this is checked
        def validate_result(self, pattern_text: str) -> bool:
            digits = [int(digit) for digit in pattern_text]
            weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
            return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11 == 0

    class Blank(SpacyNlpEngine):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "nl", "model_name": "blank"}])
            self.nlp = {"nl": spacy.blank("nl")}

    engine: NlpEngine = Blank()
    registry = RecognizerRegistry(supported_languages=["nl"])
    registry.load_predefined_recognizers(languages=["nl"], nlp_engine=engine)
    registry.remove_recognizer("PhoneRecognizer")
    registry.add_recognizer(PhoneRecognizer(supported_language="nl", supported_regions=("NL", "BE", "DE")))
    registry.add_recognizer(Bsn("BSN", patterns=[Pattern("bsn", r"\b\d{9}\b", 0.5)], supported_language="nl"))
    postcode = Pattern("postcode", r"\b[1-9]\d{3} ?[A-Z]{2}\b", 0.6)
    registry.add_recognizer(PatternRecognizer("POSTCODE", patterns=[postcode], supported_language="nl"))
    builder = PandasAnalysisBuilder(AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["nl"]))
    labels: Labels = {}
    for name, given in columns.items():
        frame = pandas.DataFrame({name: sample(given)}, dtype=str)
        mapping = builder.generate_analysis(frame, language="nl").entity_mapping if len(frame) else {}
        labels[name] = mapping.get(name)
    return labels


def dataprofiler(columns: Columns) -> Labels:
    """DataProfiler's network for structured data: the label of most values of a column."""
    import dataprofiler as profiler  # type: ignore[import-not-found]

    labeler = profiler.DataLabeler(labeler_type="structured")
    labels: Labels = {}
    for name, given in columns.items():
        predicted = [str(label) for label in labeler.predict(sample(given))["pred"]] if sample(given) else []
        labels[name] = max(sorted(set(predicted)), key=predicted.count) if predicted else None
    return labels


TOOLS: Mapping[str, Tool] = {
    "piicatcher's rule": piicatcher,
    "presidio-structured": presidio,
    "DataProfiler": dataprofiler,
}


def main() -> None:
    tool = TOOLS[sys.argv[1]]
    columns = {name: Given(*given) for name, given in json.load(sys.stdin).items()}
    tool({"warm up": Given(True, ["1"])})  # imports and models are its start
    began = perf_counter()
    labels = tool(columns)
    seconds = perf_counter() - began
    read = sum(len(given.values) if tool is piicatcher else len(sample(given)) for given in columns.values())
    print("\n" + json.dumps({"labels": labels, "seconds": seconds, "cells": read}))


if __name__ == "__main__":
    main()
