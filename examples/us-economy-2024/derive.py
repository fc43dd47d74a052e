# ruff: noqa: INP001 - a script beside its data, no package
"""Work out the derived tables of this audit from its collected ones.

Run it in this folder after a collected table changed, then `claims data pin`:

    python derive.py

What a table says of several months (a 12-month rate, a growth rate, a peak) is worked out inside
one edition, never across two. `replaced_on` is the day of the next edition that has the same row.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd

COLLECTED = (
    "labor/payroll_employment",
    "labor/stated_changes",
    "labor/unemployment_rate",
    "labor/administrations",
    "labor/turnover_rates",
    "prices/cpi",
    "prices/gasoline_weekly",
    "prices/gasoline_monthly",
    "output/real_gdp",
    "business/applications",
)
EMPTY_IS_TEXT = {"labor/administrations"}  # an empty last day is text
FIRST, LAST = "2021-01", "2024-08"  # first month after December 2020, last one public on the day
RECALLS = ("2020-05", "2020-07")  # hiring back after the lockdown
PLACES = 4


def replaced(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The frame with the day from which a later edition has the same row."""
    ordered = frame.sort_values([*key, "edition"])
    later = ordered.groupby(key)["edition"].shift(-1)
    return frame.assign(replaced_on=later.reindex(frame.index).fillna(""))


