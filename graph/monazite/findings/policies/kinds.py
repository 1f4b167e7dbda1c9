"""What an act is: a rule on who may make, sell or buy what; or support, an agreement, a list.

References:
    The kinds, each with what it means, are the scheme ``policy-kind`` of the ontology.
"""

from __future__ import annotations

from monazite.findings.policies.acts import Act, Acts

EXPORTS = frozenset(
    {"export-licence", "export-quota", "export-ban", "export-tax", "informal-embargo"}
    | {"technology-export-ban"}
)
"""Kinds that limit what leaves a country."""
RULES = EXPORTS | {
    *("end-use-rule", "sanction", "tariff", "procurement-ban", "production-quota"),
    "environment-closure",
}
"""Kinds that limit who may make, sell or buy what."""


def is_rule(act: Act, acts: Acts) -> bool:
    """Tell whether an act limits who may make, sell or buy what.

    What only ends others of its own kind, such as the end of export duties, limits nobody.

    >>> from monazite.findings.policies.acts import read_acts
    >>> from monazite.triples.opening import open_store
    >>> acts = read_acts(open_store())
    >>> names = ("mofcom-gac-2025-18", "china-export-tax-end-2015", "busan-2025")
    >>> [is_rule(acts.acts[name], acts) for name in names]
    [True, False, False]
    """
    if act.kind not in RULES:
        return False
    ended = [acts.acts.get(link.policy) for link in acts.onto(act.id, "ended-by")]
    return not any(other is not None and other.kind == act.kind for other in ended)
