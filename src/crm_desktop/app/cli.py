"""The command line: the same services under the same actor, for schedulers, IT people and scripts."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from crm_desktop import __version__
from crm_desktop.app import backup_command, commands, import_command
from crm_desktop.app.credentials import WrongUsage
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import LANGUAGES, _, system_language, use_language
from crm_desktop.shared.importing import OnMatch

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; a refusal is one sentence on standard error."""
    use_language(system_language())
    options = parser().parse_args(arguments)
    try:
        answer = options.command(options)
    except WrongUsage as error:
        print(f"crm-desktop: {error}", file=sys.stderr)
        return WRONG_USAGE
    except UserError as error:
        print(f"crm-desktop: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        told = _("Stopped. What was not finished was taken back.")
        print(f"crm-desktop: {told}", file=sys.stderr)
        return REFUSED
    _show(answer, as_json=options.json)
    return DONE


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command; options come after the subcommand."""
    root = argparse.ArgumentParser(prog="crm-desktop", description=_("Without a command, the window opens."))
    root.add_argument("--version", action="version", version=f"CRM Desktop {__version__}")
    root.add_argument("--self-test", action="store_true", help=_("open every screen, then leave"))
    verbs = root.add_subparsers(metavar="COMMAND", required=True)
    _add_founding(verbs)
    _add_people(verbs)
    _add_imports(verbs)
    _add_backups(verbs)
    export = _command(verbs, "export", commands.export, _("write a list to a file"))
    export.add_argument("what", choices=commands.EXPORTS)
    export.add_argument("--to", type=Path, required=True, metavar="FILE", help=_(".xlsx, .csv or .vcf"))
    export.add_argument("--filter", default="", metavar="TEXT", help=_("only what the quick filter finds"))
    report = _command(
        verbs, "report", commands.report, _("write a report to a file; “list” names them, “pack” is a month of them")
    )
    report.add_argument("name", choices=commands.REPORT_NAMES)
    report.add_argument("--to", type=Path, metavar="FILE", help=_(".xlsx, .csv or .pdf"))
    report.add_argument("--by", default="", metavar="WHAT", help=_("such as customer, product, salesperson, month"))
    report.add_argument("--form", default="", metavar="WHAT", help=_("such as due, invoice; activity, open"))
    report.add_argument("--customer", default="", metavar="NAME", help=_("only this customer"))
    report.add_argument("--currency", default="", metavar="CODE", help=_("only this currency"))
    named = [name for name in commands.REPORT_NAMES if name not in (commands.REPORT_LIST, commands.PACK)]
    told = _("only this one in the pack of the month of --as-of")
    report.add_argument("--only", action="append", choices=named, metavar="NAME", help=told)
    for option, name in (("--from", "first"), ("--until", "last"), ("--as-of", "as_of")):
        report.add_argument(option, dest=name, type=date.fromisoformat, metavar="YYYY-MM-DD")
    explained = _("bring a company up to date; on a server with the administrator's address")
    _command(verbs, "upgrade", commands.upgrade, explained, logs_in=False)
    explained = _("check a company's data and how old its last backup is; on a server as an owner")
    _command(verbs, "check", commands.check, explained)
    return root


def _add_founding(verbs: Any) -> None:
    init = _command(verbs, "init", commands.init, _("make a new company"), logs_in=False)
    init.add_argument("--company", required=True, metavar="NAME")
    init.add_argument("--owner", required=True, metavar="LOGIN")
    init.add_argument("--owner-name", default="", metavar="NAME")
    init.add_argument("--currency", default="CNY", metavar="CODE")
    init.add_argument("--language", default="en", choices=LANGUAGES)
    init.add_argument("--timezone", default="Asia/Shanghai", metavar="ZONE")
    init.add_argument("--country", default="", metavar="CODE", help=_("two letters, such as CN"))
    _new_password(init)
    demo = _command(verbs, "demo", commands.demo, _("make the demo company"), logs_in=False)
    demo.add_argument("--contacts", type=_counted, default=1200, metavar="N")
    demo.add_argument("--language", default="en", choices=LANGUAGES)
    demo.add_argument("--seed", type=int, default=2026, metavar="N")


def _add_people(verbs: Any) -> None:
    user = verbs.add_parser("user", help=_("people who can log in")).add_subparsers(metavar="ACTION", required=True)
    add = _command(user, "add", commands.user_add, _("add a person"))
    add.add_argument("login")
    add.add_argument("--name", required=True)
    add.add_argument("--role", action="append", required=True, choices=commands.ROLE_KEYS)
    add.add_argument("--team", default="")
    _new_password(add)
    _command(user, "list", commands.user_list, _("list the people"))
    deactivate = _command(
        user, "deactivate", commands.user_deactivate, _("close an account and hand over its contacts")
    )
    deactivate.add_argument("login")
    heir = deactivate.add_mutually_exclusive_group(required=True)
    heir.add_argument("--successor", default="", metavar="LOGIN")
    heir.add_argument("--to-pool", action="store_true")
    password = _command(user, "password", commands.user_password, _("give somebody a new password"))
    password.add_argument("login")
    _new_password(password)
    team = verbs.add_parser("team", help=_("teams")).add_subparsers(metavar="ACTION", required=True)
    new_team = _command(team, "add", commands.team_add, _("add a team"))
    new_team.add_argument("name")
    new_team.add_argument("--parent", default="", metavar="NAME")
    new_team.add_argument("--manager", default="", metavar="LOGIN")
    _command(team, "list", commands.team_list, _("list the teams"))


def _add_imports(verbs: Any) -> None:
    made = _command(verbs, "import", import_command.import_file, _("bring a list in from a file"))
    made.add_argument("what", choices=import_command.IMPORTS)
    made.add_argument("file", type=Path, metavar="FILE", help=_(".xlsx, .xls, .ods, .csv or .vcf"))
    made.add_argument("--sheet", default="", metavar="NAME")
    made.add_argument("--encoding", default="", metavar="NAME", help=_("of a text file, when it cannot be told"))
    made.add_argument("--delimiter", default="", metavar="CHARACTER", help=_("of a text file, when it cannot be told"))
    made.add_argument("--map", type=Path, metavar="FILE.json", help=_("which field each column is"))
    told = _("such as due_on=dmy, amount=comma, discount_percent=fraction")
    made.add_argument("--read", action="append", default=[], metavar="FIELD=HOW", help=told)
    made.add_argument("--key", default="", metavar="FIELD", help=_("the field by which rows meet their record"))
    made.add_argument("--on-match", default=OnMatch.UPDATE, choices=[str(one) for one in OnMatch])
    made.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help=_("such as side=supplier"))
    made.add_argument("--create-missing", action="store_true", help=_("make the customers and products it names"))
    made.add_argument("--dry-run", action="store_true", help=_("say what would happen and write nothing"))
    made.add_argument("--good-rows-only", action="store_true", help=_("leave out rows that cannot be imported"))
    made.add_argument("--no-backup", action="store_true", help=_("import even if no backup can be made before"))
    made.add_argument("--errors", type=Path, metavar="OUT.xlsx", help=_("the sheet again, with what is wrong"))
    undo = _command(verbs, "undo-import", import_command.undo_import, _("take an import back"))
    undo.add_argument("batch", metavar="BATCH")


def _add_backups(verbs: Any) -> None:
    made = _command(verbs, "backup", backup_command.backup, _("make a verified backup, or look at those there are"))
    made.add_argument("--to", type=Path, metavar="FOLDER", help=_("else the folder of the plan"))
    made.add_argument(
        "--scheduled", action="store_true", help=_("only what the plan says is due; a file asks no login")
    )
    looks = made.add_subparsers(metavar="ACTION")
    verify = _command(looks, "verify", backup_command.verify, _("read a backup and prove it whole"), logs_in=False)
    verify.add_argument("file", type=Path, metavar="FILE")
    _passphrase(verify)
    listed = _command(looks, "list", backup_command.listing, _("list the backups of a folder, else of the company"))
    listed.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    explained = _("put a backup in the place of a company, or into a new file or an empty database")
    back = _command(verbs, "restore", backup_command.restore, explained)
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument("--dry-run", action="store_true", help=_("compare and write nothing"))
    back.add_argument("--other-company", action="store_true", help=_("also over the data of another company"))
    back.add_argument("--owner", default="", metavar="LOGIN", help=_("whose password to set in a new place"))
    _new_password(back)
    _passphrase(back)
    _administrator(back)
    moved = _command(verbs, "move", backup_command.move, _("move a company from a file to a server, or back"))
    moved.add_argument("--from", dest="database", metavar="D", help=_("where the company is"))
    moved.add_argument("--to", required=True, metavar="D", help=_("a new file, or an empty database"))
    _administrator(moved)


def _passphrase(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--passphrase-stdin", action="store_true", help=_("of a locked backup; else CRM_BACKUP_PASSPHRASE")
    )


def _administrator(made: argparse.ArgumentParser) -> None:
    told = _("of the server, with CRM_ADMINISTRATOR_PASSWORD")
    made.add_argument("--administrator", default="", metavar="LOGIN", help=told)


def _command(verbs: Any, name: str, command: Any, explained: str, *, logs_in: bool = True) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, help=explained, description=explained)
    made.set_defaults(command=command)
    made.add_argument("--database", default="", metavar="D", help=_("a file, or postgresql://host/database"))
    made.add_argument("--json", action="store_true", help=_("print one object for machines"))
    if logs_in:
        made.add_argument("--user", default="", metavar="LOGIN")
        made.add_argument("--password-stdin", action="store_true", help=_("else CRM_PASSWORD, else the keyring"))
    return made


def _counted(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(_("a number from 0 up is needed"))
    return number


def _new_password(made: argparse.ArgumentParser) -> None:
    made.add_argument("--new-password-stdin", action="store_true", help=_("else CRM_NEW_PASSWORD"))


def _show(answer: dict[str, Any], *, as_json: bool) -> None:
    """Print what a command returned: one object for machines, else its `lines`."""
    if as_json:
        print(json.dumps({key: value for key, value in answer.items() if key != "lines"}, ensure_ascii=False))
        return
    for line in answer.get("lines", ()):
        print(line)
