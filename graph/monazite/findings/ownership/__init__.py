"""Who owns a plant or firm, and who stands above it on a day?"""
