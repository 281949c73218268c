"""Which cells of a city are open to the public on a day, and why the others are not.

A cell is a scope and a series. Open to the public at all are city, districts, zones, parks and divisions; groups and
classes of industry and the crossings need a role, so that fewer sums stand beside one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts, Flags
from density.cube import Lines, Scopes, is_division
from density.disclosure.primary import Shares, open_cells, shares
from density.disclosure.secondary import opened
from density.ranking import open_factories
from density.sites import Sites

OPEN, EMPTY, FEW, BESIDE = "open", "empty", "few", "beside"
ORDER = ("city", "district", "zone", "park", "industry")  # the most wanted first
SERIES_ORDER = {"total": 0, "key": 1, "all": 2}


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
    had = shares(cells.member, firm, stock, persons)
    filled = np.asarray(cells.member.any(axis=1), dtype=np.bool_)
    primary = np.array([had.open(cell) for cell in range(len(cells.series))], dtype=np.bool_)
    rests = _rests(cells, primary)
    unsafe = rests[~open_cells(rests, firm, stock, persons)]
    protected = np.vstack([cells.member[filled & ~primary], _differences(cells, primary, had), unsafe])
    kinds = _kinds(np.vstack([cells.member, protected]))
    wanted = sorted(np.flatnonzero(primary).tolist(), key=lambda cell: (SERIES_ORDER.get(cells.series[cell], 3), cell))
    told = opened(kinds[: len(cells.series)], wanted, kinds[len(cells.series) :])
    why = np.select([~filled, ~primary, ~told], [EMPTY, FEW, BESIDE], OPEN)
    return pl.DataFrame({"scope": cells.scopes, "kind": cells.kinds, "series": cells.series, "why": why})


def _kinds(member: Flags) -> Flags:
    """One column for all factories that are in the same cells."""
    if not member.size:
        return member
    signs = np.ascontiguousarray(np.packbits(member, axis=0).T)
    _, first = np.unique(signs.view(f"V{signs.shape[1]}").ravel(), return_index=True)
    kinds: Flags = member[:, first]
    return kinds


def _differences(cells: Cells, primary: Flags, had: Shares) -> Flags:
    """What is left of a cell without another one that lies in it, where that may not be told."""
    places = np.flatnonzero(primary)
    member = cells.member[places].astype(np.float32)
    size, common = member.sum(axis=1), member @ member.T
    outer, inner = np.nonzero((common == size) & (size[:, None] > size))
    pairs = zip(places[outer].tolist(), places[inner].tolist(), strict=True)
    unsafe = [cells.member[one] & ~cells.member[other] for one, other in pairs if not had.open(one, other)]
    return _stacked(unsafe, cells)


def _rests(cells: Cells, primary: Flags) -> Flags:
    """What is left of a city or district without all parks that lie in it."""
    areas = [place for place in np.flatnonzero(primary).tolist() if cells.kinds[place] in {"city", "district"}]
    rests = [_outside_parks(cells, place) for place in areas]
    return _stacked([each for each in rests if each.any()], cells)


def _stacked(sets: Sequence[Flags], cells: Cells) -> Flags:
    """Sets of factories, array [set, factory]; of none an empty one."""
    return np.array(sets, dtype=np.bool_) if sets else np.zeros((0, cells.member.shape[1]), dtype=np.bool_)


def _outside_parks(cells: Cells, place: int) -> Flags:
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
        if kind != "industry" or is_division(scopes.names[place])
    ]
    member = (inside[wanted][:, None, :] & lines.member[used].T[None]).reshape(-1, used.size)[:, back.reshape(-1)]
    names = [scopes.names[place] for place in wanted for _ in lines.series]
    kinds = [scopes.kinds[place] for place in wanted for _ in lines.series]
    return Cells(names, kinds, [*lines.series] * len(wanted), member), factories.select("factory", "code")
