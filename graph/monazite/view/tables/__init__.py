"""Whose tables are asked: the shipped ones, those of a release, or also your own?"""
