"""The medicine: a clinician's half (data) and a programmer's half (small pure modules)."""
