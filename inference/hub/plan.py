"""What a repository holds and which of it a model needs. Asks the hub; writes nothing.

The answer of the hub is foreign: names, sizes and hashes are checked before one of them is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from inference.hub.cache import COMMIT, is_repo, is_safe_path
from inference.hub.cache_record import MOST_FILES, PlannedFile, Record
from inference.hub.faults import DownloadError, no_connection, refused

INDEX = "model.safetensors.index.json"
LARGEST_SMALL_FILE = 64 << 20  # bytes; Gemma's tokenizer.json has 32 MB
ASK_TIMEOUT_S = 15.0
_SINGLE = "model.safetensors"
_SHARD = re.compile(r"model(-\d{5}-of-\d{5})?\.safetensors")
# Data that belongs to a model, and what makes huggingface_hub see the snapshot as complete.
_SMALL_SUFFIXES = frozenset({".json", ".jinja", ".md", ".txt", ".model"})
_SMALL_NAMES = re.compile(r"\.gitattributes|LICEN[CS]E.*|NOTICE.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hub:
    """Whom to ask, and as whom. The token is left out of every text made of this."""

    endpoint: str
    token: str | None = None

    def __repr__(self) -> str:
        return f"Hub({self.host!r}, token={'set' if self.token else 'none'})"

    @property
    def sent_token(self) -> str | None:
        """The token where it may travel: over TLS, or to this machine."""
        parts = urlsplit(self.endpoint)
        is_private = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost", "::1")
        return self.token if is_private else None

    @property
    def host(self) -> str:
        """The hub's name for people, without any credentials of the address."""
        return urlsplit(self.endpoint).hostname or self.endpoint

    def url(self, repo: str, commit: str, path: str) -> str:
        """The address of a file."""
        from urllib.parse import quote

        return f"{self.endpoint}/{repo}/resolve/{commit}/{quote(path)}"


@dataclass(frozen=True, slots=True)
class Listing:
    """Every file of one commit that could belong to a model."""

    commit: str
    small: tuple[PlannedFile, ...]
    weights: tuple[PlannedFile, ...]


def list_repository(hub: Hub, repo: str, revision: str) -> Listing:
    """Asks the hub. Blocks up to ASK_TIMEOUT_S. Raises DownloadError, OSError or HTTPError."""
    if not is_repo(repo):
        raise refused(f"{repo!r} is no name of a repository")
    from huggingface_hub import HfApi

    api = HfApi(endpoint=hub.endpoint, token=hub.sent_token or False, library_name="facet")
    info = api.model_info(repo, revision=revision, files_metadata=True, timeout=ASK_TIMEOUT_S)
    return checked_listing(info.sha, info.siblings or ())


def checked_listing(commit: object, siblings: Iterable[Any]) -> Listing:
    """The listing that the hub's answer stands for. Raises DownloadError where it cannot be."""
    if not isinstance(commit, str) or not COMMIT.fullmatch(commit):
        raise refused("The hub names no commit for this model")
    found: dict[str, list[PlannedFile]] = {"small": [], "weights": [], "": []}
    for number, sibling in enumerate(siblings):
        if number >= 10 * MOST_FILES:
            raise refused("The repository has far more files than a model")
        path = str(sibling.rfilename)
        if kind := _kind(path):
            found[kind].append(_planned(path, sibling))
    large = [file.path for file in found["small"] if file.size > LARGEST_SMALL_FILE]
    if large:
        raise refused(f"{large[0]} is larger than such a file of a model can be")
    return Listing(commit, tuple(found["small"]), tuple(found["weights"]))


def _kind(path: str) -> str:
    """Only files at the top are a model's; code, pickles and other formats are left where they are.

    A name that leads out of the folder is refused with all the rest: it is there on purpose.
    """
    parts = path.split("/")
    if "\\" in path or any(part in ("", ".", "..") for part in parts):
        raise refused("The repository has a file whose name leads out of its folder")
    if len(parts) > 1 or not is_safe_path(path):
        return ""
    if _SHARD.fullmatch(path):
        return "weights"
    name = PurePosixPath(path)
    is_small = name.suffix.lower() in _SMALL_SUFFIXES or _SMALL_NAMES.fullmatch(path)
    return "small" if is_small else ""


def _planned(path: str, sibling: Any) -> PlannedFile:
    lfs = sibling.lfs
    size, digest = (sibling.size, sibling.blob_id) if lfs is None else (lfs.size, lfs.sha256)
    if not isinstance(size, int) or not isinstance(digest, str):
        raise refused(f"The hub gives no size or hash for {path}")
    file = PlannedFile(path, size, digest)
    if not file.is_valid:
        raise refused(f"The hub gives an impossible size or hash for {path}")
    return file


