"""The rule of the verdict, written out for every set of relations that speak to a claim."""

from __future__ import annotations

from monazite.findings.claims.verdicts import CONTRADICTED, PARTLY, SUPPORTED, UNDECIDED

RULED = {
    frozenset(): UNDECIDED,
    frozenset({"bears-on"}): UNDECIDED,
    frozenset({"supports"}): SUPPORTED,
    frozenset({"contradicts"}): CONTRADICTED,
    frozenset({"partly-contradicts"}): PARTLY,
    frozenset({"supports", "contradicts"}): PARTLY,
    frozenset({"supports", "partly-contradicts"}): PARTLY,
    frozenset({"contradicts", "partly-contradicts"}): PARTLY,
    frozenset({"supports", "contradicts", "partly-contradicts"}): PARTLY,
}
