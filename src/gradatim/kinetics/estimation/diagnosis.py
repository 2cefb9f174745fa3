"""Whether chains can be trusted: do they agree, and how many independent draws are they worth.

Both as Gelman A et al., Bayesian Data Analysis, 3rd ed., 2013, sections 11.4 and 11.5: each chain is halved first; autocorrelations are summed in
pairs as long as they go down and stay above 0 (Geyer CJ, Stat Sci 1992;7:473-83).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def halves(chains: Floats) -> Floats:
    """[C, n] → [2C, n // 2]; with an odd n the draw in the middle is left out."""
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, -half:]])


def rhat(chains: Floats) -> float:
    """√(the variance of all / that within chains), [C, n]: 1 where the chains agree. NaN where nothing varies."""
    split = halves(chains)
    n = split.shape[1]
    within = split.var(axis=1, ddof=1).mean()
    between = n * split.mean(axis=1).var(ddof=1)
    return float(np.sqrt(((n - 1) / n * within + between / n) / within)) if within > 0 else float("nan")


def effective(chains: Floats) -> float:
    """How many independent draws chains [C, n] are worth for a mean; at most as many as there are."""
    split = halves(chains)
    count, n = split.shape
    within = split.var(axis=1, ddof=1).mean()
    if not within > 0:
        return float("nan")
    total = (n - 1) / n * within + split.mean(axis=1).var(ddof=1)
    centred = split - split.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(centred, 2 * n)) ** 2
    alike = np.fft.irfft(power)[:, :n].mean(axis=0) / (n - 1)
    rho = 1.0 - (within - alike) / total
    rho[0] = 1.0
    pairs = rho[: n - n % 2].reshape(-1, 2).sum(axis=1)
    stop = int(np.argmax(pairs < 0)) if np.any(pairs < 0) else len(pairs)
    summed = np.minimum.accumulate(pairs[:stop]).sum() if stop else 1.0
    return float(count * n / max(2.0 * summed - 1.0, 1.0))
