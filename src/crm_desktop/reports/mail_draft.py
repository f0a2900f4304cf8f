"""A message that is not sent yet, with a PDF in it, as a file that mail programs open for writing (no Qt)."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from crm_desktop.shared.text import clean_line


@dataclass(frozen=True, slots=True)
class Mail:
    """To whom a document goes and what is said with it; the person may change all of it before sending."""

    to: str = ""
    subject: str = ""
    text: str = ""


def draft_of(mail: Mail, file_name: str, data: bytes) -> bytes:
    """Return the bytes of an .eml file with the PDF attached.

    `X-Unsent: 1` makes Outlook open it as a new message; Thunderbird and Apple Mail offer to edit it.
    """
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    if mail.to:
        message["To"] = clean_line(mail.to)
    message["Subject"] = clean_line(mail.subject) or file_name.removesuffix(".pdf")
    message.set_content(mail.text or "\n")
    message.add_attachment(data, maintype="application", subtype="pdf", filename=file_name)
    return message.as_bytes()
