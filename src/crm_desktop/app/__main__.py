"""`crm-desktop`: the window when called alone, the command line with a subcommand."""

import gc
import sys

from crm_desktop.app.display import has_display


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code: 0 done, 1 refused, 2 wrong usage."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["--self-test"]:
        from crm_desktop.app.ui.self_test import run

        return run()
    if words[:1] == ["--read-foreign-file"]:
        from crm_desktop.exchange.reading.child import main as read

        return read(words[1:])
    if words[:1] == ["--backup-job"]:
        from crm_desktop.app.backup_job import main as make_backup

        return make_backup()
    if words[:1] == ["--look"]:
        from crm_desktop.app.ui.look import run as run_look

        return run_look(words[1:])
    if words:
        from crm_desktop.app.cli import run as run_command

        return run_command(words)
    if not has_display():
        from crm_desktop.app.ui.headless import run as run_headless

        return run_headless()
    # The window collects garbage on its own thread (ui/collector.py); looking for some among the modules
    # that are being loaded would only hold up the first paint.
    gc.disable()
    from crm_desktop.app.ui.gui import run as run_window

    return run_window([])


if __name__ == "__main__":
    sys.exit(main())
