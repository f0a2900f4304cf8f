import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm_desktop.access import login, passwords, people, rules
from crm_desktop.access.model import Company, User
from crm_desktop.db.epoch import DataMoved
from crm_desktop.db.journal import JournalEntry
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from crm_desktop.shared.permissions import Domain, Scope
from tests.access.conftest import OWNER_PASSWORD, REP_PASSWORD, journal_actions


def stored(database, user_id):
    with database.read(SYSTEM) as work:
        return work.get(User, user_id)


def test_the_owner_comes_in_with_every_right(database, founded):
    actor = login.log_in(database, "CHEN.jie ", OWNER_PASSWORD)
    assert actor.user_id == founded.owner_id
    assert actor.reaches_everything
    assert actor.roles == ("owner",)
    with database.read(SYSTEM) as work:
        assert ("login", "login") in journal_actions(work)
    assert stored(database, founded.owner_id).last_login_at == database.clock.now()


def test_wrong_password_and_unknown_user_read_alike_for_ever(database, clock):
    def outcomes(name):
        said = []
        for _ in range(16):
            with pytest.raises((login.WrongLogin, login.TooManyAttempts)) as refused:
                login.log_in(database, name, "not this one")
            said.append(str(refused.value))
            clock.instant += timedelta(seconds=7)
        return said

    known = outcomes("chen.jie")
    assert outcomes("nobody.here") == known
    assert any("Too many" in text for text in known)


def test_five_attempts_are_free_then_the_waiting_begins_and_survives_a_restart(database, open_file, clock):
    for _ in range(rules.FREE_ATTEMPTS):
        with pytest.raises(login.WrongLogin):
            login.log_in(database, "chen.jie", "guess guess")
    database.close()
    again = open_file()
    with pytest.raises(login.TooManyAttempts) as waiting:
        login.log_in(again, "chen.jie", OWNER_PASSWORD)
    assert waiting.value.seconds == 1
    clock.instant += timedelta(seconds=1)
    assert login.log_in(again, "chen.jie", OWNER_PASSWORD).login == "chen.jie"
    assert stored(again, 1).failed_attempts == 0


def test_a_killed_program_gains_no_attempt(database, monkeypatch, founded):
    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(passwords, "verify", die)
    with pytest.raises(KeyboardInterrupt):
        login.log_in(database, "chen.jie", "guess")
    assert stored(database, founded.owner_id).failed_attempts == 1


def test_attempts_do_not_disturb_who_edits_the_user(database, founded):
    before = stored(database, founded.owner_id).version
    with pytest.raises(login.WrongLogin):
        login.log_in(database, "chen.jie", "guess guess")
    login.log_in(database, "chen.jie", OWNER_PASSWORD)
    assert stored(database, founded.owner_id).version == before


def test_what_was_typed_as_an_unknown_login_is_not_kept(database):
    with pytest.raises(login.WrongLogin):
        login.log_in(database, OWNER_PASSWORD, "oops")
    with database.read(SYSTEM) as work:
        kept = [f"{entry.before} {entry.after}" for entry in work.session.scalars(select(JournalEntry))]
    assert not any(OWNER_PASSWORD in text for text in kept)


def test_failures_are_in_the_journal(database):
    for _ in range(5):
        with pytest.raises(login.WrongLogin):
            login.log_in(database, "chen.jie", "guess guess")
    with database.read(SYSTEM) as work:
        actions = [action for entity, action in journal_actions(work) if entity == "login"]
    assert actions == ["login_failed"] * 4 + ["login_delayed"]


def test_the_deactivated_are_refused_but_only_the_right_password_hears_why(database, owner, make_person):
    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        people.deactivate(work, person.id, person.version, to_pool=True)
    with pytest.raises(login.WrongLogin):
        login.log_in(database, "wu", "guess guess")
    with pytest.raises(login.Deactivated):
        login.log_in(database, "wu", REP_PASSWORD)


