"""Questions asked of any measure: ensemble, tipping, sensitivity, comparison, score."""
