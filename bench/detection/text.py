"""How much personal data is found in Dutch texts, beside other tools on the same texts, and how fast.

.venv/bin/python bench/detection/text.py [--envs DIR] [--command COMMAND] [--show N] [--no-peers] [--no-speed]

A detector reads a JSON object {"text": …, "known": {"first": …, "last": …, "phone": …}} a line (`known` only where
there is a record) and answers {"spans": [[start, end, "ENTITY", confidence], …]} a line, in characters. A peer says
{"start": seconds} before its answers and {"seconds": …} after them. Figures are shown, texts only with --show.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import score
from column_peers import Peer, environment
from corpus import distinct
from rich.console import Console
from rich.table import Table
from score import ENTITIES, PERTURBATIONS, Judged, Span, Text

HERE = Path(__file__).parent
COMMAND = f"{Path(sys.executable).with_name('hoeder')} redact --json"
DEDUCE = Peer("deduce", ("deduce==3.0.6",))
PRESIDIO = Peer("presidio", ("presidio-analyzer==2.2.366", "spacy>=3.8,<4"))
RE2 = Peer("re2", ("google-re2==1.1.20251105",))
ONE_CORE = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1"}
COPIES, PEER_COPIES, ROUNDS = 20, 5, 3  # of the texts, to time ours and the peers on; rounds of ours
TIMEOUT = 900


class Unavailable(Exception):
    """A detector that cannot be installed or does not answer; says why in one line, without any text."""


@dataclass(frozen=True)
class Result:
    """What one detector made of the texts, or why there is nothing; start and working time in seconds."""

    name: str
    judged: tuple[Judged, ...] = ()
    losses: tuple[tuple[str, float], ...] = ()
    why: str = ""
    start: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Goal:
    """A figure that must reach the bar, and the reach beyond it; `most` where less is better."""

    name: str
    value: float | None
    bar: float
    reach: float
    most: bool = False
    unit: str = ""
    beside: tuple[str, ...] = ()

    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        sign = -1 if self.most else 1
        if sign * self.value >= sign * self.reach:
            return "[green]reach[/]"
        return "[green]met[/]" if sign * self.value >= sign * self.bar else "[red]missed[/]"


def question(text: Text, known: bool) -> str:
    asked: dict[str, object] = {"text": text.text}
    if known and text.known:
        asked["known"] = dict(text.known)
    return json.dumps(asked, ensure_ascii=False)


def spans(answer: Mapping[str, Sequence[Sequence[object]]], text: Text) -> list[Span]:
    """The spans of an answer; raises Unavailable where one lies outside its text."""
    read = [Span(int(str(one[0])), int(str(one[1])), str(one[2])) for one in answer["spans"]]
    if any(not 0 <= one.start < one.end <= len(text.text) for one in read):
        raise Unavailable("answered with a span outside its text")
    return read


def one_core() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run(command: Sequence[str | Path], given: str) -> str:
    """What a command prints, run on one core; raises Unavailable with the kind of its failure."""
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, text=True, encoding="utf-8", timeout=TIMEOUT, check=True,
            env=os.environ | ONE_CORE, preexec_fn=one_core,
        )  # fmt: skip
    except FileNotFoundError:
        raise Unavailable("there is no such command") from None
    except subprocess.TimeoutExpired:
        raise Unavailable(f"not ready after {TIMEOUT} s") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or [""])[-1]
        raise Unavailable(f"ended with {error.returncode} ({last.partition(':')[0][:60]})") from None
    return done.stdout


def answers(printed: str, texts: Sequence[Text]) -> list[list[Span]]:
    lines = [
        json.loads(line) for line in printed.splitlines() if line.startswith("{")
    ]  # libraries print of their own, too
    told = [line for line in lines if "spans" in line]
    if len(told) != len(texts):
        raise Unavailable(f"answered {len(told)} of {len(texts)} texts")
    return [spans(answer, text) for answer, text in zip(told, texts, strict=True)]


def judge(texts: Sequence[Text], predicted: Sequence[Sequence[Span]]) -> tuple[Judged, ...]:
    return tuple(score.judge(text, found) for text, found in zip(texts, predicted, strict=True))


def evaluate(name: str, texts: Sequence[Text], known: bool, detect: Callable[[str], str]) -> Result:
    """A detector on the texts and on every perturbation of them, in one go, so that it starts once."""
    asked = [*texts, *(change(text) for change in PERTURBATIONS.values() for text in texts)]
    try:
        printed = detect("".join(f"{question(text, known)}\n" for text in asked))
        judged = judge(asked, answers(printed, asked))
    except Unavailable as error:
        return Result(name, why=str(error))
    before, *after = (judged[at : at + len(texts)] for at in range(0, len(judged), len(texts)))
    losses = [
        (kind, score.loss(before, part, changed_entity(kind))) for kind, part in zip(PERTURBATIONS, after, strict=True)
    ]
    return Result(name, before, tuple(losses))


def changed_entity(perturbation: str) -> str | None:
    """What a perturbation touches: a typo touches names only, so the loss is that of names."""
    return "PERSON" if PERTURBATIONS[perturbation] is score.typos else None


def ask_peer(tool: Peer, envs: Path, given: str) -> str:
    try:
        python = environment(tool, envs)
    except (subprocess.CalledProcessError, OSError) as error:
        raise Unavailable(f"cannot be installed ({type(error).__name__})") from None
    return run([python, HERE / f"peer_{tool.name}.py"], given)


@dataclass(frozen=True)
class Speed:
    """Megabytes of text a second on one core, seconds of start; or why not."""

    name: str
    rate: float | None
    start: float = 0.0
    why: str = ""


def size(texts: Sequence[str]) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6


def timed(python: Path | str, which: str, rounds: Sequence[Sequence[str]]) -> Speed:
    """All rounds together but the first, which warms up."""
    try:
        told = json.loads(run([python, HERE / "speed.py", which], json.dumps(rounds)).splitlines()[-1])
    except Unavailable as error:
        return Speed(which, None, why=str(error))
    return Speed(which, sum(map(size, rounds[1:])) / sum(told["seconds"]), told["start"])


def speeds(texts: Sequence[Text], envs: Path, peers: bool) -> dict[str, Speed]:
    """Ours and RE2 on the same distinct texts; the peers on fewer of them, since they take seconds for one copy."""
    made = distinct(texts, COPIES * ROUNDS + 1, seed=1)
    warm, share = made[: len(texts)], COPIES * len(texts)
    rounds = [warm, *(made[len(texts) + at * share :][:share] for at in range(ROUNDS))]
    result = {"hoeder": timed(sys.executable, "hoeder", rounds)}
    try:
        result["re2"] = timed(environment(RE2, envs), "re2", rounds)
    except (subprocess.CalledProcessError, OSError) as error:
        result["re2"] = Speed("re2", None, why=f"cannot be installed ({type(error).__name__})")
    plain = [Text(text, ()) for text in made[-PEER_COPIES * len(texts) :]]
    for tool in (DEDUCE, PRESIDIO) if peers else ():
        try:
            lines = ask_peer(tool, envs, "".join(f"{question(text, known=False)}\n" for text in plain)).splitlines()
        except Unavailable as error:
            result[tool.name] = Speed(tool.name, None, why=str(error))
            continue
        told = (json.loads(line) for line in lines if line.startswith("{"))  # libraries print of their own, too
        times = {key: value for line in told for key, value in line.items() if key != "spans"}
        rate = size([text.text for text in plain]) / times["seconds"]
        result[tool.name] = Speed(tool.name, rate, times["start"])
    return result


def quality(results: Sequence[Result]) -> Table:
    table = Table(title="Dutch texts: personal data found, each detector's shares")
    table.add_column("detector")
    for heading in ("typed P", "R", "F1", "95 %", "spans fully covered", "texts leak-free", "clean texts touched"):
        table.add_column(heading, justify="right")
    for result in results:
        if result.why:
            table.add_row(result.name, f"[red]{result.why}[/]")
            continue
        told, (low, high) = score.figures(result.judged), score.interval(result.judged)
        table.add_row(
            result.name, f"{told.precision:.3f}", f"{told.recall:.3f}", f"{told.f1:.3f}", f"{low:.3f}–{high:.3f}",
            f"{told.covered:.3f}", f"{told.rows_leak_free:.3f}", f"{told.rows_touched:.3f}",
        )  # fmt: skip
    return table


def breakdown(
    title: str, kinds: Mapping[str, int], results: Sequence[Result], cell: Callable[[Result, str], str]
) -> Table:
    table = Table(title=title)
    table.add_column("")
    table.add_column("spans", justify="right")
    ran = [result for result in results if not result.why]
    for result in ran:
        table.add_column(result.name, justify="right")
    for kind, number in kinds.items():
        table.add_row(kind, str(number), *(cell(result, kind) for result in ran))
    return table


def entity_cell(result: Result, entity: str) -> str:
    told = score.figures(score.only(result.judged, entity))
    return f"{told.precision:.2f}/{told.recall:.2f} {told.covered:.2f}"


def loss_cell(result: Result, kind: str) -> str:
    return f"{dict(result.losses)[kind]:.3f}"


def section_cells(texts: Sequence[Text]) -> Callable[[Result, str], str]:
    def cell(result: Result, section: str) -> str:
        part = score.by_section(texts, result.judged)[section]
        return f"{part.recall:.2f} {part.covered:.2f}"

    return cell


def told(result: Result | None, figure: Callable[[score.Figures], float]) -> float | None:
    return figure(score.figures(result.judged)) if result and result.judged else None


def ratio(one: Speed | None, other: Speed | None) -> float | None:
    return one.rate / other.rate if one and other and one.rate and other.rate else None


def goals(plain: Result, strict: Result, peers: Sequence[Result], rates: Mapping[str, Speed]) -> list[Goal]:
    def beside(figure: Callable[[score.Figures], float]) -> tuple[str, ...]:
        return tuple("–" if (value := told(one, figure)) is None else f"{value:.3f}" for one in peers)

    def worst(one: Result) -> float | None:
        return max((lost for _, lost in one.losses), default=None)

    lost = tuple("–" if (value := worst(one)) is None else f"{value:.3f}" for one in peers)
    ours = rates.get("hoeder")
    f1, covered, touched = attrgetter("f1"), attrgetter("covered"), attrgetter("rows_touched")
    return [
        Goal("typed F1", told(plain, f1), 0.92, 0.975, beside=beside(f1)),
        Goal("spans fully covered, strict", told(strict, covered), 0.97, 0.995, beside=beside(covered)),
        Goal("clean texts touched", told(plain, touched), 0.05, 0.01, True, beside=beside(touched)),
        Goal("worst loss under perturbation, strict", worst(strict), 0.02, 0.01, True, beside=lost),
        Goal("speed ÷ Deduce, one core", ratio(ours, rates.get("deduce")), 25, 100, unit="×"),
        Goal("speed ÷ one RE2 pass of 12 patterns", ratio(ours, rates.get("re2")), 0.1, 0.4),
    ]  # fmt: skip


def verdicts(told: Sequence[Goal], peers: Sequence[Result]) -> Table:
    table = Table(title="Against the bar")
    for heading in ("figure", "Hoeder", "bar", "reach", "", *(one.name for one in peers)):
        table.add_column(heading, justify="left" if heading in ("figure", "") else "right")
    for goal in told:
        sign = "≤" if goal.most else "≥"
        value = "–" if goal.value is None else f"{goal.value:.3g}{goal.unit}" if goal.unit else f"{goal.value:.3f}"
        table.add_row(
            goal.name, value, f"{sign} {goal.bar:g}{goal.unit}", f"{sign} {goal.reach:g}{goal.unit}", goal.verdict(),
            *(goal.beside or [""] * len(peers)),
        )  # fmt: skip
    return table


def speed_table(rates: Mapping[str, Speed]) -> Table:
    table = Table(title="Speed on one core, distinct texts, start left out")
    for heading in ("", "MB/s", "start, s"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, one in rates.items():
        table.add_row(name, f"[red]{one.why}[/]" if one.rate is None else f"{one.rate:.3g}", f"{one.start:.1f}")
    return table


def show(result: Result, texts: Sequence[Text], most: int, console: Console) -> None:
    """The first mistakes of a detector, for whoever develops it; a text it was tuned on judges it no longer."""
    for text, one in zip(texts, result.judged, strict=True):
        missed = [
            f"{s.entity} «{text.text[s.start : s.end]}»" for s, found, covered in one.gold if not (found and covered)
        ]
        wrong = [f"{s.entity} «{text.text[s.start : s.end]}»" for s, right in one.predicted if not right]
        if (missed or wrong) and most > 0:
            most -= 1
            console.print(
                f"{text.section}: {text.text}\n  missed: {missed}\n  wrong: {wrong}", markup=False, highlight=False
            )


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Dutch text detection beside its peers.")
    parser.add_argument(
        "--envs", type=Path, default=HERE.parent / ".envs", help="where the peers' environments are kept"
    )
    parser.add_argument("--command", default=COMMAND, help="what reads the texts and answers with spans")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show our first N mistakes (developers only)")
    parser.add_argument("--no-peers", action="store_true", help="leave the other tools out")
    parser.add_argument("--no-speed", action="store_true", help="leave the speed out")
    asked = parser.parse_args(argv)
    console = Console(width=max(140, Console().width))
    texts = score.read(HERE / "texts.txt")
    command = shlex.split(asked.command)

    plain = evaluate("Hoeder", texts, True, lambda given: run(command, given))
    strict = evaluate("Hoeder, strict", texts, True, lambda given: run([*command, "--strict"], given))
    without = evaluate("Hoeder, no record", texts, False, lambda given: run(command, given))
    peers: list[Result] = []
    if not asked.no_peers:
        peers = [
            evaluate("Deduce", texts, True, lambda given: ask_peer(DEDUCE, asked.envs, given)),
            evaluate("Deduce, no record", texts, False, lambda given: ask_peer(DEDUCE, asked.envs, given)),
            evaluate("Presidio", texts, False, lambda given: ask_peer(PRESIDIO, asked.envs, given)),
        ]
    everyone = [plain, strict, without, *peers]
    rates = {} if asked.no_speed else speeds(texts, asked.envs, not asked.no_peers)

    clean = sum(not text.spans for text in texts)
    number = score.counts(texts)
    changed = {kind: number[entity] if (entity := changed_entity(kind)) else number.total() for kind in PERTURBATIONS}
    entities = {entity: number[entity] for entity in ENTITIES}
    sections = Counter(text.section for text in texts for span in text.spans if span.entity == "PERSON")
    console.print(f"{len(texts)} texts, {number.total()} spans, {clean} texts without personal data", highlight=False)
    console.print(verdicts(goals(plain, strict, peers, rates), peers))
    console.print(quality(everyone))
    console.print(breakdown("Loss of covered spans", changed, everyone, loss_cell))
    console.print(breakdown("Per entity: typed P/R, and spans fully covered", entities, everyone, entity_cell))
    slice_cell = section_cells(texts)
    console.print(breakdown("Names by section: typed recall, and fully covered", sections, everyone, slice_cell))
    if rates:
        console.print(speed_table(rates))
    if asked.show:
        show(plain, texts, asked.show, console)


if __name__ == "__main__":
    main()
