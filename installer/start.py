"""Where the frozen program begins: the same entry point as the `crm-desktop` script."""

import multiprocessing
import sys

from crm_desktop.app.__main__ import main

if __name__ == "__main__":
    # Foreign files are parsed in child processes; a frozen child starts here again.
    multiprocessing.freeze_support()
    sys.exit(main())
