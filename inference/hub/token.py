"""The access token of the hub: kept in the system's keychain, sent only where it is needed.

Gemma 4 needs none. A token is for gated repositories and for higher limits.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from inference.errors import HubError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE, ACCOUNT = "Facet", "huggingface.co"
VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
_FORM = re.compile(r"[!-~]{8,200}")
_SECRETS = re.compile(
    r"hf_[a-z0-9]{4,}|\bbearer\s+[!-~]+"
    r"|authorization['\"]?\s*[:=]\s*['\"]?(?:\w+\s+)?[!-~]+"
    r"|(?<=[?&])(?:x-amz-[a-z-]+|signature|policy|key-pair-id|token)=[^\s&'\"]+",
    re.IGNORECASE,
)


class TokenStore(Protocol):
    """Keeps one secret."""

    def get(self) -> str | None:
        """The token; None where there is none or the keychain cannot be read."""

    def set(self, token: str) -> None:
        """Keeps it. Raises HubError."""

    def remove(self) -> None:
        """Forgets it; it need not be there. Raises HubError."""


class KeychainTokens:
    """The keychain of macOS, or the secret service of a Linux desktop."""

    def get(self) -> str | None:
        """See TokenStore."""
        from keyring.errors import KeyringError

        try:
            return _keychain().get_password(SERVICE, ACCOUNT)
        except (KeyringError, RuntimeError, OSError):
            return None

    def set(self, token: str) -> None:
        """See TokenStore."""
        from keyring.errors import KeyringError

        checked = checked_token(token)
        try:
            _keychain().set_password(SERVICE, ACCOUNT, checked)
        except (KeyringError, RuntimeError, OSError):
            raise _no_keychain() from None  # its words could hold the token

    def remove(self) -> None:
        """See TokenStore."""
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            _keychain().delete_password(SERVICE, ACCOUNT)
        except PasswordDeleteError:
            return
        except (KeyringError, RuntimeError, OSError):
            raise _no_keychain() from None


def checked_token(token: str) -> str:
    """`token` without the blanks of a clipboard. Raises HubError if it can be none."""
    stripped = token.strip()
    if not _FORM.fullmatch(stripped):
        raise HubError(
            "This is no access token: they are one word of letters and digits.",
            "Copy it again from the hub's page of access tokens.",
        )
    return stripped


def find_token(store: TokenStore, environment: Mapping[str, str] | None = None) -> str | None:
    """The token of the environment, else that of the keychain."""
    variables = os.environ if environment is None else environment
    for name in VARIABLES:
        if variables.get(name, "").strip():
            return variables[name].strip()
    return store.get()


def redacted(text: str) -> str:
    """`text` without tokens, authorization headers and signatures of addresses."""
    return _SECRETS.sub("[secret]", text)


def _keychain() -> KeyringBackend:
    if sys.platform == "darwin":
        # By name: a frozen program has no entry points through which keyring would find it.
        from keyring.backends.macOS import Keyring

        return Keyring()
    import keyring

    return keyring.get_keyring()


def _no_keychain() -> HubError:
    return HubError(
        "The system's keychain cannot be used, so the token is not kept.",
        "Set HF_TOKEN before Facet starts, or unlock the keychain.",
    )
