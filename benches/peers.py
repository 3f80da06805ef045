"""The same work in the peers that install from PyPI (pymcdm, scikit-criteria, SALib), for the figures beside `cargo bench`.

    python3 -m venv venv && venv/bin/pip install numpy pymcdm scikit-criteria SALib && venv/bin/python benches/peers.py
"""

import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
UNITS, INDICATORS, RUNS = 51, 49, 2000
generator = np.random.default_rng(1)
table = np.exp(3 * generator.random((UNITS, INDICATORS)))
ones = np.ones(INDICATORS)


def timed(what, work):
    start = time.perf_counter()
    work()
    print(f"{what}: {time.perf_counter() - start:.3f} s", flush=True)


def drawn():
    weights = 1 + 0.25 * (2 * generator.random(INDICATORS) - 1)
    return weights / weights.sum()


def with_pymcdm():
    """Weighted sum or product of a min–max table under drawn weights, ranked; no treatment and a single level."""
    from pymcdm.helpers import rrankdata
    from pymcdm.methods import WPM, WSM

    ways = [WSM(), WPM()]
    for run in range(RUNS):
        rrankdata(ways[run % 2](table, drawn(), ones))


def with_scikit_criteria():
    """The same in scikit-criteria, `RUNS / 10` of them."""
    import skcriteria
    from skcriteria.agg.simple import WeightedProductModel, WeightedSumModel
    from skcriteria.preprocessing.scalers import MinMaxScaler

    ways = [WeightedSumModel(), WeightedProductModel()]
    scaler = MinMaxScaler(target="matrix", criteria_range=(1, 100))
    for run in range(RUNS // 10):
        matrix = skcriteria.mkdm(table, [max] * INDICATORS, weights=drawn())
        ways[run % 2].evaluate(scaler.transform(matrix)).rank_


def with_salib():
    """Indices and bootstrap of 52 outputs (mean shift and every unit's rank) from 8 190 runs that are already there."""
    from SALib.analyze import sobol

    rows, factors = 1365, 4
    problem = {"num_vars": factors, "names": list("abcd"), "bounds": [[0, 1]] * factors}
    for _ in range(UNITS + 1):
        outputs = generator.integers(1, UNITS, rows * (factors + 2)).astype(float)
        sobol.analyze(problem, outputs, calc_second_order=False, num_resamples=200)


timed(f"pymcdm, {RUNS} runs", with_pymcdm)
timed(f"scikit-criteria, {RUNS // 10} runs", with_scikit_criteria)
timed("SALib, analysis of 8190 runs × 52 outputs, 200 resamples", with_salib)
