"""What a column of a list of people can be."""

from typing import Final

from crm_desktop.access.rules import OWNER, ROLES
from crm_desktop.access.sentences import LABELS
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

_LABELS: Final = LABELS["user"]
_WRITE: Final = Permission.USER_WRITE
GIVEN: Final = tuple((role.key, role.label) for role in ROLES.values() if role.key != OWNER)
"""The roles a file may give: nobody becomes an owner by a line in a list."""

PERSON_IMPORT_FIELDS: Final = (
    Field(
        "name",
        None,
        _LABELS["name"],
        24,
        Use.IMPORT,
        headers=(
            *("姓名", "员工姓名", "員工姓名", "员工", "員工", "业务员", "業務員", "销售员", "銷售員", "人员"),
            *("Full name", "Employee", "Employee name", "Salesperson", "Sales rep", "Staff", "Person"),
        ),
        write=_WRITE,
    ),
    Field(
        "login",
        None,
        _LABELS["login"],
        14,
        Use.IMPORT,
        headers=("登录名", "登錄名", "登入名", "账号", "帳號", "用户名", "User name", "Username", "User", "Account"),
        write=_WRITE,
    ),
    Field(
        "role",
        None,
        N_("Role"),
        16,
        Use.IMPORT,
        Kind.CHOICE,
        choices=GIVEN,
        headers=("角色", "权限", "權限", "Access"),
        write=_WRITE,
    ),
    Field(
        "team",
        None,
        _LABELS["team_id"],
        16,
        Use.IMPORT,
        headers=("团队", "團隊", "销售团队", "銷售團隊", "小组", "小組", "Sales team"),
        write=_WRITE,
    ),
    Field(
        "active",
        None,
        _LABELS["active"],
        9,
        Use.IMPORT,
        Kind.BOOLEAN,
        headers=("在职", "在職", "有效", "启用", "啟用", "Employed", "Enabled"),
        write=_WRITE,
    ),
)
"""The columns of a list of people. Login, role and whether they are active count for new people only."""
