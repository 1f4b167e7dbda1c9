"""How far do losses and ranks reach when everything assumed or contradicted moves at once?"""
