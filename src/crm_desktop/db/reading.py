"""Reading a company cheaply: one connection stays open between reads, a session is made only when asked for.

A page of a list costs the database a third of a millisecond. A new session on a connection from the pool
costs half of that again, and on a server three more questions over the network: a ping, BEGIN and ROLLBACK.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Parameters: TypeAlias = Mapping[str, Any] | Sequence[Any]

_KEPT: Final = 1
"""Connections kept open between reads; lists are read on one lane."""


class Reading:
    """One reading transaction on a connection that outlives it.

    On a file it is one snapshot from the first row to the last. On a server every statement sees what
    was committed before it (READ COMMITTED), so plain rows are read without a transaction around them.
    """

    def __init__(self, connection: Connection, disposed: int) -> None:
        self.dialect = connection.dialect
        self.connection = connection
        self.disposed = disposed
        """How often the engine had been disposed of when this began."""
        self._session: Session | None = None
        self._is_server = connection.dialect.name == "postgresql"
        self._has_read = False

    @property
    def info(self) -> dict[Any, Any]:
        """Return what is remembered as long as this connection to the database lives."""
        return self.connection.info

    def session(self) -> Session:
        """Return the session of this transaction, made when it is first asked for."""
        if self._session is None:
            if not self._has_read:
                self._ping()
            self._has_read = True
            self._session = Session(self.connection)
        return self._session

    def rows(self, sql: str, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Return the rows of a compiled statement as the driver gives them. Raises DBAPIError.

        A connection that was lost since the last transaction is made again, unseen.
        """
        if self._session is not None:
            self._session.connection()
        try:
            found = self._fetch(sql, parameters)
        except DBAPIError as error:
            if self._has_read or not error.connection_invalidated:
                raise
            found = self._fetch(sql, parameters)
        self._has_read = True
        return found

    def end(self) -> None:
        """End the transaction; the connection is as good as new."""
        if self._session is not None:
            self._session.close()
        elif not self._is_server and not self.connection.invalidated:
            self._driver().rollback()

    def _fetch(self, sql: str, parameters: Parameters) -> list[tuple[Any, ...]]:
        driver = self._driver()
        try:
            if self._is_server and self._session is None:
                return _fetch_alone(driver, sql, parameters)
            if not self._is_server and not driver.in_transaction:
                driver.execute("BEGIN")
            return driver.execute(sql, parameters).fetchall()  # type: ignore[no-any-return]
        except self.dialect.loaded_dbapi.Error as error:
            raise self._wrapped(error, sql, parameters) from error

    def _driver(self) -> Any:
        return self.connection.connection.driver_connection

    def _ping(self) -> None:
        """Let a connection that was lost meanwhile be made again."""
        if not self._is_server:
            return
        try:
            self.dialect.do_ping(self._driver())
        except self.dialect.loaded_dbapi.Error as error:
            self.connection.invalidate(error)

    def _wrapped(self, error: Any, sql: str, parameters: Parameters) -> BaseException:
        """Return the driver's error as SQLAlchemy raises it, having let go of a connection that is lost."""
        assert self.dialect.dbapi is not None
        lost = self.dialect.is_disconnect(error, self._driver(), None)
        if lost:
            self.connection.invalidate(error)
        wrapped: BaseException = DBAPIError.instance(
            sql,
            parameters,
            error,
            self.dialect.dbapi.Error,
            connection_invalidated=lost,
            dialect=self.dialect,
        )
        return wrapped


def _fetch_alone(driver: Any, sql: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    """Run one statement without a transaction; the connection never leaves here in that state."""
    driver.autocommit = True
    try:
        return driver.execute(sql, parameters).fetchall()  # type: ignore[no-any-return]
    finally:
        if not driver.closed:
            driver.autocommit = False


class ReadingConnections:
    """Hands out connections for reading and keeps one of them open for the next read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: list[Connection] = []
        self._disposed = 0
        event.listen(engine, "engine_disposed", self._let_go)

    def take(self) -> Reading:
        """Return a reading transaction, to be given back. Raises DBAPIError when there is no connection."""
        try:
            connection = self._kept.pop()
        except IndexError:
            connection = self._engine.connect()
        return Reading(connection, self._disposed)

    def give_back(self, reading: Reading, *, keep: bool) -> None:
        """End the transaction; its connection is kept for the next read if `keep` and there is none yet."""
        connection = reading.connection
        try:
            reading.end()
        except BaseException:
            keep = False
            raise
        finally:
            if reading.disposed != self._disposed:
                connection.invalidate()
                keep = False
            if keep and len(self._kept) < _KEPT:
                self._kept.append(connection)
            else:
                connection.close()

    def _let_go(self, _: Engine) -> None:
        """Close the kept connection together with those of the pool, so that nothing holds the file."""
        self._disposed += 1
        while self._kept:
            connection = self._kept.pop()
            connection.invalidate()
            connection.close()
