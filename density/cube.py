"""Sums over areas, industries and days: one array [scope, series, day] for each figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts, Flags, Ratios
from density.definition import Definition
from density.register import Reference
from density.sites import Sites

CROSSED = ("district", "park")  # the kinds of areas whose divisions are figures of their own


@dataclass(frozen=True)
class Scopes:
    """Every scope of a city, in the order of the arrays, and its kind."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]

    def of_kind(self, kind: str) -> list[int]:
        """The positions of a kind's scopes."""
        return [place for place, each in enumerate(self.kinds) if each == kind]


def is_division(scope: str) -> bool:
    """Whether a scope is an industry of two digits, such as `industry:36`."""
    return scope.startswith("industry:") and len(scope) == len("industry:") + 2


def scopes(reference: Reference, sites: Sites) -> Scopes:
    """The city, every district, park, zone and division, and the groups and classes that a site belongs to."""
    classes = sites.rows["industry"].drop_nulls().unique().to_list()
    codes = {code[:digits] for code in classes for digits in (2, 3, 4)} | {
        code for code in reference.industries if len(code) == 2
    }
    named = [
        ("city", "city"),
        *((f"district:{adcode}", "district") for adcode in sorted(reference.districts)),
        *((f"park:{park}", "park") for park in sorted(reference.parks)),
        *((f"zone:{zone}", "zone") for zone in sorted(reference.zones)),
        *((f"industry:{code}", "industry") for code in sorted(codes)),
    ]
    return Scopes(tuple(name for name, _ in named), tuple(kind for _, kind in named))


class Lines:
    """Which scopes and series each site belongs to.

    Sites of one district, park, industry and scale are one *cell*; cells that are in the same series are one
    *pattern*, so that a figure is added up once for each level of scopes and not once for each series.

    Attributes:
        cell: of each site.
        series: every series.
        member: array [cell, series].
        crossings: names of the crossings, in the order of their numbers.
        crossing: array [level, cell]: number of the crossing, -1 for none.
    """

    def __init__(self, sites: Sites, scopes: Scopes, reference: Reference, definition: Definition) -> None:
        same = ["district", "park", "industry", "above_scale"]
        of_site = sites.rows.select("site", cell=pl.struct(same).rank("dense") - 1)
        rows = sites.rows.join(of_site, on="site").unique("cell").sort("cell")
        self.cell: Counts = of_site.sort("site")["cell"].cast(pl.Int64).to_numpy()
        self.member = _member(rows, definition)
        self._patterns, self._pattern = _patterns(self.member)
        self._levels = [_places(names, scopes.names) for names in _levels(rows)]
        self._wholes = _wholes(scopes, reference)
        self._known: dict[int, set[int]] = {}
        self._scopes = len(scopes.names)
        self.series = definition.series
        crossed = [
            pl.format("{}:{}/industry:{}", pl.lit(kind), kind, pl.col("industry").str.head(2)) for kind in CROSSED
        ]
        names = [rows.select(each).to_series() for each in crossed]
        self.crossings = tuple(sorted({name for each in names for name in each.drop_nulls()}))
        self.crossing = np.stack([_places(each, self.crossings) for each in names])

    def cells(self, site: Counts, day: Counts, amount: Counts) -> tuple[Counts, Counts, Counts]:
        """Changes of sites as changes of cells: cell, day, amount, in that order.

        Args:
            site: array [row].
            day: array [row].
            amount: array [figure, row].
        """
        return summed(self.cell[site], day, amount)

    def shared(self, one: int, other: int) -> tuple[Counts, Counts]:
        """The scopes and the series that two cells are both in."""
        scopes = self.scopes_of(one) & self.scopes_of(other)
        return np.array(sorted(scopes)), np.flatnonzero(self.member[one] & self.member[other])

    def scopes_of(self, cell: int) -> set[int]:
        """The scopes that a cell is in."""
        if cell not in self._known:
            parts = {int(place[cell]) for place in self._levels} - {-1}
            self._known[cell] = parts | {
                whole for whole, made_of in self._wholes.items() if not parts.isdisjoint(made_of)
            }
        return self._known[cell]

    def scatter(self, cell: Counts, day: Counts, days: int) -> "Scatter":
        """Where changes of cells go to in the arrays of some days."""
        patterns = len(self._patterns)
        at = np.stack([place[cell] for place in self._levels])
        level, row = np.nonzero(at >= 0)
        touched, scope = np.unique(at[level, row], return_inverse=True)
        position = (scope.reshape(-1) * patterns + self._pattern[cell[row]]) * days + day[row]
        wholes = {whole: np.flatnonzero(np.isin(touched, parts)) for whole, parts in self._wholes.items()}
        wholes = {whole: parts for whole, parts in wholes.items() if parts.size}
        scopes = np.concatenate([touched, np.array(list(wholes), dtype=np.int64)])
        return Scatter(scopes, tuple(wholes.values()), position, row, (touched.size, patterns, days), self._patterns)

    def sums(self, spans: pl.DataFrame, first_day: int, last_day: int) -> Counts:
        """What stands at the end of each day, for every scope and series.

        Args:
            spans: site, from_day, to_day (exclusive) and amount.
            first_day: the first day of the array.
            last_day: its last day.

        Returns:
            Array [scope, series, day].
        """
        inside = spans.filter((pl.col("to_day") > first_day) & (pl.col("from_day") <= last_day))
        begin = inside.select("site", "amount", day=pl.col("from_day").clip(first_day))
        end = inside.select("site", amount=-pl.col("amount"), day="to_day").filter(pl.col("day") <= last_day)
        steps = pl.concat([begin, end.select(begin.columns)])
        site, day, amount = (steps[name].to_numpy() for name in ("site", "day", "amount"))
        spread = self.scatter(self.cell[site], day - first_day, last_day - first_day + 1)
        sums = np.zeros((self._scopes, self._patterns.shape[1], last_day - first_day + 1), dtype=np.int64)
        sums[spread.scopes] = np.cumsum(spread.changes(amount), axis=2)
        return sums


