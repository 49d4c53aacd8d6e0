"""Where each of many numbers of 128 bits stands among others, compiled."""

import numpy as np
import numpy.typing as npt

from hoeder.compiled import compiled

Numbers = npt.NDArray[np.int64]
Halves = npt.NDArray[np.uint64]


@compiled
def places_of_each(
    high: Halves, low: Halves, places: Numbers, shift: np.uint64, highs: Halves, lows: Halves
) -> Numbers:
    """Positions of (`highs`, `lows`) in the sorted (`high`, `low`); -1 where there is none.

    `places` says where the numbers begin whose first bits, all but `shift`, are 0, 1, 2 and so on.
    """
    found = np.empty(len(highs), np.int64)
    for which in range(len(highs)):
        place = np.int64(highs[which] >> shift)
        found[which] = -1
        for at in range(places[place], places[place + 1]):
            if high[at] == highs[which] and low[at] == lows[which]:
                found[which] = at
                break
    return found
