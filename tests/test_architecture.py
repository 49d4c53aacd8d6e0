"""The floor plan, as rules that code can break: who imports whom, and where destructive statements stand."""

import ast
import re
from pathlib import Path

HOEDER = Path(__file__).parents[1] / "include" / "hoeder"
FILES = sorted(HOEDER.rglob("*.py"))

# Imports run downwards only. A capability never imports another: they meet in the governance database.
FLOORS = [
    {"errors", "compiled", "sha256"},
    {"policy", "clock", "deadlines", "pseudonym", "airflow_client"}
    | {"envelope", "sealed", "typeface", "paper", "letter"},
    {"stores", "governance", "detection"},
    {"evidence", "persons", "vault"},
    {
        "inventory",
        "anonymization",
        "retention",
        "rights",
        "registers",
        "disclosures",
        "fraud_files",
        "incidents",
        "questions",
        "marketing_gate",
        "access_review",
        "client_segregation",
    },
    {"promises"},
    {"report", "stack"},
    {"demo", "orchestration"},
    {"cli"},
]
CAPABILITIES = FLOORS[4]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def room(path: Path) -> str:
    return path.relative_to(HOEDER).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Modules a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names if node.module == "hoeder"}
    return found


def test_imports_run_downwards_and_capabilities_do_not_know_each_other() -> None:
    wrong = []
    for path in FILES:
        here = room(path)
        rooms = {name.split(".")[1] for name in imports(path) if name.startswith("hoeder.")} - {here}
        for other in rooms if here != "__init__" else ():
            if FLOOR[other] > FLOOR[here]:
                wrong.append(f"{path.relative_to(HOEDER)} imports {other}, which stands above it")
            if {here, other} <= CAPABILITIES:
                wrong.append(f"{path.relative_to(HOEDER)} imports the other capability {other}")
    assert wrong == []


def test_only_the_adapter_and_the_stack_import_airflow() -> None:
    importing = {p.relative_to(HOEDER) for p in FILES if {n.split(".")[0] for n in imports(p)} & {"airflow"}}
    outside = {str(path) for path in importing if path.parts[0] != "orchestration"}
    assert outside == {"stack/roles.py", "stack/scheduler.py"}


DESTRUCTIVE = re.compile(
    r"\b(delete\s+from|truncate\s+(table\s+)?\w|drop\s+(table|schema|partition))\b|delete_objects?\(|delete_bucket\(",
    re.IGNORECASE,
)


def test_destructive_statements_stand_behind_the_guarded_door() -> None:
    # The stack and the demonstration make and clear their own servers, and never reach a company's store.
    found = {
        str(path.relative_to(HOEDER)): {match[0].lower() for match in DESTRUCTIVE.finditer(code(path))}
        for path in FILES
        if room(path) not in {"stack", "demo"}
    }
    assert {path: what for path, what in found.items() if what} == {
        "stores/erase/rows.py": {"delete from"},
        "stores/erase/partitions.py": {"drop table"},
        "stores/erase/objects.py": {"delete_objects("},
        "stores/object_index.py": {"delete from"},  # of the index in the governance database
        "evidence/subjects.py": {"delete from"},  # destroys a person's key in the governance database
    }


def code(path: Path) -> str:
    """A file without its docstrings and comments: unparsing drops comments."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [part for part in node.body if not _is_docstring(part)] or [ast.Pass()]
    return ast.unparse(tree)


def _is_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)


def test_sql_is_composed_never_formatted() -> None:
    formatted = [
        f"{path.relative_to(HOEDER)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("execute", "executemany", "copy", "SQL")
        and ast.unparse(node.func.value) != "shutil"
        and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args[:1])
    ]
    assert formatted == []


def test_statements_ask_for_the_day_in_amsterdam() -> None:
    # current_date is the day of the session's zone; today() of the governance database is the one of the policy.
    assert [str(p.relative_to(HOEDER)) for p in FILES if re.search(r"current_date|date\.today\(\)", code(p))] == []