def payroll_changes(levels: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Monthly changes inside each edition, and those that the release of September 2024 states."""
    levels = levels.sort_values(["edition", "month"])
    change = levels.groupby("edition")["employment_thousand"].diff()
    own = levels.assign(change_thousand=change).dropna(subset="change_thousand")
    columns = ["month", "change_thousand", "edition", "source_id"]
    every = pd.concat([own[columns], stated[columns]], ignore_index=True)
    every["change_thousand"] = every["change_thousand"].astype(int)
    sign = every["change_thousand"].map(lambda number: (number > 0) - (number < 0))
    every["status"] = sign.map({1: "rise", 0: "no change", -1: "fall"})
    return replaced(every, ["month"])


def last_falls(changes: pd.DataFrame) -> pd.DataFrame:
    """By the editions known on each day of release: the last month without a rise, by window."""
    rows = []
    for day in sorted(changes["edition"].unique()):
        known = changes[(changes["edition"] <= day)]
        known = known.sort_values("edition").groupby("month").tail(1).sort_values("month")
        source = known.loc[known["edition"] == day, "source_id"].iloc[0]
        for counted, wanted in {
            "falls": ["fall"],
            "falls and zeros": ["fall", "no change"],
        }.items():
            for end in ("2024-07", LAST, "open"):
                window = known if end == "open" else known[known["month"] <= end]
                if end != "open" and end not in set(window["month"]):
                    continue
                month = window.loc[window["status"].isin(wanted), "month"].max()
                rows.append([month, counted, end, day, source])
    columns = ["last_fall", "counted", "window_end", "edition", "source_id"]
    return replaced(pd.DataFrame(rows, columns=columns), ["counted", "window_end"])


def unemployment_means(rates: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Mean monthly rate of each administration to August 2024, by who owns the month of change."""
    rows = []
    for day in sorted(rates["edition"].unique()):
        known = rates[rates["edition"] <= day].dropna(subset="unemployment_rate_pct")
        known = known.sort_values("edition").groupby("month").tail(1)
        known = known[known["month"] <= LAST]
        source = rates.loc[rates["edition"] == day, "source_id"].iloc[0]
        for shared in ("incoming", "outgoing", "neither"):
            for term in terms.itertuples():
                first, last = term.date_from[:7], (term.date_to or "9999")[:7]
                after_first = (
                    known["month"] >= first if shared == "incoming" else known["month"] > first
                )
                to_last = known["month"] <= last if shared == "outgoing" else known["month"] < last
                values = known.loc[after_first & to_last, "unemployment_rate_pct"]
                mean = round(values.mean(), PLACES)
                outside = round(100 - values.mean(), PLACES)
                rows.append([term.administration, shared, len(values), mean, outside, day, source])
    columns = ["administration", "change_month", "months", "mean_rate_pct", "complement_pct",
               "edition", "source_id"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def turnover_peaks(rates: pd.DataFrame) -> pd.DataFrame:
    """The highest monthly rate of each stretch of a series, inside each edition that has it."""
    rows = []
    for (measure, scope, day), series in rates.groupby(["measure", "scope", "edition"]):
        month, source = series["month"], series["source_id"].iloc[0]
        recalled = month.between(*RECALLS)
        stretches = {
            "before 2021": month < FIRST,
            "before 2021 without recalls": (month < FIRST) & ~recalled,
            "before May 2020": month < RECALLS[0],
            "from May 2020": month >= RECALLS[0],
            "from 2021": month >= FIRST,
        }
        for name, meant in stretches.items():
            part = series[meant]
            if part.empty:
                continue
            peak = part.loc[part["rate_pct"].idxmax()]
            rows.append([measure, scope, name, peak["rate_pct"], peak["month"],
                         int(month.min()[:4]), month.max(), day, source])  # fmt: skip
    columns = ["measure", "scope", "stretch", "peak_pct", "peak_month", "series_from", "series_to",
               "edition", "source_id"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def inflation(prices: pd.DataFrame) -> pd.DataFrame:
    """The 12-month change of the index, inside each edition."""
    rows = []
    for day, part in prices.dropna(subset="cpi_1982_84_100").groupby("edition"):
        index = part.set_index("month")["cpi_1982_84_100"]
        for month, value in index.items():
            before = f"{int(month[:4]) - 1}{month[4:]}"
            if before in index:
                rate = round(100 * (value / index[before] - 1), PLACES)
                rows.append([month, rate, day, part["source_id"].iloc[0]])
    return pd.DataFrame(rows, columns=["month", "rate_pct", "edition", "source_id"])


def growth(levels: pd.DataFrame) -> pd.DataFrame:
    """Growth of real GDP inside each edition: changes, averages, and the level against a base."""
    rows = []
    for (area, day), part in levels.groupby(["area", "edition"]):
        series = part.set_index("quarter")["real_gdp"].sort_index()
        source = part["source_id"].iloc[0]
        if area == "USA":
            rows += [[area, *row, day, source] for row in _united_states(series)]
        bases = {
            "2019Q4": "2019-Q4",
            "2020Q4": "2020-Q4",
            "trough": series["2020-Q1":"2020-Q4"].idxmin(),
        }
        for name, base in bases.items():
            index = 100 * series["2024-Q2"] / series[base]
            rows.append([area, "level", name, "2024-Q2", index, day, source])
    columns = ["area", "measure", "base", "quarter", "value_pct", "edition", "source_id"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["value_pct"] = frame["value_pct"].round(PLACES)
    return frame


def _united_states(series: pd.Series) -> list[list[object]]:
    """The rates of one edition that the claims on growth need, in percent."""
    quarterly = 100 * (series / series.shift(1) - 1)
    yearly = 100 * (series / series.shift(4) - 1)
    rows: list[list[object]] = []
    for base in ("2020-Q4", "2021-Q1"):
        after = series[base:"2024-Q2"]
        years = (len(after) - 1) / 4
        compound = 100 * ((after.iloc[-1] / after.iloc[0]) ** (1 / years) - 1)
        annualized = 100 * ((after / after.shift(1)) ** 4 - 1)
        rows.append(["compound average", base.replace("-", ""), "2024-Q2", compound])
        rows.append(
            ["mean of annualized quarters", base.replace("-", ""), "2024-Q2", annualized.mean()]
        )
    means = series.groupby(series.index.str[:4]).mean()
    of_years = [
        100 * (means[b] / means[a] - 1) for a, b in pairwise(["2020", "2021", "2022", "2023"])
    ]
    rows.append(["mean of calendar years", "2020", "2023-Q4", sum(of_years) / len(of_years)])
    first, second = quarterly["2022-Q1"], quarterly["2022-Q2"]
    rows.append(["higher of two quarters", "2021Q4", "2022-Q2", max(first, second)])
    rows.append(["lower of two quarters", "2021Q4", "2022-Q2", min(first, second)])
    rows.append(
        ["half-year", "2021Q4", "2022-Q2", 100 * (series["2022-Q2"] / series["2021-Q4"] - 1)]
    )
    for quarter in ("2022-Q4", "2023-Q4", "2024-Q2"):
        before = f"{int(quarter[:4]) - 1}{quarter[5:]}"
        rows.append(["four quarters", before, quarter, yearly[quarter]])
    rows.append(["four quarters of 2022", "2021Q4", "2022-Q4", yearly["2022-Q4"]])
    return rows


def gasoline_points(weekly: pd.DataFrame, monthly: pd.DataFrame) -> pd.DataFrame:
    """The price on the day, before the invasion, and the mean of longer times before, by series."""
    series = {"weekly": ("week", weekly), "monthly": ("month", monthly)}
    on_the_day = {"weekly": "2024-09-09", "monthly": LAST}
    rows = []
    for name, (column, prices) in series.items():
        source = prices["source_id"].iloc[0]
        for point in ("2022-02-21", "2022-01", "2021-11", "2021", on_the_day[name]):
            part = prices[prices[column].str.startswith(point)]
            if len(part):
                label = "the day" if point == on_the_day[name] else point
                public_on = _public_on(part[column].max())
                mean = round(part["usd_per_gallon"].mean(), PLACES)
                rows.append([name, label, len(part), mean, public_on, source])
    columns = ["series", "point", "prices", "usd_per_gallon", "public_on", "source_id"]
    return pd.DataFrame(rows, columns=columns)


def _public_on(last: str) -> str:
    """The day after a weekly price; the middle of the month after a monthly one."""
    if len(last) > len("2024-08"):
        return (pd.Timestamp(last) + pd.Timedelta(days=1)).date().isoformat()
    return (pd.Period(last) + 1).strftime("%Y-%m-15")


def applications_totals(monthly: pd.DataFrame) -> pd.DataFrame:
    """Applications from January 2021 to a month, by kind and adjustment, in millions."""
    rows = []
    for (kind, adjusted), part in monthly.groupby(["kind", "adjusted"]):
        counts = part.set_index("month")["applications"].sort_index()
        first_days = 19 / 31  # of January 2021, before the 20th
        for month in ("2024-07", LAST):
            total = counts[FIRST:month].sum()
            for start, missing in (("1 January", 0.0), ("20 January", first_days * counts[FIRST])):
                value = round((total - missing) / 1e6, PLACES)
                rows.append([kind, adjusted, start, month, value, part["source_id"].iloc[0]])
    columns = ["kind", "adjusted", "start", "month", "applications_million", "source_id"]
    return pd.DataFrame(rows, columns=columns)


def joint_months(rates: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Months by whether inflation fell and employment rose, with the editions in force today."""
    newest = rates[rates["edition"] == rates["edition"].max()]
    source, rate = newest["source_id"].iloc[0], newest.set_index("month")["rate_pct"]
    status = changes[changes["replaced_on"] == ""].set_index("month")["status"]
    rows = []
    for before, month in pairwise(rate.index):
        if month in status.index and "2022-07" <= month <= LAST:
            fell = "inflation lower" if rate[month] < rate[before] else "inflation not lower"
            rose = "employment higher" if status[month] == "rise" else "employment not higher"
            patterns = (f"{fell}, {rose}", "all months")
            rows += [[month, pattern, 1, source] for pattern in patterns]
    return pd.DataFrame(rows, columns=["month", "pattern", "months", "source_id"])


def tables(data: Path) -> dict[str, pd.DataFrame]:
    """Every table that this file writes, by name."""
    collected = {
        name: pd.read_csv(data / f"{name}.csv", keep_default_na=name not in EMPTY_IS_TEXT)
        for name in COLLECTED
    }
    changes = payroll_changes(
        collected["labor/payroll_employment"], collected["labor/stated_changes"]
    )
    rates = inflation(collected["prices/cpi"])
    return {
        "labor/payroll_changes": changes,
        "labor/last_falls": last_falls(changes),
        "labor/unemployment_means": unemployment_means(
            collected["labor/unemployment_rate"], collected["labor/administrations"]
        ),
        "labor/turnover_peaks": turnover_peaks(collected["labor/turnover_rates"]),
        "labor/joint_months": joint_months(rates, changes),
        "prices/inflation": rates,
        "prices/gasoline_points": gasoline_points(
            collected["prices/gasoline_weekly"], collected["prices/gasoline_monthly"]
        ),
        "output/growth": growth(collected["output/real_gdp"]),
        "business/applications_totals": applications_totals(collected["business/applications"]),
    }


def main(data: Path, target: Path) -> None:
    """Write the tables of `data` into `target`, a folder of the same layout."""
    for name, frame in tables(data).items():
        path = target / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    here = Path(__file__).parent / "data"
    main(here, Path(sys.argv[1]) if len(sys.argv) > 1 else here)
