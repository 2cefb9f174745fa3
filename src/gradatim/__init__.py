"""Gradatim: step by step. Plans for people who take baclofen, in exact tablets, with every number's source."""

__version__ = "0.1.0"
