"""What should a reader know first of a plant, firm, act, country or element?"""
