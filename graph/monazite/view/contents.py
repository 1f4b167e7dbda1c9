"""What is in it? The inventory, alignments, and checks of tables."""

from __future__ import annotations

from monazite.view.filtered_rows import FilteredRows


class ContentQuestions(FilteredRows):
    """What is in it?"""
