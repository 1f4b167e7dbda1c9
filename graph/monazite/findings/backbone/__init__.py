"""Which countries carry a chain to its market, at which stage, and what flows between them?"""
