"""What is the chain of a base year, from the balance to the products a market takes?"""
