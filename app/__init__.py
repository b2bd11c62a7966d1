"""The service: wiring and translation at both ends. No clinical judgement lives here."""
