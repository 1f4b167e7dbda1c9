"""Which export controls hold on a day, and what do they cover?"""
