"""Pictures, sentences and tables made of results; nothing is computed here."""
