"""Settings survive a restart, typed, and hold nothing secret."""

import platformdirs

from crm_desktop.app.ui.places import name_of
from crm_desktop.ui.settings import (
    DECLARED,
    IDLE_LOCK_MINUTES,
    LANGUAGE,
    LAST_COMPANY,
    RAIL_FOLDED,
    RECENT_COMPANIES,
    WINDOW_GEOMETRY,
    RecentCompany,
    Settings,
    config_folder,
    data_folder,
)


def reopened(settings: Settings, path) -> Settings:
    settings.flush()
    return Settings(path)


def test_values_come_back_with_their_types(tmp_path):
    path = tmp_path / "settings.ini"
    settings = Settings(path)
    settings.set(LANGUAGE, "zh_Hans")
    settings.set(RAIL_FOLDED, True)
    settings.set(IDLE_LOCK_MINUTES, 5)
    settings.set(WINDOW_GEOMETRY, b"\x00\xffgeometry")
    settings.set_view_state("contacts", {"columns": ["name", "phone"], "widths": {"name": 240}})
    again = reopened(settings, path)
    assert again.get(LANGUAGE) == "zh_Hans"
    assert again.get(RAIL_FOLDED) is True
    assert again.get(IDLE_LOCK_MINUTES) == 5
    assert again.get(WINDOW_GEOMETRY) == b"\x00\xffgeometry"
    assert again.view_state("contacts") == {"columns": ["name", "phone"], "widths": {"name": 240}}


def test_a_new_computer_and_a_broken_file_give_defaults(tmp_path):
    path = tmp_path / "settings.ini"
    path.write_text('[window]\nrail_folded="{"\n[lock]\nidle_minutes="\\"soon\\""\n[company]\nrecent="[3]"\n')
    settings = Settings(path)
    for setting in DECLARED:
        assert settings.get(setting) == setting.default


def test_companies_opened_before_are_newest_first_without_passwords(tmp_path):
    path = tmp_path / "settings.ini"
    settings = Settings(path)
    settings.company_opened("/data/港林.crm", "港林贸易", "2026-11-21T08:00:00+00:00")
    settings.company_opened("postgresql://lin:secret@db:5432/crm", "Harbour", "2026-11-22T08:00:00+00:00")
    settings.company_opened("/data/港林.crm", "港林贸易", "2026-11-22T09:00:00+00:00")
    again = reopened(settings, path)
    assert again.get(RECENT_COMPANIES) == (
        RecentCompany("/data/港林.crm", "港林贸易", "2026-11-22T09:00:00+00:00"),
        RecentCompany("postgresql://lin@db:5432/crm", "Harbour", "2026-11-22T08:00:00+00:00"),
    )
    assert again.get(LAST_COMPANY) == "/data/港林.crm"
    assert "secret" not in path.read_text()
    again.forget_company("/data/港林.crm")
    assert [company.name for company in again.get(RECENT_COMPANIES)] == ["Harbour"]
    assert again.get(LAST_COMPANY) == ""


def test_the_login_is_remembered_per_company(tmp_path):
    path = tmp_path / "settings.ini"
    settings = Settings(path)
    settings.remember_login("/data/a.crm", "chen.jie")
    again = reopened(settings, path)
    assert again.remembered_login("/data/a.crm") == "chen.jie"
    assert again.remembered_login("/data/b.crm") == ""
    again.remember_login("/data/a.crm", "")
    assert again.remembered_login("/data/a.crm") == ""


def test_the_folders_are_those_platformdirs_names():
    assert config_folder() == platformdirs.user_config_path("crm-desktop", appauthor=False)
    assert data_folder() == platformdirs.user_data_path("crm-desktop", appauthor=False)


def test_any_text_comes_back_as_it_was(tmp_path):
    path = tmp_path / "settings.ini"
    for text in ("", 'say "hi"', "C:\\Users\\Lin", "港林", "a\nb", "1", '"', "\udcff", "null"):
        settings = Settings(path)
        settings.set(LAST_COMPANY, text)
        assert reopened(settings, path).get(LAST_COMPANY) == text


def test_the_login_window_knows_the_company_of_yesterday_by_name(tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    settings.company_opened("/data/a.crm", "港林 “A”", "2026-11-21T08:00:00+00:00")
    settings.company_opened("/data/b.crm", "B", "2026-11-22T08:00:00+00:00")
    assert [name_of(settings, address) for address in ("/data/a.crm", "/data/b.crm", "/data/c.crm")] == [
        "港林 “A”",
        "B",
        "c",
    ]
