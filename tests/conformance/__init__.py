"""What a body on the wire must be: the rooms behind `tests.checklist`."""
