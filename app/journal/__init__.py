"""What was asked and answered, kept before the answer leaves (DESIGN §1, invariant 6): pseudonyms, outcomes, versions."""
