"""What to ask about a bill of materials, of whom, and what do the answers make of it?"""
