"""Dosage texts ("sigs"): words → tokens → amounts and rhythms → parts. `app.intake.dose_text` is the door."""
