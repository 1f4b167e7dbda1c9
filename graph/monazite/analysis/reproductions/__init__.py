"""Which printed numbers come out again from the rows, and why do others not?"""
