"""A taper as it is asked for at the doors: plain fields → a request to the planner → a plan or a refusal."""
