"""The view: filtered rows, and everything that can be asked of them."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.view.balances import BalanceQuestions
from monazite.view.certainty import CertaintyQuestions
from monazite.view.history import HistoryQuestions
from monazite.view.questions import OwnQuestions
from monazite.view.statements import StatementQuestions


@dataclass(frozen=True)
class View(
    CertaintyQuestions, BalanceQuestions, StatementQuestions, HistoryQuestions, OwnQuestions
):
    """Rows that hold on a day, were known by a day, from some sources: everything is asked of it.

    People who know rdflib take ``dataset``; people who know networkx take ``network()``.

    Attributes:
        store: the rows as RDF quads, those that the filters keep.
        ontology: the folder with vocabulary, shapes, tables and questions.
        valid: the day asked about, an ISO date.
        filters: what was asked for, as it was asked.
        data: the reader's own tables, None without.
        reasoned: whether the store holds what the rules infer as well.
        cached: whether stores are kept in the user's cache folder.
    """
