"""Controls that the words of letters answer: what everybody reads who gets one."""

from hoeder.errors import ReportError
from hoeder.policy.control import LetterSays
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status
from hoeder.rights.letters import templates


def letter_says(control: LetterSays, sight: Sight) -> Answer:
    """The version of a letter that is in use, and whether all of these words are in it."""
    known = templates()
    try:
        version, digest = known.version(control.letter), known.digest(control.letter)
        texts = {"nl": known.words(control.letter, "nl"), "en": known.words(control.letter, "en")}
    except ReportError:
        return answer(Status.UNKNOWN, "letter-unknown", letter=control.letter)
    lacking = [word for language, words in (("nl", control.nl), ("en", control.en)) for word in words
               if word not in texts[language]]  # fmt: skip
    evidence = Evidence("policy", f"letter {control.letter}, version {version}", digest[:12])
    if lacking:
        return answer(Status.BROKEN, "letter-differs", evidence, letter=control.letter, lacking=len(lacking))
    return answer(Status.KEPT, "letter-says", evidence, letter=control.letter, version=version)
