"""Which rows and assumptions, if wrong, overturn the first chokepoint?"""
