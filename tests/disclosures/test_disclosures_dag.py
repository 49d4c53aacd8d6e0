"""What the forms of the DAG offer is exactly what the library takes."""

import ast
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from hoeder.disclosures.case import Verified
from hoeder.disclosures.decide import GROUNDS, Check, ClientFirst, Second
from hoeder.disclosures.intake import Request
from hoeder.policy.disclosures import Requirement

ROOT = Path(__file__).parents[2]
TREE = ast.parse((ROOT / "dags" / "disclosures.py").read_text())
SAID: dict[str, Any] = {
    target.id: ast.literal_eval(node.value)
    for node in TREE.body
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple | ast.Constant)
    for target in node.targets
    if isinstance(target, ast.Name)
}


@pytest.mark.parametrize(
    ("name", "words"),
    [("REQUIREMENTS", get_args(Requirement)), ("GROUNDS", GROUNDS), ("VERIFIED", tuple(Verified))],
)
def test_lists_of_the_forms_are_the_librarys(name: str, words: tuple[str, ...]) -> None:
    assert SAID[name] == tuple(map(str, words))


def test_the_form_asks_what_a_request_is_made_of() -> None:
    form = next(n for n in TREE.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "FORM")
    assert isinstance(form.value, ast.Dict)
    asked = {key.value for key in form.value.keys if isinstance(key, ast.Constant)}
    assert asked - {"case"} == set(Request.model_fields) - {"fraud_case"}  # an own report begins with its file


def test_the_options_of_each_question_are_the_librarys() -> None:
    asked = {
        call.args[0].value: tuple(a.value for a in call.args[1:] if isinstance(a, ast.Constant))
        for call in ast.walk(TREE)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "ask" and isinstance(call.args[0], ast.Constant)
    }
    assert asked == {"check": tuple(Check), "client": tuple(ClientFirst), "release": tuple(Second)}


def test_every_requirement_has_words_in_policy() -> None:
    said = yaml.safe_load((ROOT / "include" / "policy" / "disclosures.yaml").read_text())
    assert set(said["requirements"]) == set(get_args(Requirement))
