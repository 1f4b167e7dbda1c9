"""Which rare earths does a bill of materials hold, in grams, and what of it is not known?"""
