"""Where the detector's model lies: made once for each state of its sources, and read from then on."""

from functools import cache
from pathlib import Path

import numpy as np

from hoeder.detection import kept, lexicon
from hoeder.detection.gazetteer import Gazetteer
from hoeder.detection.tagger import Tagger
from hoeder.detection.training import build as training
from hoeder.detection.training.build import Model
from hoeder.detection.weigher import Weigher


def place() -> Path:
    """The model's file."""
    return kept.folder() / f"detector-{training.digest()}.npz"


@cache
def load() -> Model:
    """The model, made first where it is not there yet; that takes about a minute."""
    path = place()
    if not path.exists():
        save(training.build(), path)
    with np.load(path, allow_pickle=False) as stored:
        return Model(
            Gazetteer(stored["keys"], stored["flags"], stored["lemmas"]),
            Tagger(stored["places"], stored["weights"], stored["follows"]),
            Weigher(stored["second"]),
        )


def save(model: Model, path: Path) -> None:
    """Write the model down."""
    kept.keep(
        path,
        lambda file: np.savez(
            file, keys=model.gazetteer.keys, flags=model.gazetteer.flags, lemmas=model.gazetteer.lemmas,
            places=model.tagger.places, weights=model.tagger.weights, follows=model.tagger.follows,
            second=model.weigher.weights,
        ),
    )  # fmt: skip


if __name__ == "__main__":
    load()
    lexicon.ordinary("woord")
    print(place())
