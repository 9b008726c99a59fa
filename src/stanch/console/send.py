"""What a job does outside: mail, chat, webhooks. Every effect carries the job's key, so that a receiver can tell a repetition.

Decides how to send and whether a failure can pass; what to send was decided when the job was made.
"""

import smtplib
from collections.abc import Callable
from email.utils import make_msgid
from hashlib import sha256

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from stanch.console import book
from stanch.console.clock import now
from stanch.console.hook import post
from stanch.console.models import Channel, ContactGroup, IncidentRow, Job, Webhook
from stanch.console.vault import vault
from stanch.errors import OutsideError
from stanch.incident import event as e
from stanch.incident.fact import digest

After = Callable[[], object]


class NotSentError(OutsideError):
    """It was not sent; ``permanent`` says whether trying again can help."""


def send(job: Job) -> After | None:
    """Do a job's effect; give what to record once it is done."""
    return KINDS[job.kind](job)


def tell(job: Job) -> None:
    """Tell one person by one of their channels: what and where, never the content of an incident."""
    channel = Channel.objects.filter(pk=job.args["channel"]).select_related("person").first()
    if channel is None:
        return
    address = vault().unseal(bytes(channel.sealed), about=f"channel:{channel.person.key}").decode()
    text = f"{job.args['text']}\n{settings.STANCH_ORIGIN}/incidents/{job.args['incident']}"
    if channel.kind == "mail":
        mail([address], f"[stanch] {job.args['text']}", text, job.key)
    else:
        by_apprise(address, job.args["text"], text)


def deliver(job: Job) -> After:
    """Send an approved message to a contact group, if its bytes are still those that were approved."""
    row = IncidentRow.objects.get(key=job.args["incident"])
    message = book.read_state(row).message(job.args["message"])
    if message is None or digest(message.subject, message.body) != job.args["sha256"]:
        raise NotSentError("the message is not the one that was approved", permanent=True)
    group = ContactGroup.objects.filter(organisation=row.organisation, name=job.args["to"]).first()
    fault = ""
    if group is None:
        fault = "there is no such contact group any more"
    else:
        addresses = vault().unseal(bytes(group.sealed), about=f"group:{row.organisation.key}").decode().split()
        mail(addresses, message.subject, message.body, job.key)
    told = e.MessageDelivered(message=message.key, to=job.args["to"], ok=not fault, detail=fault)
    return lambda: book.record(row.key, told, by="system", now=now(), key=job.key[-120:])


def webhook(job: Job) -> None:
    hook = Webhook.objects.filter(pk=job.args["webhook"], active=True).first()
    if hook:
        secret = vault().unseal(bytes(hook.sealed_secret), about=f"webhook:{hook.organisation_id}")
        post(hook.url, secret, job.key, job.args["payload"], allow_private=settings.STANCH_PRIVATE_WEBHOOKS)


KINDS: dict[str, Callable[[Job], After | None]] = {"tell": tell, "deliver": deliver, "webhook": webhook}


def mail(addresses: list[str], subject: str, body: str, key: str) -> None:
    """Send to each address by itself, so that nobody sees another's."""
    if not settings.STANCH_MAIL_ON:
        raise NotSentError("no mail server is configured", hint="set STANCH_MAIL", permanent=True)
    headers = {"Auto-Submitted": "auto-generated", "X-Stanch-Key": sha256(key.encode()).hexdigest()[:32]}
    try:
        with get_connection() as server:
            for address in addresses:
                unique = make_msgid(idstring=sha256(f"{key}:{address}".encode()).hexdigest()[:24], domain="stanch.invalid")
                EmailMessage(" ".join(subject.split()), body, to=[address], headers=headers | {"Message-ID": unique}, connection=server).send()
    except smtplib.SMTPResponseException as error:
        raise NotSentError(f"the mail server answered {error.smtp_code}", permanent=error.smtp_code >= 500) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSentError("the mail server refused the recipient", permanent=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSentError(f"the mail server can't be reached: {type(error).__name__}") from error


def by_apprise(address: str, title: str, body: str) -> None:
    try:
        import apprise  # noqa: PLC0415 -- an extra
    except ImportError:
        raise NotSentError("chat and paging need the extra 'notify'", hint="pip install 'stanch[notify]'", permanent=True) from None
    service = apprise.Apprise()
    if not service.add(address):
        raise NotSentError("this is no address that Apprise knows", permanent=True)
    if not service.notify(title=title, body=body):
        raise NotSentError("the service did not take it")
