"""Which acts bind whom, who owns what, and was that already so in May?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.core.errors import UnknownNameError
from monazite.data.parameters import ELEMENT, MARKET
from monazite.view.filtered_rows import FilteredRows

if TYPE_CHECKING:
    from monazite.analysis.changes import Changes
    from monazite.analysis.policies.policies import Policies
    from monazite.analysis.rules.rules import Rules
    from monazite.analysis.timeline.result import Timeline


class HistoryQuestions(FilteredRows):
    """Which acts bind whom, who owns what, and was that already so in May?"""

    def timeline(
        self,
        name: str | None = None,
        *,
        policy: str | None = None,
        stage: str | None = None,
        from_: str | None = None,
        until: str | None = None,
        all_: bool = False,
    ) -> Timeline:
        """Put what happened in order: events, policies, owners, links, prices, shares, statements.

        Options that Python reads as words of its own end with an underscore.

        Args:
            name: of a facility, organisation, element, country or material.
            policy: name of a policy, whose steps are listed.
            stage: with a name, only what concerns this stage; alone, all of the stage.
            from_: the first day that is shown; a year or a month begins on its first day.
            until: the last day that is shown; a year or a month ends on its last day.
            all_: also what changes no state, of a country or stage.

        Returns:
            The timeline; of a facility also its state, owners and operators on the view's day.

        Raises:
            UnknownNameError: nothing is named, or what is named is not known, or a date is none.
            NotKnownError: no dated row of the view speaks of it.

        >>> import monazite
        >>> found = monazite.load().timeline("Mountain Pass", until="1952")
        >>> [(each.date, each.event) for each in found if each.event]
        [('1949', 'Discovered'), ('1952', 'Opened')]
        """
        from monazite.analysis.timeline.timeline import timeline_of
        from monazite.store.names import find_entity

        check_timeline(name, policy, stage, from_, until)
        entity = None
        if policy:
            entity = find_entity(self.store, policy, "Policy", what="policy")
        elif name:
            entity = find_entity(self.store, name)
        found = timeline_of(self.store, self.schema, self.valid, entity, stage=stage, whole=all_)
        return self._recorded(found.between(from_, until))

    def timeline_svg(self, found: Timeline) -> str:
        """Draw a timeline on an even scale of years: an SVG document that records the view.

        Args:
            found: what ``timeline`` returned.

        Returns:
            The text of the SVG document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.timeline_svg(view.timeline("Bukit Merah"))[:4]
        '<svg'
        """
        from monazite.report.drawing.static_page import record_view
        from monazite.report.timeline_svg import timeline_svg

        return record_view(timeline_svg(found), self.line())

    def timeline_html(self, found: Timeline) -> str:
        """Return the page of a timeline, one HTML file: its picture and every line with sources.

        Args:
            found: what ``timeline`` returned.

        Returns:
            The text of the HTML document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.timeline_html(view.timeline("Bukit Merah"))[:15]
        '<!doctype html>'
        """
        from monazite.report.timeline_page import timeline_html

        return timeline_html(found, self.line())

    def diff(
        self, date1: str, date2: str | None = None, *, element: str = ELEMENT, market: str = MARKET
    ) -> Changes:
        """Say what changed between two days or two releases, of what is true or was known.

        Two days compare what is true on them, by the rows of this view. One day compares what
        was known by the day of this view (``load(known=...)``) with what was known by that day;
        the result records the later of the two views. Two folders compare two releases of the
        tables, asked of one day: every row that was added, changed or removed as well.

        Args:
            date1: the earlier day; the later one where it is the only one. Or the folder of the
                earlier release.
            date2: the later day; None compares what was known. Or the folder of the later release.
            element: whose shares are compared: symbol, name or group; what surely does not touch
                it is left out.
            market: country or union; what changes for it comes first in each group.

        Returns:
            Changes of shares, policies, facilities, holdings and supply links; of what was known
            also the sources and rows that came; of releases all rows that differ.

        Raises:
            UnknownNameError: a date is none or the days are in the wrong order, the element or
                the market is not known, or the view does not allow the comparison.

        >>> import monazite
        >>> found = monazite.load().diff("2014-12-31", "2016-06-30")
        >>> [each.kind for each in found if each.subject.startswith("Mountain Pass mine")]
        ['suspended']
        >>> monazite.load(known="2025-05-20").diff("2026-11-24").before
        'what was known by 2025-05-20'
        """
        from monazite.analysis.changes import ComparedView, find_changes
        from monazite.view.release_diff import are_folders, diff_releases

        if date2 is not None and are_folders(date1, date2):
            return diff_releases(self, date1, date2, element=element, market=market)
        check_comparison(date1, date2, known=self.filters.known, valid=self.filters.valid)
        if date2 is None:
            assert self.filters.known is not None, "checked above"
            early, late = days_in_order(self.filters.known, date1)
            later = self._known_by(late)
            before, after = (
                ComparedView(view.store, view.schema, view.valid, f"what was known by {day}")
                for view, day in ((self, early), (later, late))
            )
            return later._recorded(find_changes(before, after, element, market))
        before, after = (
            ComparedView(self.store, self.schema, day, day) for day in days_in_order(date1, date2)
        )
        return self._recorded(find_changes(before, after, element, market))

    def _known_by(self, day: str) -> FilteredRows:
        """Open the same view again, with what was known by another day."""
        from monazite import load

        asked = self.filters
        return load(
            valid=asked.valid,
            known=day,
            tier=asked.tier,
            without=asked.without,
            data=self.data,
            reason=self.reasoned,
            ontology=self.ontology,
            cache=self.cached,
        )

    def policies(
        self,
        element: str | None = None,
        *,
        to: str | None = None,
        by: str | None = None,
        since: str | None = None,
    ) -> Policies:
        """List acts on the view's day: in force or not and why, what they cover, at whom.

        Args:
            element: only those that cover this element or group, in whatever goods, or change
                one that does: symbol or name.
            to: only those aimed at this country or union, at a firm there, or at all.
            by: only those that this country or union issued.
            since: only those that have been so, or have a dated step, from this day to the view's
                day.

        Returns:
            The acts, those in force first; each with its reason and the sources that say so.

        Raises:
            UnknownNameError: a name is not known, or the date is none.

        >>> import monazite
        >>> found = monazite.load().policies("Dy", to="JPN", by="CHN", since="2026")
        >>> [(line.policy, line.status.text) for line in found if line.policy == "mofcom-2026-1"]
        [('mofcom-2026-1', 'in force: since 2026-01-06')]
        """
        from monazite.analysis.policies.policies import find_policies

        found = find_policies(
            self.store, self._tables, self.valid, element, to=to, by=by, since=since
        )
        return self._recorded(found)

    def rules(self, element: str | None = None, *, by: str | None = None) -> Rules:
        """List the conditions by which items come under acts, and whether they bind on that day.

        A view of a day holds only the clauses that can hold on it.

        Args:
            element: only clauses that weigh this element or weigh none: symbol or name.
            by: only clauses of acts that this country or union issued.

        Returns:
            The conditions by rule, act, layer and clause, on what starts hang, and the documents
            that licences ask for.

        Raises:
            UnknownNameError: a name is not known.

        >>> import monazite
        >>> found = monazite.load().rules("Dy", by="CHN")
        >>> [line.asks for line in found if line.condition.clause == "tested-low"]
        ['Dy + Tb at most 0.1 % of mass', 'NdFeB magnet', 'Dy + Tb content was tested']
        """
        from monazite.analysis.rules.rules import find_rules

        found = find_rules(
            *(self._store_of_all_days(), self._tables, self.valid, element),
            by=by,
            whole=self.filters.valid is None,
        )
        return self._recorded(found)


def check_timeline(
    name: str | None, policy: str | None, stage: str | None, from_: str | None, until: str | None
) -> None:
    """Refuse a timeline of nothing, of two things, or between what are no days."""
    from monazite.store.queries import day_of

    if name and policy:
        raise UnknownNameError("Name an entity or a policy, not both.")
    if not (name or policy or stage):
        raise UnknownNameError("Name an entity, a policy (--policy) or a stage (--stage).")
    for date in (from_, until):
        if date is not None:
            day_of(date)


def check_comparison(
    date1: str, date2: str | None, *, known: str | None, valid: str | None
) -> None:
    """Refuse a comparison that the days and filters do not allow."""
    if date2 is None and known is None:
        raise UnknownNameError("Name two days: monazite diff 2025-05-15 2026-01-15.")
    if date2 is not None and valid is not None:
        raise UnknownNameError("A comparison of two days takes no --valid: the days are its own.")
    days_in_order(*((known or "", date1) if date2 is None else (date1, date2)))


def days_in_order(date1: str, date2: str) -> tuple[str, str]:
    """Return two days in their order, each the last that its date can mean."""
    from monazite.store.queries import day_of

    first, last = day_of(date1), day_of(date2)
    if first > last:
        raise UnknownNameError(f"{date1} comes after {date2}; write the earlier day first.")
    return first, last
