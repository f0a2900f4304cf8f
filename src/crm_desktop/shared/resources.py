"""Where the files that travel with the program lie: catalogues, icons, fonts."""

import sys
from functools import cache
from pathlib import Path


@cache
def resources_folder() -> Path:
    """Return the folder of resources of this installation, checkout or frozen program.

    Raises FileNotFoundError when the program was installed without them.
    """
    package = Path(__file__).resolve().parent.parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "crm_desktop" / "resources"] if frozen else []
    # In a checkout `package` is src/crm_desktop, so the top-level folder is two steps up.
    places += [package / "resources", package.parent.parent / "resources"]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"No resources folder beside the program; looked in {places}")


def resource(path: str) -> Path:
    """Return where the resource `path` ("icons/users.svg") lies; it need not exist."""
    return resources_folder() / path
