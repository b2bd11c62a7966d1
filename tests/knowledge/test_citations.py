from pathlib import Path

import pytest

from knowledge.citations import User, unknown_claims, users_of_claims


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    rule = tmp_path / "rules" / "tea-limit"
    rule.mkdir(parents=True)
    (rule / "rule.toml").write_text(
        '# TEA-009 once\nid = "tea-limit"\nclaims = ["TEA-001"]\n\n[[speak]]\nsay = "TEA-008"\nclaims = ["TEA-002"]\n'
    )
    (rule / "cases.toml").write_text('[[case]]\nwhy = "TEA-001"\n')
    (rule / "texts.toml").write_text('nl = "Thee. [TEA-003]"\n')
    (tmp_path / "plan.py").write_text('"""TEA-002, ISO-639."""\n')
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "claims.toml").write_text('id = "TEA-004"\n')
    (tmp_path / "coverage.toml").write_text("[claims.TEA-005]\n")
    return tmp_path


def test_rules_cases_texts_and_code_that_name_a_claim_are_found(knowledge: Path) -> None:
    rule = User("rule", "tea-limit", "rules/tea-limit/rule.toml")

    assert users_of_claims(knowledge) == {
        "ISO-639": (User("code", "plan.py", "plan.py"),),
        "TEA-001": (User("case", "tea-limit", "rules/tea-limit/cases.toml"), rule),
        "TEA-002": (User("code", "plan.py", "plan.py"), rule),
        "TEA-003": (User("text", "tea-limit", "rules/tea-limit/texts.toml"),),
    }


def test_a_claim_that_is_named_but_does_not_exist_is_told(knowledge: Path) -> None:
    assert unknown_claims(users_of_claims(knowledge), ["TEA-001", "TEA-002"]) == (
        "rules/tea-limit/texts.toml: names TEA-003, which no document claims. Correct the id.",
    )


def test_a_rule_that_is_not_toml_is_named(knowledge: Path) -> None:
    (knowledge / "rules" / "tea-limit" / "rule.toml").write_text("claims = [")

    with pytest.raises(ValueError, match=r"rules/tea-limit/rule\.toml: not TOML"):
        users_of_claims(knowledge)
