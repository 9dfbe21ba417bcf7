"""Where results of proofs are kept: one JSON file in the data folder, by digest of the weights."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.codec import UnreadableError, from_json, to_json
from app.core.files import write_atomically
from app.core.proof.values import SENSES, ProofResult, Sense

FILE_NAME = "proofs.json"
VERSION = 1
LARGEST_BYTES = 4_000_000
MOST_COPIES = 200  # those tested longest ago are forgotten


@dataclass(frozen=True, slots=True)
class CopyProof:
    """The results of one copy: the newest of each sense."""

    digest: str
    model: str = ""  # what it was called when it was tested
    results: tuple[ProofResult, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    version: int = VERSION
    copies: tuple[CopyProof, ...] = ()


class ProofBook:
    """Dated results for each copy of a model. `problem` says why the file could not be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problem = ""
        self._copies = {each.digest: each for each in self._load() if each.digest}

    def results(self, digest: str) -> dict[Sense, ProofResult]:
        """The newest result for each sense that was tested; empty for a copy never tested."""
        copy = self._copies.get(digest)
        found = {each.sense: each for each in copy.results} if copy is not None else {}
        return {sense: found[sense] for sense in SENSES if sense in found}

    def put(self, digest: str, model: str, result: ProofResult) -> None:
        """Keep a result in place of an older one. Raises OSError; memory has it all the same.

        A test that could not be run does not take the place of one that was.
        """
        if not digest:
            return
        self.catch_up()
        known = self.results(digest)
        if result.state == "error" and result.sense in known:
            return
        copy = self._copies.pop(digest, CopyProof(digest))
        known[result.sense] = result
        self._copies[digest] = replace(copy, model=model, results=tuple(known.values()))
        for oldest in list(self._copies)[:-MOST_COPIES]:
            del self._copies[oldest]
        self._save()

    def catch_up(self) -> None:
        """Take over what another process has kept meanwhile."""
        for copy in self._load():
            mine = self.results(copy.digest)
            for each in copy.results:
                if each.sense not in mine or mine[each.sense].date < each.date:
                    mine[each.sense] = each
            if copy.digest:
                self._copies[copy.digest] = replace(copy, results=tuple(mine.values()))

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        value = to_json(_File(VERSION, tuple(self._copies.values())))
        text = json.dumps(value, indent=1, allow_nan=False)
        write_atomically(self._path, text.encode("ascii") + b"\n")

    def _load(self) -> tuple[CopyProof, ...]:
        try:
            if self._path.stat().st_size > LARGEST_BYTES:
                raise ValueError("too large")
            return from_json(_File, json.loads(self._path.read_bytes())).copies
        except FileNotFoundError:
            return ()
        except OSError as error:
            self.problem = f"The results of earlier tests cannot be read: {error.strerror}."
        except (ValueError, RecursionError, UnreadableError):
            self.problem = f"The results of earlier tests were damaged. {self._set_aside()}"
        return ()

    def _set_aside(self) -> str:
        aside = self._path.with_suffix(".damaged.json")
        try:
            self._path.replace(aside)
        except OSError:
            return "The file could not be set aside."
        return f"The damaged file is kept as {aside.name}."
