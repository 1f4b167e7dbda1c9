"""Who leads each stage by the reconciled year, and which other figures do rows print?"""
