"""Reading documents: finding lines, recognising symbols, fitting them to Doc 9303's forms, in a process of its own.

Nothing outside `process.py` and `availability.py` may be imported by the service itself: the rest loads models.
"""
