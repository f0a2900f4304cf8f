"""Which editor a field gets. Layout is the form's business, special behaviour an ordinary widget's."""

from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import _
from crm_desktop.ui.choice_editors import ChoiceEditor, TickEditor, UserEditor
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.editor import Editor, EditorContext
from crm_desktop.ui.tags_editor import TagsEditor
from crm_desktop.ui.text_editors import InstantEditor, LineEditor, NoteEditor, NumberEditor

__all__ = ["Editor", "EditorContext", "editor_for"]


def editor_for(field: Field, context: EditorContext) -> Editor:
    """Return an editor for `field`, read-only when the actor may not write it."""
    editor = _make(field, context)
    if context.actor is not None and not field.writable_by(context.actor):
        editor.locked = True
        editor.set_read_only(True)
    return editor


def _make(field: Field, context: EditorContext) -> Editor:
    name, label, chars = field.name, _(field.label), field.chars
    match field.kind:
        case Kind.NOTE:
            return NoteEditor(name, label)
        case Kind.INTEGER:
            return NumberEditor(name, label, chars, decimals=0)
        case Kind.DECIMAL:
            return NumberEditor(name, label, chars)
        case Kind.MONEY:
            return NumberEditor(name, label, chars, decimals=context.decimals)
        case Kind.BOOLEAN:
            return TickEditor(name, label)
        case Kind.DATE:
            return DateEditor(name, label, context.today)
        case Kind.CHOICE | Kind.STATUS:
            choices = [(key, _(text)) for key, text in field.choices]
            empty = None if field.kind is Kind.STATUS or "" in dict(choices) else ""
            return ChoiceEditor(name, label, choices, empty, chars)
        case Kind.USER:
            return UserEditor(name, label, context.users, _(context.nobody), chars)
        case Kind.TAGS:
            return TagsEditor(name, label, context.tags, context.allow_new_tags)
        case Kind.EMAIL:
            return LineEditor(name, label, chars, email_problem)
        case Kind.INSTANT:
            return InstantEditor(name, label, chars)
        case _:
            return LineEditor(name, label, chars)


def email_problem(text: str) -> str | None:
    """Return what is wrong with an e-mail address, None when nothing is."""
    # Loads the checking library when the first address is left, not when the form opens.
    from crm_desktop.shared.emails import check_email

    problem = check_email(text)
    return _(problem) if problem else None