def chosen_files(listing: Listing, index: bytes | None) -> tuple[PlannedFile, ...]:
    """The files to fetch. `index` is the content of INDEX where the repository has one.

    Repositories that were uploaded twice hold shards of both times; the index names the real ones.
    """
    by_name = {file.path: file for file in listing.weights}
    if index is not None:
        wanted = _named_shards(index)
        missing = [name for name in wanted if name not in by_name]
        if missing:
            raise refused(f"The repository lacks {missing[0]}, which its own index names")
    else:
        wanted = [_SINGLE] if _SINGLE in by_name else []
    names = {file.path for file in listing.small}
    if not wanted or "config.json" not in names:
        raise refused("The repository holds no model that Facet can run")
    files = (*listing.small, *(by_name[name] for name in wanted))
    if len(files) > MOST_FILES:
        raise refused("The repository has far more files than a model")
    return files


def _named_shards(index: bytes) -> list[str]:
    try:
        table = json.loads(index)["weight_map"]
        names = sorted(set(table.values()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise refused(f"{INDEX} of the repository cannot be read") from None
    if not names or not all(isinstance(name, str) and _SHARD.fullmatch(name) for name in names):
        raise refused(f"{INDEX} of the repository names unusual weight files")
    return names


def record_of(repo: str, revision: str, commit: str, files: Iterable[PlannedFile]) -> Record:
    """The record that a download of these files begins with; largest files first."""
    ordered = tuple(sorted(files, key=lambda file: -file.size))
    return Record(repo, revision, commit, ordered)


def asked_in_vain(error: Exception, hub: Hub, repo: str) -> DownloadError | None:
    """The final reason behind an error of `list_repository`; None if it may pass by itself."""
    if isinstance(error, DownloadError):
        return error
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return gated(hub, repo)
    if isinstance(error, errors.RevisionNotFoundError | errors.RepositoryNotFoundError):
        if hub.token is None and _status(error) == 401:
            return not_found(hub, repo)
        return bad_token(hub) if _status(error) == 401 else not_found(hub, repo)
    if isinstance(error, errors.HfHubHTTPError):
        return final_status(_status(error), hub, repo)
    if isinstance(error, errors.OfflineModeIsEnabled):
        from inference.hub.faults import offline

        return offline()
    if isinstance(error, ValueError | TypeError | KeyError | AttributeError):
        return refused(f"{hub.host} gave an answer that is not a hub's")
    return None


def final_status(status: int, hub: Hub, repo: str) -> DownloadError | None:
    """What an HTTP status means for good; None where trying again can help."""
    if status == 401:
        return bad_token(hub) if hub.token else gated(hub, repo)
    if status == 403:
        return gated(hub, repo)
    if status in (404, 410):
        return not_found(hub, repo)
    if status == 451:
        return refused(f"{hub.host} may not hand out {repo} here")
    return None


def _status(error: Any) -> int:
    response = getattr(error, "response", None)
    return int(getattr(response, "status_code", 0) or 0)


def gated(hub: Hub, repo: str) -> DownloadError:
    """The licence has to be accepted first."""
    how = "with the account of your access token" if hub.token else "and enter an access token"
    return DownloadError(
        "gated",
        f"{repo} asks for its terms to be accepted before it can be fetched.",
        f"Accept them on {hub.host}/{repo} {how}, then choose Resume.",
    )


def bad_token(hub: Hub) -> DownloadError:
    """The token is wrong, expired or revoked."""
    return DownloadError(
        "token",
        f"{hub.host} does not accept the access token.",
        "Enter another one in Settings, or remove it: Gemma 4 needs none.",
    )


def not_found(hub: Hub, repo: str) -> DownloadError:
    """Gone, renamed, private or never there; hubs do not tell these apart."""
    return DownloadError(
        "not_found",
        f"{hub.host} has no model {repo}, or it is private.",
        "Choose another model.",
    )


def unreachable(hub: Hub, error: Exception) -> DownloadError:
    """After the last try."""
    return no_connection(hub.host, reason_of(error))


def reason_of(error: Exception) -> str:
    """A short clause for an error of the network, without addresses that may hold secrets."""
    status = _status(error)
    if status:
        return f"it answers with status {status}"
    text = type(error).__name__.lower()
    if "timeout" in text:
        return "it did not answer in time"
    if "proxy" in text:
        return "the proxy refused the connection"
    if "connect" in text:
        return "no connection could be made"
    return "the connection broke"
