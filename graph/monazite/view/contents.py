"""What is in it? The inventory, its catalogues, and the terms of other vocabularies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.core.errors import NotKnownError
from monazite.data.parameters import ELEMENT, check_text
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.analysis.concentration.shares import StageShares
    from monazite.analysis.inventory import DatasetDescription
    from monazite.store.alignments import Alignments


class ContentQuestions(FilteredRows):
    """What is in it?"""

    def info(self, element: str = ELEMENT) -> DatasetDescription:
        """Describe the data set: counts, sources by tier and age, coverage, licence, version.

        Args:
            element: symbol, name or group whose coverage is told: the part of the national
                tonnage of a stage that known facilities explain, 0 to 1.

        Returns:
            What the data set holds, and how much of it the view keeps.

        Raises:
            UnknownNameError: the element is not known.

        >>> import monazite
        >>> found = monazite.load().info()
        >>> found.title.issued, found.inventory.sources > 1000
        ('2026-11-24', True)
        """
        from monazite.analysis.inventory import DatasetDescription, take_inventory
        from monazite.data.vocabulary import read_title, read_vocabulary
        from monazite.store.statistics import read_statistics

        schemes = {scheme.name: scheme for scheme in read_vocabulary(self.schema).schemes}
        inventory = take_inventory(
            read_statistics(self.store), self.schema, self._stage_shares(element)
        )
        found = DatasetDescription(
            title=read_title(self.schema),
            inventory=inventory,
            element=element,
            tiers={each.code: each.label for each in schemes["source-tier"].concepts},
        )
        return self._recorded(found)

    def catalogue(self, format: str) -> str:  # noqa: A002 - the word of the command
        """Describe the view for catalogues of data, with checksums by which copies are compared.

        Args:
            format: croissant (1.1), dcat (DCAT 3 as Turtle) or dcat-jsonld.

        Returns:
            The description: the files that ``export csv`` and ``export canonical`` write, each
            with its size and SHA-256, and what repeats the view. ``verify`` compares it.

        Raises:
            UnknownNameError: there is no such format.

        >>> import monazite
        >>> monazite.load().catalogue("dcat").count("spdx:checksumValue") > 60
        True
        """
        from monazite.export.catalogues import find_catalogue
        from monazite.export.published import publish

        write = find_catalogue(format)
        return write(publish(self))

    def _stage_shares(self, element: str) -> tuple[StageShares, ...]:
        """Who leads each stage; nothing where no row of the view splits any."""
        from monazite.analysis.concentration.shares import stage_shares

        try:
            return tuple(stage_shares(self.network(element)))
        except NotKnownError:
            return ()

    def alignments(self, term: str | None = None) -> Alignments:
        """List what corresponds to what elsewhere, and what must not be taken for each other.

        Args:
            term: a class, property, concept or entity, ours by name or theirs by
                ``prefix:name``; all if None.

        Returns:
            The alignments, which give themselves as SSSOM and as Turtle as well.

        Raises:
            UnknownNameError: no alignment speaks of the term.

        >>> import monazite
        >>> monazite.load().alignments("Nd").alignments[0].object_label
        'neodymium atom'
        """
        from monazite.data.alignments import (
            all_alignments,
            find_alignments,
            read_header,
            read_prefixes,
        )
        from monazite.store.alignments import Alignments

        prefixes = read_prefixes(self.ontology)
        found = all_alignments(self.ontology, self.schema, self.rows())
        if term is not None:
            check_text(term, "term")
            found = find_alignments(found, term, prefixes)
        header = tuple(read_header(self.ontology))
        return self._recorded(Alignments(tuple(found), prefixes, header, term))
