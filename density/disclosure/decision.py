"""Which cells of a city are open to the public on a day, and why the others are not.

A cell is a scope and a series. Open to the public at all are city, districts, zones, parks and divisions; groups and
classes of industry and the crossings need a role, so that fewer sums stand beside one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts, Flags
from density.cube import Lines, Scopes
from density.disclosure.primary import open_cells
from density.disclosure.secondary import opened
from density.ranking import open_factories
from density.sites import Sites

OPEN, EMPTY, FEW, BESIDE = "open", "empty", "few", "beside"
ORDER = ("city", "district", "zone", "park", "industry")  # the most wanted first
DIVISION = len("industry:36")


@dataclass(frozen=True)
class Cells:
    """The cells that may be public, and which factories they hold.

    Attributes:
        scopes: of each cell.
        kinds: of its scope.
        series: of each cell.
        member: array [cell, factory].
    """

    scopes: Sequence[str]
    kinds: Sequence[str]
    series: Sequence[str]
    member: Flags


def decided(cells: Cells, firm: Counts, stock: Counts, persons: Counts) -> pl.DataFrame:
    """Every cell with what becomes of it: scope, kind, series and `why`: open, empty, few or beside.

    `few`: too few firms, or one or two of them are too much of it. `beside`: another closed cell would follow from it.

    Args:
        cells: the most wanted first.
        firm: of each factory, as integers from 0.
        stock: of each factory [台].
        persons: of each factory [人].
    """
    primary = open_cells(cells.member, firm, stock, persons)
    filled = cells.member.any(axis=1)
    between = _differences(cells, primary)
    unsafe = between[~open_cells(between, firm, stock, persons)] if between.size else between
    protected = np.vstack([cells.member[filled & ~primary], unsafe])
    kinds = np.unique(np.vstack([cells.member, protected]), axis=1)
    told = opened(kinds[: len(cells.member)], np.flatnonzero(primary), kinds[len(cells.member) :])
    why = np.select([~filled, ~primary, ~told], [EMPTY, FEW, BESIDE], OPEN)
    return pl.DataFrame({"scope": cells.scopes, "kind": cells.kinds, "series": cells.series, "why": why})


def _differences(cells: Cells, primary: Flags) -> Flags:
    """What is left of a cell without another one that lies in it, and of a district without its parks."""
    places = np.flatnonzero(primary)
    member = cells.member[places].astype(np.float32)
    size, common = member.sum(axis=1), member @ member.T
    outer, inner = np.nonzero((common == size) & (size[:, None] > size))
    pairs = cells.member[places[outer]] & ~cells.member[places[inner]]
    rests = [_outside_parks(cells, int(place)) for place in places if cells.kinds[int(place)] in {"city", "district"}]
    rests = [each for each in rests if each.any()]
    left: Flags = np.unique(np.vstack([pairs, *rests]), axis=0)
    return left


def _outside_parks(cells: Cells, place: int) -> Flags:
    """Of a city or district the factories in no park that lies wholly in it."""
    whole: Flags = cells.member[place]
    rest = whole.copy()
    for other, kind in enumerate(cells.kinds):
        inside = cells.member[other]
        if kind == "park" and cells.series[other] == cells.series[place] and not (inside & ~whole).any():
            rest &= ~inside
    return rest


def cells_of(
    lines: Lines, scopes: Scopes, sites: Sites, registration: pl.DataFrame, day: int
) -> tuple[Cells, pl.DataFrame]:
    """The cells of a day and their factories: factory, code (of the firm), in the order of `member`.

    Args:
        lines: which scopes and series a site is in.
        scopes: of a city.
        sites: as registered.
        registration: one row of each slot, with the ledger's columns.
        day: an integer day.
    """
    held = sites.rows.filter(pl.col("registered"), pl.col("from_day") <= day, pl.col("to_day") > day)
    code = pl.when(pl.col("credit_code").fill_null("") == "").then(pl.concat_str(pl.lit("factory:"), "factory"))
    named = open_factories(registration, day).select("factory", code=code.otherwise("credit_code"))
    factories = held.join(named, on="factory", how="inner").sort("factory")
    cell = lines.cell[factories["site"].to_numpy()]
    used, back = np.unique(cell, return_inverse=True)
    inside = np.zeros((len(scopes.names), used.size), dtype=np.bool_)
    for column, each in enumerate(used):
        inside[list(lines.scopes_of(int(each))), column] = True
    wanted = [
        place
        for kind in ORDER
        for place in scopes.of_kind(kind)
        if kind != "industry" or len(scopes.names[place]) == DIVISION
    ]
    member = (inside[wanted][:, None, :] & lines.member[used].T[None]).reshape(-1, used.size)[:, back.reshape(-1)]
    names = [scopes.names[place] for place in wanted for _ in lines.series]
    kinds = [scopes.kinds[place] for place in wanted for _ in lines.series]
    return Cells(names, kinds, [*lines.series] * len(wanted), member), factories.select("factory", "code")


def _public(scope: str, kind: str) -> bool:
    return kind != "industry" or len(scope) == DIVISION
