"""What do acts ask to be recorded of a product with rare earths, as far as it is known?"""
