"""Linear programmes solved by HiGHS, once or many times with changed bounds and costs.

One without an optimum has no values (None). Q. Huangfu and J. A. J. Hall (2018), Parallelizing the
dual revised simplex method, Mathematical Programming Computation 10 (1), 119-142; recalled.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from highspy import Highs, HighsLp, HighsStatus

Name = tuple[str, ...]  # What a column or row is, and of what: `("ore_sold", "AUS", "MYS")`
NO_CHANGE: Mapping[int, float] = MappingProxyType({})
LIMIT, LEAST_LIMIT = 0.25, 1000
"""Iterations of a hot solve, by column, after which it begins again without the basis.

In chains of 5,000 to 20,000 columns hot solves took up to 0.10 and cold ones up to 0.14: a solve
that meets the limit has stalled.
"""
HELD, APART = 1e-9, 1e-6  # a dual value that is none, and two solutions that are one
LARGE = 20_000  # columns from which an interior point pays: 11 times as fast at 144,000


class LinearProgramme:
    """A linear programme: columns with bounds and a cost, and rows between bounds."""

    def __init__(self) -> None:
        self.cost = array("d")
        self.lower = array("d")
        self.upper = array("d")
        self.starts = array("i")
        self.index = array("i")
        self.value = array("d")
        self.row_lower = array("d")
        self.row_upper = array("d")
        self.names: dict[int, Name] = {}  # Names of columns, by place; a column may have none
        self.row_names: dict[int, Name] = {}  # Names of rows, by place
        self.names_of_many: dict[range, Name] = {}  # but for their number

    def copy(self) -> LinearProgramme:
        """Return the programme as it is, to add to it and keep this one."""
        other = LinearProgramme()
        for name, value in self.__dict__.items():
            setattr(other, name, value[:] if isinstance(value, array) else dict(value))
        return other

    def column(
        self, *, lower: float = 0.0, upper: float = inf, cost: float = 0.0, name: Name = ()
    ) -> int:
        """Add a column, the variable of a programme."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        if name:
            self.names[len(self.cost) - 1] = name
        return len(self.cost) - 1

    def columns(self, costs: Iterable[float], *, upper: float, name: Name) -> range:
        """Add a column for each cost, all from nothing to the same bound."""
        first = len(self.cost)
        self.cost.extend(costs)
        count = len(self.cost) - first
        self.lower.extend(repeat(0.0, count))
        self.upper.extend(repeat(upper, count))
        places = range(first, len(self.cost))
        self.names_of_many[places] = name
        return places

    def row(
        self,
        terms: Mapping[int, float],
        *,
        lower: float = -inf,
        upper: float = inf,
        name: Name = (),
    ) -> int:
        """Add a row, the constraint that bounds a weighted sum of columns."""
        self.starts.append(len(self.index))
        self.index.extend(terms)
        self.value.extend(terms.values())
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        if name:
            self.row_names[len(self.row_upper) - 1] = name
        return len(self.row_upper) - 1

    def solve(self, *, maximise: bool = False) -> list[float] | None:
        """Solve the programme."""
        return _values(_solved(self._model(maximise)))

    def open(self, *, maximise: bool = False) -> Session:
        """Solve the programme and keep the solver, to solve again with other bounds and costs."""
        return Session(self._model(maximise))

    def not_unique(self, places: Iterable[int]) -> dict[int, tuple[float, float]]:
        """Return the least and the most of columns that differ between solutions of one cost.

        What has a dual value is the same in all of them, and is held where it is.
        """
        import numpy as np

        solver, count = _solved(self._model(maximise=False)), len(self.cost)
        found = solver.getSolution()
        values, duals = np.array(found.col_value), np.array(found.col_dual)
        for column in np.flatnonzero(np.abs(duals) > HELD).tolist():
            solver.changeColBounds(column, values[column], values[column])
        for row in np.flatnonzero(np.abs(np.array(found.row_dual)) > HELD).tolist():
            solver.changeRowBounds(row, found.row_value[row], found.row_value[row])
        solver.changeColsCost(count, np.arange(count, dtype=np.int32), np.zeros(count))

        def end(place: int, sign: float) -> float:
            solver.changeColCost(place, sign)
            solver.run()
            return float(solver.getSolution().col_value[place])

        ends = {}
        for place in (x for x in places if abs(duals[x]) <= HELD):
            low, high = end(place, 1.0), end(place, -1.0)
            solver.changeColCost(place, 0.0)
            if high - low > APART * max(1.0, values[place]):
                ends[place] = min(low, values[place]), max(high, values[place])
        return ends

    def text(self) -> str:
        """Return the programme in LP format: ``sold[AUS,a-b]`` is ``sold(AUS,a_b)`` there."""
        model = self._model(maximise=False)
        model.col_names_ = _labels(self.all_names(), len(self.cost), "column")
        model.row_names_ = _labels(self.row_names, len(self.row_upper), "row")
        solver = _quiet()
        solver.passModel(model)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "programme.lp"
            solver.writeModel(str(file))
            return file.read_text("utf-8")

    def all_names(self) -> dict[int, Name]:
        """Return the names of columns by place, with those of many columns one by one."""
        return self.names | {
            place: (*name, str(number))
            for places, name in self.names_of_many.items()
            for number, place in enumerate(places, start=1)
        }

    def _model(self, maximise: bool) -> HighsLp:
        import numpy as np
        from highspy import HighsLp, MatrixFormat, ObjSense

        model = HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.row_upper)
        model.sense_ = ObjSense.kMaximize if maximise else ObjSense.kMinimize
        model.col_cost_ = np.array(self.cost)
        model.col_lower_, model.col_upper_ = np.array(self.lower), np.array(self.upper)
        model.row_lower_, model.row_upper_ = np.array(self.row_lower), np.array(self.row_upper)
        model.a_matrix_.format_ = MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.append(np.array(self.starts), np.int32(len(self.index)))
        model.a_matrix_.index_ = np.array(self.index)
        model.a_matrix_.value_ = np.array(self.value)
        return model


