"""A linear programme, gathered row by row and handed to HiGHS at once.

The one place that knows the solver: what it cannot solve is told by the caller, in words about the
rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from highspy import Highs


class LinearProgramme:
    """Columns with bounds and a cost, and rows between bounds.

    >>> programme = LinearProgramme()
    >>> x, y = programme.column(upper=3.0, cost=2.0), programme.column(upper=3.0, cost=1.0)
    >>> programme.row({x: 1.0, y: 1.0}, upper=4.0)
    >>> programme.solve(maximise=True)
    [3.0, 1.0]
    """

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.starts: list[int] = []
        self.index: list[int] = []
        self.value: list[float] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []

    def column(self, *, lower: float = 0.0, upper: float = inf, cost: float = 0.0) -> int:
        """Add a column; return its place."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, terms: Mapping[int, float], *, lower: float = -inf, upper: float = inf) -> None:
        """Bound a sum of columns, each times its factor."""
        self.starts.append(len(self.index))
        self.index += terms
        self.value += terms.values()
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def solve(self, *, maximise: bool = False) -> list[float] | None:
        """Return the value of each column at an optimum, or None where there is none."""
        import numpy as np
        from highspy import Highs, HighsLp, HighsModelStatus, MatrixFormat, ObjSense

        solver: Highs = Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("presolve", "off")  # costs three times what it saves at this size
        programme = HighsLp()
        programme.num_col_, programme.num_row_ = len(self.cost), len(self.row_upper)
        programme.sense_ = ObjSense.kMaximize if maximise else ObjSense.kMinimize
        programme.col_cost_ = np.array(self.cost)
        programme.col_lower_, programme.col_upper_ = np.array(self.lower), np.array(self.upper)
        programme.row_lower_ = np.array(self.row_lower)
        programme.row_upper_ = np.array(self.row_upper)
        programme.a_matrix_.format_ = MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.array([*self.starts, len(self.index)])
        programme.a_matrix_.index_ = np.array(self.index)
        programme.a_matrix_.value_ = np.array(self.value)
        solver.passModel(programme)
        solver.run()
        if solver.getModelStatus() != HighsModelStatus.kOptimal:
            return None
        return list(solver.getSolution().col_value)
