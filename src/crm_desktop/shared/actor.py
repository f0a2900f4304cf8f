"""Who acts: fixed at the birth of a unit of work."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from crm_desktop.shared.permissions import Domain, Permission, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """A logged-in person with everything their roles give, combined.

    `scopes` gives the row scope on each side of the wall; a side that is missing is `Scope.NONE`.
    `team_ids` are the ids of the users whose rows a team scope reaches, the actor's own included.
    """

    user_id: int | None
    login: str
    name: str
    permissions: frozenset[Permission] = frozenset()
    scopes: Mapping[Domain, Scope] = field(default_factory=dict)
    team_ids: frozenset[int] = frozenset()
    roles: tuple[str, ...] = ()

    def may(self, *permissions: Permission) -> bool:
        """Return whether every one of `permissions` is given."""
        return self.permissions.issuperset(permissions)

    def scope(self, domain: Domain) -> Scope:
        """Return the row scope on one side of the wall."""
        return self.scopes.get(domain, Scope.NONE)

    @property
    def scope_key(self) -> tuple[Hashable, ...]:
        """Return what decides which rows this actor sees."""
        return (self.user_id, self.permissions, self.team_ids, *(self.scope(domain) for domain in Domain))

    @property
    def reaches_everything(self) -> bool:
        """Return whether no row is hidden from this actor."""
        return all(self.scope(domain) is Scope.ALL for domain in Domain)


SYSTEM = Actor(
    user_id=None,
    login="system",
    name="CRM Desktop",
    permissions=frozenset(Permission),
    scopes=dict.fromkeys(Domain, Scope.ALL),
)
"""The program itself: first run, migrations, demo data and the checks that need system rights."""
