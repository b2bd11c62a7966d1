"""One plan, rendered for those who use it: a curve, a calendar, a leaflet, a letter, a terminal.

Each gives back the same dose for every calendar day (tests/render/plan reads them back).
"""
