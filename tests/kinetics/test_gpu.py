"""The GPU engine, as far as it can be held to account without a GPU: its kernels in Numba's simulator, and compiled for a device; and what is
said where there is none. With a GPU the same cases run on it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradatim.domain.fault import BadInput
from gradatim.kinetics import engines
from gradatim.kinetics.bands import bands
from gradatim.kinetics.crowd import curves
from gradatim.kinetics.engines import Engine
from gradatim.kinetics.events import doses
from gradatim.kinetics.histories import Histories, follow
from gradatim.kinetics.mammillary import Direct, FirstOrder, Mixed, Parallel, Spelling, Transit, ZeroOrder, mammillary
from gradatim.kinetics.network import network
from gradatim.kinetics.population import Population
from gradatim.kinetics.structure import LinearModel
from gradatim.kinetics.summary import summary

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NUMBA = pytest.mark.skipif(find_spec("numba") is None, reason="Numba is not installed")
MODEL = mammillary(1, FirstOrder())
BODY: dict[str, Any] = {"CL": [1.0, 2.0], "V": 3.0, "KA": 1.0}
ONCE = doses(10, [0.0])


def in_a_process(command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    told = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "NUMBA_ENABLE"))
    } | more
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=told)


def cases(**more: str) -> str:
    """Run the cases of `gpu_cases`, and what was said. NumPy tells of 64-bit products that run over, as they are to, in the simulator."""
    over = "ignore:overflow encountered:RuntimeWarning"
    options = ["-q", "-n", "0", "-p", "no:cacheprovider", "-W", over, str(HERE / "gpu_cases.py")]
    done = in_a_process([sys.executable, "-m", "pytest", *options], **more)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@NUMBA
def test_in_the_simulator_the_kernels_have_the_bits_of_numpy() -> None:
    said = cases(NUMBA_ENABLE_CUDASIM="1")
    assert "passed" in said
    assert "failed" not in said
    assert "skipped" not in said


@NUMBA
@pytest.mark.skipif(bool(engines.no_gpu()), reason=f"no GPU: {engines.no_gpu()}")
def test_on_the_gpu_the_kernels_have_the_bits_of_numpy() -> None:
    assert "passed" in cases()


@NUMBA
def test_for_a_device_nothing_is_fused_and_nothing_approximate() -> None:
    done = in_a_process([sys.executable, "-m", "tests.kinetics.gpu_assembled"])
    if done.returncode == 77:
        pytest.skip(f"CUDA's compiler is not installed: {done.stdout.strip()[:200]}")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.count("mul.rn") >= 8


# --- where there is none -------------------------------------------------------------------------------------------------


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "no_gpu", lambda: "no NVIDIA GPU, or no driver, is found")


def asked(engine: Any) -> dict[str, Any]:
    told = Histories.of([([0.0], [1]), ([1.0], [2])], [[2.0], [3.0]])
    people = Population(typical={"CL": 1.0, "V": 3.0, "KA": 1.0})
    return {
        "curves": lambda: curves(MODEL, ONCE, BODY, [1.0, 2.0], engine=engine).levels,
        "bands": lambda: bands(MODEL, ONCE, people, 3, [1.0, 2.0], engine=engine).counts,
        "summary": lambda: summary(MODEL, ONCE, BODY, [1.0, 2.0], [1.0, 2.0], engine=engine).area,
        "follow": lambda: follow(MODEL, told, BODY, engine=engine),
    }


@pytest.mark.parametrize("what", ["curves", "bands", "summary", "follow"])
@pytest.mark.usefixtures("nowhere")
def test_without_a_gpu_it_is_refused_with_a_remedy_and_never_replaced(what: str) -> None:
    with pytest.raises(BadInput, match=r"no NVIDIA GPU.*pip install -U 'gradatim\[gpu\]'.*leave the engine out"):
        asked("gpu")[what]()
    assert np.array_equal(asked(Engine.BEST)[what](), asked(Engine.CPU)[what]())


def test_an_engine_that_is_not_known() -> None:
    with pytest.raises(BadInput, match="cpu, gpu, best"):
        asked("tpu")["curves"]()


def test_why_there_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    engines.no_gpu.cache_clear()
    monkeypatch.setattr(engines, "find_spec", lambda _name: None)
    try:
        assert engines.no_gpu() == "Numba is not installed"
    finally:
        engines.no_gpu.cache_clear()


@NUMBA
def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradatim.kinetics.gpu import device

    def broken() -> bool:
        raise OSError("no such library")

    there: dict[str, bool] = {"gpu": False, "compiler": False}
    monkeypatch.setattr(device, "find_spec", lambda _name: None)
    assert device.why_not() == "numba-cuda is not installed"
    monkeypatch.setattr(device, "find_spec", lambda _name: "here")
    monkeypatch.setattr(device.cuda, "is_available", lambda: there["gpu"])
    monkeypatch.setattr(device, "_compiles", lambda: there["compiler"])
    assert device.why_not() == "the compiler of CUDA is not installed"
    there["compiler"] = True
    assert device.why_not() == "no NVIDIA GPU, or no driver, is found"
    there["gpu"] = True
    assert device.why_not() == ""
    monkeypatch.setenv("GRADATIM_NO_GPU", "1")
    assert device.why_not() == "GRADATIM_NO_GPU is set"
    monkeypatch.delenv("GRADATIM_NO_GPU")
    monkeypatch.setattr(device.cuda, "is_available", broken)
    assert device.why_not() == "the driver cannot be used (OSError)"


def test_versions_that_do_not_go_together_are_told_and_break_nothing() -> None:
    code = (
        "import sys; sys.modules['numba.cuda'] = None; from gradatim.kinetics import engines; "
        "print(engines.no_gpu()); print(engines.on_gpu('best'))"
    )
    told = in_a_process([sys.executable, "-c", code]).stdout.splitlines()
    assert told[0].startswith(
        "Numba is not installed" if find_spec("numba") is None else "numba-cuda and Numba do not go together"
    )
    assert told[1] == "False"


def test_the_processor_never_loads_cuda() -> None:
    code = (
        "import sys; from gradatim.kinetics import curves, doses, mammillary; "
        "curves(mammillary(1), doses(1, [0.0]), {'CL': range(1, 60_000), 'V': 2}, [0.0, 1.0], engine='cpu'); "
        "print([name for name in sys.modules if name.startswith(('numba.cuda', 'gradatim.kinetics.gpu'))])"
    )
    assert in_a_process([sys.executable, "-c", code], GRADATIM_NO_NUMBA="1").stdout.strip() == "[]"


# --- rates said twice ----------------------------------------------------------------------------------------------------

WAYS = (Direct(), FirstOrder(), ZeroOrder(), Parallel(), Mixed(), Transit(3), Transit(2, depot=False))
SPELLINGS = (Spelling.CLEARANCES, Spelling.MICRO)
FORMS = [mammillary(number, way, spelling) for number in (1, 2, 3) for way in WAYS for spelling in SPELLINGS]
FLOWS: dict[tuple[str, str | None], str] = {
    ("csf", "blood"): "K",
    ("blood", None): "KE",
    ("csf", None): "KL",
    ("blood", "csf"): "K",
}


@pytest.mark.parametrize("model", [*FORMS, network(("csf", "blood"), FLOWS, "csf")])
def test_quotients_are_what_fill_does(model: LinearModel) -> None:
    random = np.random.default_rng(5)
    values = {name: random.uniform(0.1, 0.9, 7) for name in model.parameters}
    values |= {
        name: np.where(np.arange(7) == 3, 0.0, value) for name, value in values.items() if name.startswith(("Q", "KA"))
    }
    setting = model.setting(values)
    between, lost = np.zeros_like(setting.rates.between), np.zeros_like(setting.rates.lost)
    assert model.quotients is not None
    for one in model.quotients:
        above = values[one.above] if isinstance(one.above, str) else np.full(7, one.above)
        rate = np.where(above == 0, one.idle, above if one.below is None else above / values[one.below])
        if one.into is None:
            lost[one.source] = rate
        else:
            between[one.into, one.source] = rate
    assert np.array_equal(between, setting.rates.between)
    assert np.array_equal(lost, setting.rates.lost)
    assert model.volume is not None
    assert np.array_equal(values[model.volume], setting.volume)


def test_macro_constants_are_more_than_quotients() -> None:
    assert mammillary(2, Direct(), Spelling.MACRO).quotients is None
