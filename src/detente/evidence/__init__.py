"""Documents into attributed statements, each with the exact characters it rests on and the model or rule that found it.

Nothing here decides: an analyst accepts, edits or rejects what is found.
"""
