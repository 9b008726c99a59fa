"""How people come in: nobody signs up by themselves, and second factors are stored sealed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from stanch.console.vault import vault


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from links that an admin makes."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- the adapter's signature
        return False


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Keep the secrets of one-time passwords and recovery codes encrypted."""

    def encrypt(self, text: str) -> str:
        return vault().seal(text.encode(), about="factor").hex()

    def decrypt(self, encrypted_text: str) -> str:
        return vault().unseal(bytes.fromhex(encrypted_text), about="factor").decode()
