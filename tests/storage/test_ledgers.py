"""Renditions, uploads, spending and settings: remembered, and forgotten when told to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from tests.storage import samples
from tests.storage.samples import NOW, later
from vision_studio.core.conversation import Usage
from vision_studio.storage.preferences import Preferences
from vision_studio.storage.renditions import Renditions
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.uploads import Upload, Uploads
from vision_studio.storage.usage import UsageLedger

ORIGINAL = "a" * 64
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def uploads(database):
    return Uploads(database)


@pytest.fixture
def ledger(database):
    return UsageLedger(database)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples.renditions)
def test_a_rendition_is_found_by_its_original_and_recipe(database, rendition):
    renditions = Renditions(database)
    renditions.remember(ORIGINAL, "fit-1568", rendition)
    assert renditions.find(ORIGINAL, "fit-1568") == rendition
    assert renditions.find(ORIGINAL, "fit-2576") is None
    assert renditions.find("b" * 64, "fit-1568") is None


def test_a_damaged_rendition_is_made_again(database):
    renditions = Renditions(database)
    with database.writing() as transaction:
        transaction.execute(
            "INSERT INTO renditions VALUES (?, 'fit', 'd', 'image/png', 0, 10, 5)", (ORIGINAL,)
        )
    assert renditions.find(ORIGINAL, "fit") is None


def test_an_upload_is_found_where_it_was_made(uploads):
    uploads.remember(ORIGINAL, "practice", "wrkspc_1", "file_1", later(60), NOW)
    assert uploads.find(ORIGINAL, "practice", "wrkspc_1", NOW) == Upload("file_1", later(60))
    assert uploads.find(ORIGINAL, "practice", "wrkspc_2", NOW) is None
    assert uploads.find(ORIGINAL, "https://api.anthropic.com", "wrkspc_1", NOW) is None
    assert uploads.find("b" * 64, "practice", "wrkspc_1", NOW) is None


def test_an_upload_is_not_found_after_it_expired(uploads):
    uploads.remember(ORIGINAL, "practice", "", "file_1", later(60), NOW)
    assert uploads.find(ORIGINAL, "practice", "", later(59)) is not None
    assert uploads.find(ORIGINAL, "practice", "", later(60)) is None


def test_an_upload_without_an_end_is_always_found(uploads):
    uploads.remember(ORIGINAL, "practice", "", "file_1", None, NOW)
    assert uploads.find(ORIGINAL, "practice", "", later(1e9)) == Upload("file_1", None)


def test_a_later_upload_replaces_an_earlier_one(uploads):
    for file_id in ("file_1", "file_2"):
        uploads.remember(ORIGINAL, "practice", "", file_id, None, NOW)
    assert uploads.find(ORIGINAL, "practice", "", NOW) == Upload("file_2", None)


def test_a_forgotten_upload_is_not_found(uploads):
    uploads.remember(ORIGINAL, "practice", "", "file_1", None, NOW)
    uploads.remember("b" * 64, "practice", "", "file_2", None, NOW)
    uploads.forget("file_1", "practice", "")
    assert uploads.find(ORIGINAL, "practice", "", NOW) is None
    assert uploads.find("b" * 64, "practice", "", NOW) == Upload("file_2", None)


def test_the_workspace_of_a_server_is_remembered(uploads):
    assert uploads.workspace("https://api.anthropic.com") == ""
    for workspace in ("wrkspc_1", "wrkspc_2"):
        uploads.set_workspace("https://api.anthropic.com", workspace)
    assert uploads.workspace("https://api.anthropic.com") == "wrkspc_2"
    assert uploads.workspace("practice") == ""


def spend(ledger, usd, at, practice=False):
    cost = None if usd is None else Decimal(usd)
    ledger.record("session", "turn", "claude-test", Usage(1, 2, 3, 4, 5, 6), cost, at, practice=practice)


def test_a_month_is_summed_to_the_last_decimal(ledger):
    for usd in ("0.1", "0.2", "0.000001", None):
        spend(ledger, usd, NOW)
    assert ledger.month_total(NOW) == Decimal("0.300001")


def test_practice_is_not_money(ledger):
    spend(ledger, "5", NOW, practice=True)
    assert ledger.month_total(NOW) == 0


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        pytest.param(datetime(2026, 11, 30, 23, 59, 59, tzinfo=BERLIN), True, id="the last second"),
        pytest.param(datetime(2026, 12, 1, 0, 0, 0, tzinfo=BERLIN), False, id="the next month"),
        pytest.param(datetime(2026, 10, 31, 23, 0, 0, tzinfo=UTC), True, id="already November in Berlin"),
        pytest.param(datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), False, id="still October in Berlin"),
        pytest.param(datetime(2025, 11, 20, 12, 0, 0, tzinfo=BERLIN), False, id="a year ago"),
    ],
)
def test_the_month_is_the_one_on_the_users_wall(ledger, at, counts):
    spend(ledger, "1", at)
    assert ledger.month_total(datetime(2026, 11, 20, tzinfo=BERLIN)) == counts


def test_a_day_ends_at_midnight_on_the_users_wall(ledger):
    spend(ledger, "1", datetime(2026, 11, 19, 23, 0, tzinfo=UTC))  # 20 November in Berlin
    spend(ledger, "2", datetime(2026, 11, 20, 22, 59, tzinfo=UTC))
    spend(ledger, "4", datetime(2026, 11, 20, 23, 0, tzinfo=UTC))  # the 21st
    assert ledger.day_total(datetime(2026, 11, 20, 12, tzinfo=BERLIN)) == 3


def test_december_ends_with_the_year(ledger):
    eve = datetime(2026, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-8)))
    spend(ledger, "1", eve)
    spend(ledger, "2", eve + timedelta(minutes=1))
    assert ledger.month_total(eve) == 1


def test_daylight_saving_does_not_move_the_start_of_the_month(ledger):
    # Berlin left summer time on 25 October: the 1st began at 22:00 UTC, the 31st is an hour behind it.
    spend(ledger, "1", datetime(2026, 9, 30, 22, 30, tzinfo=UTC))
    spend(ledger, "2", datetime(2026, 9, 30, 21, 30, tzinfo=UTC))
    assert ledger.month_total(datetime(2026, 10, 31, 12, tzinfo=BERLIN)) == 1


def test_a_damaged_amount_does_not_hide_the_rest(database, ledger):
    spend(ledger, "1", NOW)
    spend(ledger, "2", NOW)
    with database.writing() as transaction:
        transaction.execute("UPDATE usage SET cost_usd = 'much' WHERE key = 1")
    assert ledger.month_total(NOW) == 2


def test_settings_are_kept_as_they_were_put(database):
    preferences = Preferences(database)
    assert preferences.get("theme", "system") == "system"
    preferences.set("theme", "light")
    preferences.set("theme", "dark")
    preferences.set("größe", "猫")
    assert preferences.get("theme") == "dark"
    assert preferences.all() == (("größe", "猫"), ("theme", "dark"))


def test_bills_are_told_with_their_session_their_estimate_and_their_local_day(database, ledger):
    sessions = Sessions(database)
    session = sessions.create("claude-test", NOW)
    asked = replace(samples.question("turn-1"), estimated_tokens=900)
    sessions.add_turn(session.id, asked, NOW)
    sessions.rename(session.id, "Roof")
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    usage = Usage(1000, 50, 1, 2, 3, 4)
    ledger.record(session.id, "turn-1", "claude-test", usage, Decimal("0.02"), late, practice=False)
    ledger.record("gone", "turn-9", "claude-test", usage, None, late + timedelta(days=1), practice=True)
    first, second = ledger.bills(NOW.astimezone(BERLIN))
    assert (first.day, first.time) == (date(2026, 11, 21), "2026-11-20T23:30:00+00:00")
    assert (first.session_title, first.estimated_tokens, first.cost_usd) == ("Roof", 900, Decimal("0.02"))
    assert first.usage == usage
    assert (second.session_title, second.estimated_tokens, second.cost_usd) == (None, None, None)
    assert second.practice
    assert ledger.bills(late + timedelta(hours=1)) == (replace(second, day=date(2026, 11, 21)),)