class Session:
    """A reusable solver of one programme; each solve starts from its optimal basis."""

    def __init__(self, model: HighsLp) -> None:
        import numpy as np

        self._solver = self._last = solver = _solved(model)
        self._basis = solver.getBasis()
        self.restarts = 0
        limit = max(LEAST_LIMIT, round(LIMIT * model.num_col_))
        solver.setOptionValue("simplex_iteration_limit", limit)
        lower, row_lower = np.array(model.col_lower_), np.array(model.row_lower_)
        self._upper = _Numbers(
            np.array(model.col_upper_),
            lambda at, new: solver.changeColsBounds(len(at), at, lower[at], new),
        )
        self._row_upper = _Numbers(
            np.array(model.row_upper_),
            lambda at, new: min(map(solver.changeRowBounds, at, row_lower[at], new), key=int),
        )
        self._cost = _Numbers(
            np.array(model.col_cost_), lambda at, new: solver.changeColsCost(len(at), at, new)
        )

    def solve(
        self,
        *,
        upper: Mapping[int, float] = NO_CHANGE,
        row_upper: Mapping[int, float] = NO_CHANGE,
        cost: Mapping[int, float] = NO_CHANGE,
    ) -> list[float] | None:
        """Solve the programme as built, with these changes and no other."""
        self._upper.change(upper)
        self._row_upper.change(row_upper)
        self._cost.change(cost)
        solver = self._solver
        solver.clearSolver()  # its random numbers begin anew, too
        solver.setBasis(self._basis)
        solver.run()
        if not _is_optimal(solver):
            # The verdict of a fresh solver, so that no trace of this one is in it.
            self.restarts += 1
            solver = _solved(solver.getLp())
        self._last = solver
        return _values(solver)

    def row_duals(self) -> list[float]:
        """Return by how much the last optimum changes for one more of the bound of each row."""
        return list(self._last.getSolution().row_dual)


class _Numbers:
    """Bounds or costs that can be changed, and are put back before the next change."""

    def __init__(
        self, built: np.ndarray, put: Callable[[np.ndarray, np.ndarray], HighsStatus]
    ) -> None:
        self._built = built
        self._put = put
        self._changed: tuple[int, ...] = ()

    def change(self, wanted: Mapping[int, float]) -> None:
        import numpy as np
        from highspy import HighsStatus

        places = np.array(sorted({*self._changed, *wanted}), dtype=np.int32)
        if not len(places):
            return
        if places[0] < 0:
            raise IndexError(f"no column or row has the place {places[0]}")
        values = self._built[places]
        values[np.searchsorted(places, [*wanted])] = [*wanted.values()]
        if np.isnan(values).any():
            raise ValueError("a bound or a cost is not a number")
        self._changed = (*wanted,)
        if self._put(places, values) == HighsStatus.kError:
            raise ValueError("no upper bound can be minus infinity")


def _labels(names: Mapping[int, Name], count: int, other: str) -> list[str]:
    """Names as the LP format allows them; what has none is numbered."""
    return [
        f"{names[place][0]}({','.join(map(_plain, names[place][1:]))})"
        if place in names
        else f"{other}_{place}"
        for place in range(count)
    ]


def _plain(part: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in part)


def _quiet() -> Highs:
    from highspy import Highs

    solver: Highs = Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    return solver


def _solved(model: HighsLp) -> Highs:
    """A solver that has run on a model, without a basis to start from."""
    solver = _quiet()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("presolve", "off")  # costs twice to four times what it saves
    solver.passModel(model)
    if model.num_col_ > LARGE:
        solver.setOptionValue("solver", "ipm")
        solver.run()
    solver.setOptionValue("solver", "simplex")  # the last word, from the basis of the other
    solver.run()
    return solver


def _is_optimal(solver: Highs) -> bool:
    from highspy import HighsModelStatus

    return bool(solver.getModelStatus() == HighsModelStatus.kOptimal)


def _values(solver: Highs) -> list[float] | None:
    return list(solver.getSolution().col_value) if _is_optimal(solver) else None
