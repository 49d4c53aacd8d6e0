"""The report's words, a YAML file for each part, in Dutch and English; `words.Words` explains the placeholders."""

from functools import cache
from importlib import resources

import yaml

from hoeder.errors import ReportError

LANGUAGES = ("nl", "en")


@cache
def texts() -> dict[str, tuple[str, str]]:
    """Every text by its key: Dutch and English. Raises ReportError, naming file and key, where one is missing."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            try:
                read = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            except (yaml.YAMLError, UnicodeDecodeError) as error:
                raise ReportError(f"report/texts/{file.name} cannot be read: {error}") from error
            for key, said in read.items():
                if key in found:
                    raise ReportError(f"report/texts/{file.name}: {key} stands in another file too")
                if not isinstance(said, dict) or set(said) != set(LANGUAGES):
                    raise ReportError(f"report/texts/{file.name}: {key} needs exactly a text in nl and one in en")
                found[key] = (str(said["nl"]), str(said["en"]))
    return found
