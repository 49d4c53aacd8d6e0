from hoeder.inventory.quality import Quality, measure

EMAIL, NAME, PHONE = "user.contact.email", "user.name", "user.contact.phone_number"


def by_category(*rows: tuple[str | None, str | None, str | None, str | None]) -> dict[str, Quality]:
    return {quality.category: quality for quality in measure(rows)}


def test_a_declaration_is_a_label_and_a_decision_outweighs_it() -> None:
    found = by_category(
        (EMAIL, EMAIL, None, None),
        (EMAIL, None, None, None),  # missed
        ("system.operations", EMAIL, None, None),  # wrong
        ("system.operations", EMAIL, "fix", EMAIL),  # somebody looked: the detector was right
        (None, EMAIL, "false-alarm", EMAIL),
        (None, PHONE, None, None),  # nobody said anything
    )
    assert found[EMAIL] == Quality(EMAIL, right=2, wrong=2, missed=1, decided=2)
    assert found[EMAIL].precision == 0.5
    assert found[EMAIL].recall == 2 / 3
    assert PHONE not in found


def test_another_category_is_wrong_for_one_and_missed_for_the_other() -> None:
    found = by_category((NAME, EMAIL, None, None))
    assert (found[NAME].missed, found[EMAIL].wrong) == (1, 1)
    assert found["all"] == Quality("all", right=0, wrong=1, missed=1, decided=0)


def test_a_finer_category_is_the_same_one_and_what_is_not_personal_does_not_count() -> None:
    found = by_category(
        ("user.contact.address.street", "user.contact.address.street", None, None),
        ("user.government_id.passport", "user.government_id.passport", None, None),
        ("system.operations", None, None, None),
    )  # fmt: skip
    assert found["all"].right == 2
    assert "system" not in found


def test_unknown_columns_that_somebody_looked_at_count() -> None:
    found = by_category((None, None, "fix", None), (None, None, "accept", None))
    assert found["user"].missed == 1
    assert found["all"].recall == 0


def test_nothing_confirmed_is_no_quality_at_all() -> None:
    assert measure([(None, EMAIL, None, None)]) == []