@dataclass(frozen=True)
class Scatter:
    """Where each row of changes goes to, worked out once for every figure.

    Attributes:
        scopes: the scopes that any row goes to: first districts, parks and classes, then those made of them.
        wholes: the places in the first of what each of the second is made of.
        position: array [entry] in an array of `shape`.
        row: array [entry]: which row goes there.
        shape: districts, parks and classes; patterns; days.
        patterns: array [pattern, series]: which series a pattern is in.
    """

    scopes: Counts
    wholes: tuple[Counts, ...]
    position: Counts
    row: Counts
    shape: tuple[int, int, int]
    patterns: Flags

    def changes(self, amount: Counts) -> Counts:
        """The changes of one figure, array [scope, series, day] for `scopes` alone."""
        flat = np.bincount(self.position, amount[self.row], minlength=int(np.prod(self.shape))).reshape(self.shape)
        parts = self.shape[0]
        out = np.empty((self.scopes.size, self.patterns.shape[1], self.shape[2]), dtype=np.int32)
        out[:parts] = self.patterns.T.astype(np.float64) @ flat
        for place, whole in enumerate(self.wholes, start=parts):
            out[place] = out[whole].sum(axis=0)
        return out


def summed(group: Counts, day: Counts, amount: Counts, row: Counts | None = None) -> tuple[Counts, Counts, Counts]:
    """Changes of one group and day added up: group, day, amount, sorted by both.

    Args:
        group: array [entry].
        day: array [entry].
        amount: array [figure, row].
        row: array [entry]: the row that each entry is of; without it the entries are the rows.
    """
    if not group.size:
        return group, day, amount[:, :0]
    width = int(day.max()) + 1
    key = group * width + day
    if row is None and (key[1:] > key[:-1]).all():
        return group, day, amount
    source = np.arange(key.size) if row is None else row
    if not (key[1:] >= key[:-1]).all():
        order = np.argsort(key, kind="stable")
        key, source = key[order], source[order]
    begins = np.append(True, key[1:] != key[:-1])
    place = np.cumsum(begins)[~begins] - 1
    first, further = source[begins], source[~begins]  # most groups have one entry
    sums = np.empty((amount.shape[0], first.size), dtype=amount.dtype)
    for told, values in zip(sums, amount, strict=True):
        np.take(values, first, out=told)
        np.add.at(told, place, values[further])
    key = key[begins]
    return key // width, key % width, sums


def running(steps: Counts, starts: Counts) -> Counts:
    """What stands after each step of a group; the steps are overwritten.

    Args:
        steps: array [..., step], group after group.
        starts: array [group]: the first step of each.
    """
    steps[..., starts[1:]] -= np.add.reduceat(steps, starts, axis=-1)[..., :-1]  # each group begins at nothing
    return np.cumsum(steps, axis=-1, out=steps)


def _member(rows: pl.DataFrame, definition: Definition) -> Flags:
    """Whether each cell is in each series, array [cell, series]."""
    above = rows["above_scale"].to_numpy()
    sets = (definition.key_set, *definition.other_key_sets)
    codes, of_cell = np.unique(rows["industry"].fill_null("").to_numpy(), return_inverse=True)
    keys = [np.array([each.holds(code) for code in codes], dtype=np.bool_)[of_cell] & above for each in sets]
    return np.stack([np.ones_like(above), above, *keys], axis=1)


def _patterns(member: Flags) -> tuple[Flags, Counts]:
    patterns, pattern = np.unique(member, axis=0, return_inverse=True)
    return patterns, pattern.reshape(-1).astype(np.int64)


def _places(names: pl.Series, known: Sequence[str]) -> Counts:
    position: Mapping[str, int] = {name: place for place, name in enumerate(known)}
    return np.array([position.get(name, -1) for name in names], dtype=np.int64)


def _levels(rows: pl.DataFrame) -> list[pl.Series]:
    """The district, park and class of each cell; null where it has none."""
    return rows.select(
        pl.format("district:{}", "district"), pl.format("park:{}", "park"), pl.format("industry:{}", "industry")
    ).get_columns()


def _wholes(scopes: Scopes, reference: Reference) -> dict[int, list[int]]:
    """The scopes that are made of districts, parks or classes, and of which."""
    place = {name: number for number, name in enumerate(scopes.names)}
    classes = [name for name in scopes.names if name.startswith("industry:") and len(name) == len("industry:") + 4]
    shorter = [name for name in scopes.names if name.startswith("industry:") and name not in classes]
    return {
        place["city"]: scopes.of_kind("district"),
        **{
            place[f"zone:{zone.id}"]: [place[f"park:{park}"] for park in zone.parks]
            for zone in reference.zones.values()
        },
        **{place[name]: [place[each] for each in classes if each.startswith(name)] for name in shorter},
    }


def ratio(over: Counts | Ratios, under: Counts | Ratios, *, at_least: float = 0.0, times: float = 1.0) -> Ratios:
    """`over` ÷ `under` × `times`; not a number where `under` is 0 or less than `at_least`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((under > 0) & (under >= at_least), over / under * times, np.nan)
