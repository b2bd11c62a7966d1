"""The taper planner: dated steps in doses that the available products really make, or a refusal that says why."""

from knowledge.taper.patient import Answer, Circumstances, Fact
from knowledge.taper.plan import Caution, Feasibility, Flag, Kind, Plan, Step, Switch
from knowledge.taper.planner import make_plan
from knowledge.taper.products import Form, Product, Units, exact_mg
from knowledge.taper.refusal import Alternative, Because, Refusal
from knowledge.taper.request import Conversion, Equivalence, Hold, Intake, PlanRequest, When
from knowledge.taper.schemes import SCHEMES, Scheme

__all__ = [
    "SCHEMES",
    "Alternative",
    "Answer",
    "Because",
    "Caution",
    "Circumstances",
    "Conversion",
    "Equivalence",
    "Fact",
    "Feasibility",
    "Flag",
    "Form",
    "Hold",
    "Intake",
    "Kind",
    "Plan",
    "PlanRequest",
    "Product",
    "Refusal",
    "Scheme",
    "Step",
    "Switch",
    "Units",
    "When",
    "exact_mg",
    "make_plan",
]
