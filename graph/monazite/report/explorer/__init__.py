"""All elements, markets and tiers on one page: chain, map, events, cards, rules, and a search."""
