"""The names under which the window opens what belongs to the pipeline."""

from typing import Final

ENTITY: Final = "opportunity"
FOR_CONTACT_ENTITY: Final = "opportunity_for_contact"
"""What `desk.open_record` is asked for to begin an opportunity of a contact: the id is the contact's."""
QUOTE_OF: Final = "quote_for_opportunity"
"""What `desk.open_record` is asked for to quote an opportunity: the id is the opportunity's."""
BOARD: Final = "pipeline"
LIST: Final = "opportunities"
