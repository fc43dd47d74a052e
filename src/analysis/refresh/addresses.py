"""URLs whose secrets are environment variables: `${NAME}` is read when the request is sent.

Output, cache and citations have the declared URL; only the request has the secret.
"""

import os
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, urlsplit

from analysis.errors import DataError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PRIVATE_NAME = r"[\w.-]*(?:token|passw(?:or)?d|pwd|secret|signature|sig|credential|api-?_?key)"
_KEY_NAME = r"[\w.-]*key"
_MIN_KEY_LENGTH = 16  # characters; a shorter `key=` is a name of something
_IN_QUERY = re.compile(rf"(?i)([?&](?:{_PRIVATE_NAME}|{_KEY_NAME})=)(?!\$\{{)[^&#\s]+")
_USER_INFO = re.compile(r"(?<=//)[^/?#@\s]*@")


def faults(url: str) -> Iterator[str]:
    """Why this is no address to fetch from; never with the secret in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield "expected an address, such as https://example.org/x.csv: its host is none"
        return
    if parts.scheme not in ("http", "https") or not host:
        yield "expected an address that begins with https:// (or http://)"
    elif _is_written_out(parts.username, parts.password) or any(
        _is_secret(name, value) for name, value in parse_qsl(parts.query)
    ):
        yield (
            "contains a password or a key that would be shown and kept: write ${NAME} in its place"
            " and set the variable NAME where the refresh runs, or put a password into ~/.netrc"
        )


def _is_written_out(user: str | None, password: str | None) -> bool:
    secret = user if password is None else password
    return bool(secret) and not _VARIABLE.fullmatch(secret or "")


def _is_secret(name: str, value: str) -> bool:
    if not value or _VARIABLE.fullmatch(value):
        return False
    long = len(value) >= _MIN_KEY_LENGTH and re.fullmatch(_KEY_NAME, name, re.IGNORECASE)
    return bool(long or re.fullmatch(_PRIVATE_NAME, name, re.IGNORECASE))


def resolved(url: str) -> str:
    """The address with its secrets, for the request alone. DataError names a variable not set."""

    def value(match: re.Match[str]) -> str:
        if not (found := os.environ.get(match[1])):
            raise DataError(f"set the variable {match[1]} in the environment", file=url)
        return quote(found, safe="")

    return _VARIABLE.sub(value, url)


def hidden(text: str, url: str) -> str:
    """A text, perhaps of the server, without the secrets of `url` or of an address in the text."""
    for name in _VARIABLE.findall(url):
        for form in (os.environ.get(name, ""), quote(os.environ.get(name, ""), safe="")):
            text = text.replace(form, f"${{{name}}}") if form else text
    return _IN_QUERY.sub(r"\1...", _USER_INFO.sub("", text))
