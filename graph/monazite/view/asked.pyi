"""Written by ``examples/reference/build.py``; change the questions, not this file."""

from monazite.analysis.conflicts.conflicts import Conflicts
from monazite.model.ownership import Parents

class Questions:
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
