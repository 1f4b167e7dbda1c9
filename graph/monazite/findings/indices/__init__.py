"""Which indices of concentration and supply risk do others quote, and what are they here?"""
