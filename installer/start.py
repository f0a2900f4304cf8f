"""Where the frozen program begins: the same entry point as the `crm-desktop` script.

Foreign files are parsed in child processes: the frozen child starts here again, with a hidden first argument.
"""

import sys

from crm_desktop.app.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
