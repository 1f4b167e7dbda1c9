"""Written by ``examples/reference/build.py``; change the questions, not this file."""

from monazite.analysis.concentration.by_year import Concentration
from monazite.analysis.concentration.indices import Indices
from monazite.analysis.conflicts.conflicts import Conflicts
from monazite.model.ownership import Parents

class Questions:
    def concentration(self, element: str = 'TREO', *, stage: str | None = None, series: bool = False, since: int = 1985) -> Concentration:
        """Print shares, the three largest and the HHI of each stage; TREO is all rare earths together.

        The reconciled year comes first; what sources print is another figure beneath it, with why it
        differs. With --full: what each share was divided by, the basis and the series. Years whose
        figures do not add up have no index and say why.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            stage: Only this stage: mine, separation ...
            series: One line a year; else the newest year of each stage.
            since: First year of the series.

        >>> import monazite
        >>> found = monazite.load().concentration("TREO", stage="mine")
        >>> found.lines[0].leader, round(found.lines[0].share, 2)
        ('CHN', 0.69)
        """

    def conflicts(self, name: str | None = None, *, kind: str = 'real') -> Conflicts:
        """List facts on which rows differ, the biggest difference first, with who says what.

        Rows that copy one root count once, and a later edition takes the place of an earlier one.

        Args:
            name: A name or id: a plant, firm, country, element.
            kind: real, basis, definition, year, edition, rounding or all.

        >>> import monazite
        >>> found = monazite.load().conflicts("Bukit Merah")
        >>> [line.text for line in found.conflicts[0].lines]
        ['1992', '1994-01-19']
        """

    def indices(self, element: str = 'TREO', *, stage: str | None = None, market: str = 'USA') -> Indices:
        """Work out the indices that people quote, for the newest year of each stage.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            stage: Only this stage: mine, separation ...
            market: Whose imports GeoPolRisk counts.

        >>> import monazite
        >>> found = monazite.load().indices("Dy", stage="mine")
        >>> [line.index for line in found][:2]
        ['hhi', 'top-3']
        """

    def parents(self, name: str) -> Parents:
        """Follow a firm or plant up to its ultimate parent on a day; list the other holders.

        A parent holds more than half, or a source says that it controls; a share that is not known is
        no control. Each step names its record and source.

        Args:
            name: Id or name of a firm or plant.

        >>> import monazite
        >>> monazite.load(valid="1998-12-31").parents("mountain-pass").tops
        (('unocal', 'Union Oil Company of California (Unocal)'),)
        """
