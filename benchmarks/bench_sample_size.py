"""Exact sample sizes by the noncentral t, against statsmodels."""

from __future__ import annotations

import datetime as dt
import platform
import time
import warnings

import numpy as np
import scipy

import pmkit
from pmkit.stats import detectable_effect_means, sample_size_means


def main() -> None:
    print(
        f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}; Python {platform.python_version()}, numpy {np.__version__}, "
        f"scipy {scipy.__version__}, pmkit {pmkit.__version__}"
    )
    rng = np.random.default_rng(0)
    effects = rng.uniform(0.01, 1.0, 10_000)
    sample_size_means(0.2)
    times = {}
    start = time.process_time()
    sizes = sample_size_means(effects)
    times["pmkit, sample size, 10,000 at once"] = (time.process_time() - start) / effects.size
    start = time.process_time()
    detectable_effect_means(sizes)
    times["pmkit, detectable effect, 10,000 at once"] = (time.process_time() - start) / effects.size
    try:
        from statsmodels.stats.power import TTestIndPower

        solver = TTestIndPower()
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for effect in effects[:100]:
                solver.solve_power(effect, alpha=0.05, power=0.8)
        times["statsmodels, one at a time"] = (time.process_time() - start) / 100
    except ImportError:
        print("statsmodels is not installed")
    own = next(iter(times.values()))
    print("| exact t, two-sided, power 0.8 | processor microseconds each | ratio |")
    print("|---|---|---|")
    for name, each in times.items():
        print(f"| {name} | {each * 1e6:.1f} | {each / own:,.1f} |")


if __name__ == "__main__":
    main()
