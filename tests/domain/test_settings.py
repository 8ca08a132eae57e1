"""The table of what an organization may change."""

import pytest

from domain.defaults import SETTINGS
from domain.errors import InvalidInput
from domain.settings import TABLE, checked, setting_named, suggestions


def test_the_table_has_a_row_for_every_default_and_none_that_nothing_reads() -> None:
    assert sorted(row.key for row in TABLE) == sorted(SETTINGS)


def test_defaults_are_within_their_bounds_and_in_order() -> None:
    assert checked(SETTINGS, dict(SETTINGS)) == SETTINGS


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.key)
def test_suggestions_are_round_values_around_the_present_one(row: object) -> None:
    setting = setting_named(getattr(row, "key", ""))
    for value in (setting.default, setting.lowest, setting.highest):
        offered = suggestions(setting, value)

        assert value in offered
        assert 3 <= len(offered) <= 9
        assert all(setting.lowest <= one <= setting.highest for one in offered)
        assert list(offered) == sorted(offered)


@pytest.mark.parametrize(
    ("changes", "problem", "field"),
    [
        ({"outage_alert_s": 1.0}, "setting_bounds", "outage_alert_s"),
        ({"outage_alert_s": float("inf")}, "setting_bounds", "outage_alert_s"),
        ({"flap_changes": 2.5}, "setting_bounds", "flap_changes"),
        ({"outage_alert_s": 5 * 3600.0}, "setting_order", "outage_proposal_s"),
        ({"beat_s": 75.0}, "setting_order", "missed_after_s"),
        ({"beats": 1.0}, "unknown_setting", "beats"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(changes: dict[str, float], problem: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(SETTINGS, changes)

    assert (refused.value.details["problem"], refused.value.details["field"]) == (problem, field)


def test_two_values_may_move_together_and_none_goes_back() -> None:
    moved = checked(SETTINGS, {"outage_alert_s": 5 * 3600.0, "outage_proposal_s": 6 * 3600.0})

    assert checked(moved, {"outage_alert_s": None})["outage_alert_s"] == SETTINGS["outage_alert_s"]
