"""The truth about doses, plans and days. Standard library only; no clock, no I/O, no words for people to read."""
