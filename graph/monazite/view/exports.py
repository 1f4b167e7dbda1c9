"""May I take it with me? Exports."""

from __future__ import annotations

from monazite.view.filtered_rows import FilteredRows


class ExportQuestions(FilteredRows):
    """May I take it with me?"""
