"""Random numbers that are looked up: the published words, the same in another program, and what they have to look like."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from gradatim.kinetics import chance, elementary, engines
from gradatim.kinetics.chance import Purpose, key_of, normal, philox, uniform

ONES = 2**64 - 1
# Random123, kat_vectors: philox4x64, 10 rounds. The last: digits of pi.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)),
    ((ONES,) * 4, (ONES,) * 2, (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0)),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
    ),
]
WORD = st.integers(0, ONES)


def words(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    a, b, c, d = (np.array([one], dtype=np.uint64) for one in counter)
    return tuple(int(one[0]) for one in philox((a, b, c, d), (key[0], key[1])))


@pytest.mark.parametrize(("counter", "key", "known"), KNOWN)
def test_known_answers(counter: tuple[int, ...], key: tuple[int, ...], known: tuple[int, ...]) -> None:
    assert words(counter, key) == known


@given(st.tuples(st.integers(0, ONES - 1), WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_numpy_has_the_same_words(counter: tuple[int, ...], key: tuple[int, ...]) -> None:
    theirs = np.random.Philox(
        counter=np.array(counter, dtype=np.uint64), key=np.array(key, dtype=np.uint64)
    ).random_raw(4)
    assert words((counter[0] + 1, *counter[1:]), key) == tuple(theirs.tolist())  # it counts before it draws


def test_a_person_is_the_same_alone_and_among_others() -> None:
    everybody = normal(7, Purpose.PERSON, np.arange(5000), 6)
    for first, number in ((0, 1), (17, 300), (4999, 1)):
        assert np.array_equal(
            normal(7, Purpose.PERSON, np.arange(first, first + number), 6), everybody[:, first : first + number]
        )
    backwards = normal(7, Purpose.PERSON, np.arange(5000)[::-1], 6)
    assert np.array_equal(backwards[:, ::-1], everybody)
    assert np.array_equal(normal(7, Purpose.PERSON, np.arange(5000), 3), everybody[:3])


def test_seeds_purposes_occasions_and_names_share_nothing() -> None:
    people = np.arange(2000)
    kinds = [
        uniform(1, Purpose.PERSON, people, 3), uniform(2, Purpose.PERSON, people, 3), uniform(1, Purpose.RESIDUAL, people, 3),
        uniform(1, Purpose.OCCASION, people, 3, of=1), uniform(1, Purpose.OCCASION, people, 3, of=2),
        uniform(1, Purpose.COVARIATE, people, 3, name="AGE"), uniform(1, Purpose.COVARIATE, people, 3, name="WT"),
    ]  # fmt: skip
    rows = np.concatenate(kinds)
    apart = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(apart).max() < 4.5 / math.sqrt(len(people))
    assert len(np.unique(rows)) == rows.size


def test_any_whole_number_is_a_seed() -> None:
    keys = {key_of(seed) for seed in (0, 1, -1, 2**64, 2**200)}
    assert len(keys) == 5


def test_they_look_uniform_and_normal() -> None:
    flat = uniform(3, Purpose.PERSON, np.arange(50_000), 4).ravel()
    assert stats.kstest(flat, "uniform").pvalue > 1e-3
    assert flat.min() > 0
    assert flat.max() < 1
    assert stats.kstest(normal(3, Purpose.LATE, np.arange(50_000), 4).ravel(), "norm").pvalue > 1e-3


def test_the_normal_quantile() -> None:
    p = np.concatenate([np.logspace(-18, -0.31, 3000), 1 - np.logspace(-15, -0.31, 3000)])
    assert np.max(np.abs(elementary.normal_quantile(p) / special.ndtri(p) - 1)) < 3e-15
    assert elementary.normal_quantile(np.array([0.5]))[0] == 0


def off(found: float, wanted: Decimal) -> float:
    """In units of the last place."""
    return float(abs(Decimal(found) - wanted) / Decimal(math.ulp(found)))


def test_exp_and_log_within_a_unit_in_the_last_place() -> None:
    getcontext().prec = 60
    x = np.random.default_rng(5).uniform(-700, 709, 3000)
    x = np.concatenate([x, np.linspace(-1, 1, 500), [0.0, 1e-300, -1e-17, math.log(2), -math.log(2) / 2]])
    assert (
        max(off(got, Decimal(one).exp()) for one, got in zip(x.tolist(), elementary.exp(x).tolist(), strict=True)) < 1
    )
    y = np.concatenate([np.exp(x), 1 + np.linspace(-0.3, 0.4, 501)])
    assert (
        max(off(got, Decimal(one).ln()) for one, got in zip(y.tolist(), elementary.log(y).tolist(), strict=True) if got)
        < 1
    )
    assert elementary.exp(np.array([-1e4, -750.0, 710.0])).tolist() == [0.0, 0.0, math.inf]
    assert elementary.exp(np.array([0.0]))[0] == 1
    assert np.all(elementary.exp(np.array([-744.0, -720.0])) == np.exp([-744.0, -720.0]))


@pytest.mark.skipif(not engines.has_numba(), reason="Numba is not installed")
def test_compiled_they_are_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    people = np.concatenate([np.arange(60_000), np.array([2**40, 2**62])])
    for of, count in ((0, 1), (3, 6)):
        found = {}
        for engine, enough in (("compiled", 0), ("numpy", 10**12)):
            monkeypatch.setattr(chance, "_ENOUGH", enough)
            found[engine] = [draw(9, Purpose.PERSON, people, count, of=of) for draw in (uniform, normal)]
        for one, other in zip(*found.values(), strict=True):
            assert np.array_equal(one, other)
