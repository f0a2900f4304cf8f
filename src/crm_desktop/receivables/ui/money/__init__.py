"""The receipt by keyboard, and the dialogs about what is paid, promised, disputed or written off."""