def test_unknown_users_take_as_long_as_known_ones(database, founded, monkeypatch, clock):
    monkeypatch.setattr(passwords, "COST", passwords.Cost())
    with database.begin(SYSTEM) as work:
        work.get(User, founded.owner_id).password = passwords.hash_password(OWNER_PASSWORD)

    def seconds(name):
        clock.instant += timedelta(minutes=2)
        begun = time.process_time()
        with pytest.raises(login.WrongLogin):
            login.log_in(database, name, "guess guess")
        return time.process_time() - begun

    pairs = [(seconds("chen.jie"), seconds("nobody.here")) for _ in range(7)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert abs(known - unknown) / known < 0.2


def test_a_hash_grows_at_the_next_login(database, founded, monkeypatch):
    before = stored(database, founded.owner_id).password
    monkeypatch.setattr(passwords, "COST", passwords.Cost(memory_kib=256, passes=1))
    login.log_in(database, "chen.jie", OWNER_PASSWORD)
    after = stored(database, founded.owner_id).password
    assert "m=64," in before
    assert "m=256," in after
    login.log_in(database, "chen.jie", OWNER_PASSWORD)


def test_a_read_only_company_can_be_entered(database):
    database.read_only = True
    assert login.log_in(database, "chen.jie", OWNER_PASSWORD).login == "chen.jie"
    with pytest.raises(login.WrongLogin):
        login.log_in(database, "chen.jie", "guess guess")


def test_the_recovery_code_works_once_and_gives_the_next(database, founded):
    typed = founded.recovery_code.lower().replace("-", " ")
    following = login.recover(database, "chen.jie", typed, "another harbour 9")
    assert login.log_in(database, "chen.jie", "another harbour 9")
    with pytest.raises(login.WrongRecoveryCode):
        login.recover(database, "chen.jie", founded.recovery_code, "a third harbour 9")
    login.recover(database, "chen.jie", following, "a third harbour 9")
    with pytest.raises(login.WrongLogin):
        login.log_in(database, "chen.jie", "another harbour 9")


def test_recovery_codes_cannot_be_guessed_for_ever(database, make_person):
    make_person("Wu Lan")
    for name in ("chen.jie", "wu", "nobody"):
        for _ in range(5):
            with pytest.raises(login.WrongRecoveryCode):
                login.recover(database, name, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "quiet harbour 9")
        with pytest.raises(login.TooManyAttempts):
            login.recover(database, name, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "quiet harbour 9")


def test_ones_own_password_needs_the_old_one(database, owner):
    with database.begin(owner) as work, pytest.raises(Invalid) as refused:
        login.change_password(work, "guess guess", "new harbour 91")
    assert refused.value.field == "old"
    with database.begin(owner) as work, pytest.raises(Invalid) as refused:
        login.change_password(work, OWNER_PASSWORD, "short")
    assert refused.value.field == "password"
    with database.begin(owner) as work:
        login.change_password(work, OWNER_PASSWORD, "new harbour 91")
    assert login.log_in(database, "chen.jie", "new harbour 91")
    with database.begin(SYSTEM) as work, pytest.raises(NotAllowed):
        login.change_password(work, "a", "quiet river 88")


def test_a_reset_password_must_be_changed(database, owner, make_person, actor_of):
    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        people.reset_password(work, person.id, "given by boss 1")
    actor = login.log_in(database, "wu", "given by boss 1")
    with database.begin(actor) as work:
        assert login.must_change_password(work)
        login.change_password(work, "given by boss 1", "my own words 22")
        assert not login.must_change_password(work)


def test_rights_are_read_again(database, owner, make_person, actor_of):
    person = make_person("Wu Lan", "sales_manager", "purchaser")
    assert actor_of(person.id).scope(Domain.PURCHASING) is Scope.ALL
    with database.begin(owner) as work:
        person = people.update_user(work, person.id, person.version, {"roles": ["sales_rep"]})
    assert actor_of(person.id).scope(Domain.PURCHASING) is Scope.NONE
    with database.begin(owner) as work:
        people.deactivate(work, person.id, person.version, to_pool=True)
    with pytest.raises(NotFound):
        actor_of(person.id)


def test_the_lock_screen_takes_only_ones_own_password(database, owner):
    assert login.confirm_password(database, owner, OWNER_PASSWORD) == owner
    with pytest.raises(login.WrongLogin):
        login.confirm_password(database, owner, "guess guess")


def test_the_stored_password_is_no_password(database):
    with database.read(SYSTEM) as work:
        for hashed, recovery in work.session.execute(select(User.password, User.recovery)):
            assert hashed.startswith("$argon2id$")
            assert recovery.startswith("$argon2id$")


def test_a_place_the_company_moved_from_is_left_as_it_is_by_whoever_logs_in(database, founded):
    with database.begin(SYSTEM) as work:
        work.session.execute(update(Company).values(moved_to="/there/firm.crm"))
    with database.read(SYSTEM) as work:
        before = list(journal_actions(work))
    with pytest.raises(login.WrongLogin):
        login.log_in(database, "chen.jie", "guess guess")
    with pytest.raises(login.WrongLogin):
        login.log_in(database, "nobody.here", "guess guess")
    with pytest.raises(DataMoved, match=r"/there/firm\.crm"):
        login.recover(database, "chen.jie", founded.recovery_code, "another password 9")
    assert login.log_in(database, "chen.jie", OWNER_PASSWORD).login == "chen.jie"
    user = stored(database, founded.owner_id)
    assert (user.failed_attempts, user.last_login_at) == (0, None)
    with database.read(SYSTEM) as work:
        assert list(journal_actions(work)) == before
