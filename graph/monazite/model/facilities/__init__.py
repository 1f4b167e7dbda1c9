"""In which state was a plant on a day, and where does it stand?"""
