"""Which sets cut a market off, and what is each node to the routes of the network?"""
