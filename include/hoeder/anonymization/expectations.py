"""What is expected of a release, in Great Expectations' words: one suite per view of the file.

Importing this module costs seconds; `gate` does it when it has something to check.
"""

import re

from great_expectations import expectations as gxe
from great_expectations.expectations.expectation import Expectation

from hoeder.anonymization.candidate import CARRIED, Candidate
from hoeder.anonymization.engine.ladder import ANY, UNKNOWN
from hoeder.anonymization.engine.limits import Limits
from hoeder.anonymization.engine.sources import OTHER
from hoeder.anonymization.source import released
from hoeder.policy.release import Release

# What must not be in any text cell. Numbers of eight or nine digits can be a BSN; better one release too few.
_PERSONAL = {
    "e-mail address": r"(?i)(?:@|%40)[a-z0-9-]+(?:\.[a-z0-9-]+)+",
    "phone number": r"(?<![\d])(?:(?:\+|00)[1-9]\d[\s.()-]*(?:0\))?|\(?0)[1-9]\)?(?:[\s.-]?\d){7,9}(?!\d)",
    "IBAN": r"(?<![A-Za-z0-9])(?:(?i:nl)\d{2}\s?(?i:[a-z]{4})(?:\s?\d){10}|[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7})",
    "BSN": r"(?<!\d)(?:\d{8,9}|\d{3}[\s.-]\d{3}[\s.-]\d{3}|\d{4}[.]\d{2}[.]\d{3})(?!\d)",
    "IP address": r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])",
}
_FORMS = {
    "day": rf"^(?:\d{{4}}-\d\d-\d\d|{UNKNOWN})$",
    "week": rf"^(?:\d{{4}}-W\d\d|{UNKNOWN})$",
    "month": rf"^(?:\d{{4}}-\d\d|{UNKNOWN})$",
    "quarter": rf"^(?:\d{{4}}-Q[1-4]|{UNKNOWN})$",
    "year": rf"^(?:\d{{4}}|{UNKNOWN})$",
    "any": rf"^{re.escape(ANY)}$",
}


def of_file(candidate: Candidate, release: Release) -> list[Expectation]:
    carried = int((candidate.persons == CARRIED).sum())
    least = candidate.rows_in - Limits(release.k, max_suppressed=release.max_suppressed).allowed(candidate.rows_in)
    return [
        gxe.ExpectTableColumnsToMatchOrderedList(
            column_list=list(released(release)), meta=_says("the columns are exactly those of the release")
        ),
        gxe.ExpectTableRowCountToBeBetween(min_value=1, meta=_says("there are rows")),
        gxe.ExpectTableRowCountToBeBetween(
            min_value=least,
            max_value=candidate.rows_in + carried,
            meta=_says(f"of {candidate.rows_in} rows at least {least} are left, and none was added"),
        ),
        *(
            gxe.ExpectColumnValuesToBeInTypeList(
                column=name, type_list=["int64", "Int64", "float64"], meta=_says(f"{name} holds numbers")
            )
            for name in release.measures
        ),
    ]


def of_columns(release: Release) -> list[Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeInSet(
            column="column", value_set=[release.subject], meta=_says("no column tells persons apart")
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="category", meta=_says("every column is declared in policy")),
        gxe.ExpectColumnValuesToBeInSet(
            column="withheld", value_set=[False], meta=_says("no column is a direct identifier")
        ),
    ]


def of_dictionaries() -> list[Expectation]:
    return [
        gxe.ExpectColumnValuesToBeInSet(
            column="shown", value_set=[True], meta=_says("the file holds no text that none of its rows shows")
        )
    ]


def of_groups(text: list[str], candidate: Candidate, release: Release) -> list[Expectation]:
    expected: list[Expectation] = [
        gxe.ExpectColumnValuesToBeBetween(
            column="_persons", min_value=release.k, meta=_says(f"every group has at least {release.k} persons")
        )
    ]
    expected += [
        gxe.ExpectColumnValuesToNotBeNull(column=column, meta=_says(f"{column} is never empty")) for column in text
    ]
    for column, steps in candidate.steps.items():
        expected.append(
            gxe.ExpectColumnValuesToBeInSet(
                column=column,
                value_set=sorted(candidate.vocabulary[column]),
                meta=_says(f"{column} has expected labels only"),
            )
        )
        forms = [_FORMS[step] for step in steps if step in _FORMS]
        if len(forms) == len(steps):
            expected.append(
                gxe.ExpectColumnValuesToMatchRegex(
                    column=column, regex="|".join(forms), meta=_says(f"{column} is generalised to {' or '.join(steps)}")
                )
            )
        if steps == ("top-10",):
            expected.append(
                gxe.ExpectColumnUniqueValueCountToBeBetween(
                    column=column,
                    max_value=12,
                    meta=_says(f"{column} has ten values, `{OTHER}` and `{UNKNOWN}` at most"),
                )
            )
    return expected


def of_texts(text: list[str]) -> list[Expectation]:
    return [
        gxe.ExpectColumnValuesToNotMatchRegex(column=column, regex=regex, meta=_says(f"no {kind} in {column}"))
        for column in text
        for kind, regex in _PERSONAL.items()
    ]


def of_cells(labels: list[str], release: Release) -> list[Expectation]:
    return [
        gxe.ExpectTableColumnsToMatchOrderedList(
            column_list=[*labels, "persons", "rows", *release.measures],
            meta=_says("the columns are exactly those of the release"),
        ),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=[*labels, "persons"], meta=_says("no cell is there twice"))
        if len(labels) > 1
        else gxe.ExpectColumnValuesToBeUnique(column=labels[0], meta=_says("no cell is there twice")),
        gxe.ExpectColumnValuesToBeBetween(
            column="persons", min_value=release.k, meta=_says(f"every cell shown has at least {release.k} persons")
        ),
        *(gxe.ExpectColumnValuesToNotBeNull(column=c, meta=_says(f"{c} is never empty")) for c in labels),
    ]


def of_measures(release: Release) -> list[Expectation]:
    return [
        gxe.ExpectColumnValuesToBeBetween(
            column="_persons",
            min_value=release.k,
            meta=_says(f"every value of a measure is shared by at least {release.k} persons"),
        )
    ]


def _says(sentence: str) -> dict[str, str]:
    return {"says": sentence}
