"""Rates: the same numbers as statsmodels, and the size and coverage on made-up counts."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import binomtest

from analysis.stats import rates

DRAWS = 300
NOISE = 3 * (0.05 * 0.95 / DRAWS) ** 0.5


def counts(n: int, *, dispersion: float, rho: float = 0.0, growth: float = 0.0, seed: int = 2):
    """Counts around 50, overdispersed, perhaps autocorrelated, perhaps growing a step at half."""
    chance = np.random.default_rng(seed)
    x = np.zeros((DRAWS, n + 60))
    for t in range(1, n + 60):
        x[:, t] = rho * x[:, t - 1] + chance.normal(size=DRAWS)
    x = x[:, 60:] * (1 - rho**2) ** 0.5
    late = np.arange(n) >= n // 2
    return chance.poisson(50 * np.exp(dispersion**0.5 * x - dispersion / 2 + growth * late)), late


def tried(n: int, **how) -> list[rates.Rate]:
    drawn, late = counts(n, **how)
    return [rates.loglinear(y, np.full(n, 30.0), late) for y in drawn]


@pytest.mark.parametrize("seed", range(4))
def test_the_fit_is_statsmodels_own(seed):
    chance = np.random.default_rng(seed)
    x, e = np.arange(14.0), chance.uniform(10, 31, 14)
    y = chance.negative_binomial(4, 4 / (4 + e * np.exp(0.1 * x)))
    found = rates.loglinear(y, e, x)
    family = (
        sm.families.NegativeBinomial(alpha=found.dispersion)
        if found.dispersion
        else sm.families.Poisson()
    )
    fit = sm.GLM(y, sm.add_constant(x), family=family, offset=np.log(e)).fit()
    assert np.log(found.ratio) == pytest.approx(fit.params[1], abs=1e-6)
    if found.dispersion:
        assert fit.pearson_chi2 == pytest.approx(fit.df_resid, rel=1e-2)


@pytest.mark.parametrize(("later", "earlier"), [(30, 10), (5, 9), (0, 7), (7, 0), (464, 575)])
def test_the_ratio_is_a_binomial_test(later, earlier):
    found = rates.ratio((later, 2.0), (earlier, 1.0))
    bounds = binomtest(later, later + earlier).proportion_ci(method="exact")
    odds = [p / (1 - p) if p < 1 else np.inf for p in bounds]
    assert (found.low, found.high) == pytest.approx([odds[0] / 2, odds[1] / 2])
    assert found.low <= found.ratio <= found.high


def test_nothing_counted_has_no_rate():
    assert rates.loglinear([0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]) is None
    assert rates.loglinear([3, 4], [1, 1], [0, 1]) is None


@pytest.mark.parametrize("dispersion", [0, 0.1])
@pytest.mark.parametrize("n", [6, 10, 24])
def test_size_under_overdispersion(n, dispersion):
    found = tried(n, dispersion=dispersion)
    assert np.mean([rate.p < 0.05 for rate in found]) <= 0.05 + NOISE
    assert np.mean([rate.low <= 1 <= rate.high for rate in found]) >= 0.95 - NOISE


@pytest.mark.parametrize("n", [10, 24])
def test_size_under_autocorrelated_rates(n):
    found = tried(n, dispersion=0.1, rho=0.3)
    assert np.mean([rate.p < 0.05 for rate in found]) <= 0.05 + NOISE


def test_power():
    found = tried(24, dispersion=0.1, growth=0.7)
    assert np.mean([rate.p < 0.05 for rate in found]) > 0.9
