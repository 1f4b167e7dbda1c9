"""What does a market lose when something fails, and which failures cost it most?"""
