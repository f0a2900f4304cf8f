"""What a PostgreSQL server does for accounts: it keeps the passwords and enforces the roles itself."""

from collections.abc import Collection
from typing import Any, Protocol


class ServerAccounts(Protocol):
    """The login roles of a server. Every call happens inside the transaction of `work` (a `Work`).

    Services take one as `server`; None (a data file, or a server used without login roles) keeps
    the password hash in the company instead.
    """

    def create_login(self, work: Any, login: str, password: str) -> str:
        """Make a login role for a person and return its name (`User.database_role`)."""
        ...

    def set_roles(self, work: Any, database_role: str, user_id: int, roles: Collection[str]) -> None:
        """Give the login role exactly the group roles of `roles` (keys of `rules.ROLES`)."""
        ...

    def set_password(self, work: Any, database_role: str, password: str) -> None:
        """Set a new password; the server is sent a verifier, never the password itself."""
        ...

    def disable(self, work: Any, database_role: str) -> None:
        """Let nobody log in with the role any more and end its sessions."""
        ...

    def enable(self, work: Any, database_role: str) -> None:
        """Let the role log in again."""
        ...
