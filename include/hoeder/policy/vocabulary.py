"""Words that others share with us: DPV, its personal data and GDPR extensions, fideslang. Closed lists."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Category:
    """A fideslang category about persons."""

    nl: str
    en: str
    pd: str | None = None
    """Its term in DPV's extension for personal data, where there is a fitting one."""


@dataclass(frozen=True)
class Vocabulary:
    """Every word that may be used."""

    purposes: frozenset[str]
    subjects: frozenset[str]
    measures: frozenset[str]
    core: frozenset[str]
    gdpr: frozenset[str]
    categories: dict[str, Category]
    fides_uses: frozenset[str]
    fides_subjects: frozenset[str]

    @property
    def data_categories(self) -> frozenset[str]:
        """Every fideslang data category, those of what is not about persons included."""
        return frozenset(self.categories) | {"system", "system.authentication", "system.operations"}

    def category(self, key: str) -> Category | None:
        """The words for a category, or for the nearest one that is wider; None for what is not about persons."""
        while key and key not in self.categories:
            key = key.rpartition(".")[0]
        return self.categories.get(key)


@cache
def vocabulary() -> Vocabulary:
    """The lists of `vocabulary.yaml`."""
    read = yaml.safe_load(files("hoeder.policy").joinpath("vocabulary.yaml").read_text(encoding="utf-8"))
    return Vocabulary(
        purposes=frozenset(read["dpv"]["purposes"]),
        subjects=frozenset(read["dpv"]["subjects"]),
        measures=frozenset(read["dpv"]["measures"]),
        core=frozenset(read["dpv"]["core"]),
        gdpr=frozenset(read["eu_gdpr"]),
        categories={key: Category(**words) for key, words in read["categories"].items()},
        fides_uses=frozenset(read["fides"]["uses"]),
        fides_subjects=frozenset(read["fides"]["subjects"]),
    )
