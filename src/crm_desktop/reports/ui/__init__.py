"""The screens of paper: preview and letterhead."""
