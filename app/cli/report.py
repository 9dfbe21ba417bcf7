"""`facet ask --report`: remembers what is asked and answered, then writes it as a report."""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.cli.arguments import AskOptions
from app.cli.files import MediaFile
from app.cli.output import Output
from app.core.conversation import (
    Attachment,
    Conversation,
    Settings,
    ToolRecord,
    Turn,
    TurnState,
)
from app.core.kinds import kind_of
from app.core.model_digest import model_digest
from app.intake.selection import WHOLE, PageChoice, PageMode, Selection
from app.reports.export import export
from app.reports.options import ReportError, ReportOptions, format_of
from app.reports.receipts import received_items
from inference import (
    Event,
    Failed,
    Finished,
    Image,
    Notice,
    Prepared,
    Receipt,
    Request,
    Revised,
    Text,
    Thought,
    TokenText,
    ToolCallEvent,
)

LARGEST_SEED = 999_999_999  # what the command accepts
STATES: dict[str, TurnState] = {"length": "length", "cancelled": "stopped"}
QUESTION, ANSWER = "question", "answer"


def with_seed(options: AskOptions) -> AskOptions:
    """The options with a seed: an answer in a report has to be one that can be asked again."""
    if options.report is None or options.seed is not None:
        return options
    return replace(options, seed=random.SystemRandom().randint(0, LARGEST_SEED))


class Recorder:
    """Passes everything on to `output`, and keeps what a report needs."""

    def __init__(self, output: Output, options: AskOptions) -> None:
        self._output = output
        self._options = options
        self._request: Request | None = None
        self._asked_at = datetime.now(UTC)
        self._texts: list[str] = []
        self._thoughts: list[str] = []
        self._notices: list[str] = []
        self._tools: list[ToolRecord] = []
        self._receipt: Receipt | None = None
        self._finished: Finished | None = None

    def phase(self, label: str) -> None:
        """Passed on."""
        self._output.phase(label)

    def tick(self) -> None:
        """Passed on."""
        self._output.tick()

    def show(self, event: Event) -> None:
        """Kept and passed on."""
        match event:
            case TokenText(text=text):
                self._texts.append(text)
            case Revised(text=text):
                self._texts[:] = [text]
            case Thought(text=text):
                self._thoughts.append(text)
            case Notice(text=text):
                self._notices.append(text)
            case Prepared(receipt=receipt):
                self._receipt = receipt
            case ToolCallEvent(call=call):
                self._tools.append(ToolRecord(call.name, dict(call.arguments), None, call.call_id))
            case Finished():
                self._finished = event
                self._receipt = event.receipt
        self._output.show(event)

    def asked(self, request: Request) -> None:
        """The request that goes to the engine."""
        self._request = request
        self._asked_at = datetime.now(UTC)

    def write(self) -> bool:
        """Writes the report, if there is an answer to report, and says so. False: it failed."""
        path = self._options.report
        if path is None or self._request is None or self._finished is None:
            return True
        format_ = format_of(path.suffix)
        if format_ is None:  # the command line has refused it before
            raise ValueError(f"no report format has the ending {path.suffix}")
        self._output.phase("Writing the report")
        try:
            conversation, files = self._conversation(self._request, self._finished)
            options = ReportOptions(format=format_, thoughts=bool(self._thoughts))
            export(conversation, options, path, lambda sha256: files.get(sha256, Path(sha256)))
        except ReportError as error:
            self._output.show(Failed(error.message, error.action))
            return False
        self._output.show(Notice(f"The report is in {path}."))
        return True

    def _conversation(
        self, request: Request, finished: Finished
    ) -> tuple[Conversation, dict[str, Path]]:
        attachments, files = self._attachments(request)
        question = Turn(
            QUESTION,
            None,
            "user",
            self._asked_at,
            _typed(request),
            attachments=attachments,
        )
        settings = _settings(request, self._options)
        thought_tokens = finished.statistics.thought_tokens
        answer = Turn(
            ANSWER,
            QUESTION,
            "model",
            datetime.now(UTC),
            "".join(self._texts).strip(),
            state=STATES.get(finished.reason, "complete"),
            thought="".join(self._thoughts).strip(),
            thought_tokens=thought_tokens,
            model=self._options.model.name,
            model_key=self._options.model.name,
            model_digest=model_digest(self._options.model),
            settings=settings,
            seed=self._options.seed,
            receipt=self._receipt,
            statistics=finished.statistics,
            finish=finished.reason,
            notices=tuple(self._notices),
            tools=tuple(self._tools),
        )
        conversation = Conversation(
            id="asked",
            title=_title(question.text),
            created_at=self._asked_at,
            updated_at=answer.created_at,
            settings=settings,
            turns=(question, answer),
            active_leaf=ANSWER,
        )
        return conversation, files

    def _attachments(self, request: Request) -> tuple[tuple[Attachment, ...], dict[str, Path]]:
        """The files with what the receipt says of them, and where they lie by hash."""
        files: dict[str, Path] = {}
        attached = []
        for number, file in enumerate(self._options.media):
            try:
                data = file.path.read_bytes()
            except OSError as error:
                raise ReportError(
                    f"{file.path.name} cannot be read any more, so no report was written."
                ) from error
            sha256 = hashlib.sha256(data).hexdigest()
            files[sha256] = file.path
            attached.append(_attachment(str(number), file, sha256, len(data), request))
        items = received_items(tuple(attached), self._receipt)
        described = (
            replace(
                one,
                width=items[one.id].width,
                height=items[one.id].height,
                seconds=items[one.id].seconds,
                frames=items[one.id].frames,
            )
            if one.id in items
            else one
            for one in attached
        )
        return tuple(described), files


def _attachment(id_: str, file: MediaFile, sha256: str, size: int, request: Request) -> Attachment:
    if file.kind != "document":
        return Attachment(id_, file.kind, file.path.name, sha256, size)
    name = file.path.name
    given = Selection(pages=_given(request, name)) if file.pages or file.given_as else WHOLE
    kind = kind_of(file.path, name)
    return Attachment(id_, kind, name, sha256, size, selection=given)


def _given(request: Request, name: str) -> tuple[PageChoice, ...]:
    """The pages of a document that were sent, as their headings and pictures tell."""
    heading = re.compile(
        rf"(?:Page|Sheet|Slide) (\d+)(?:, .*)? of {re.escape(name)}:(.*)", re.DOTALL
    )
    parts = request.messages[-1].parts
    given: list[PageChoice] = []
    for part, following in zip(parts, (*parts[1:], None), strict=True):
        found = heading.match(part.text) if isinstance(part, Text) else None
        if found is not None:
            number = int(found[1])
            mode: PageMode = "text"
            if isinstance(following, Image) and following.name.startswith(name):
                mode = "both" if found[2].strip() else "picture"
            given.append(PageChoice(number, mode))
    return tuple(given)


def _typed(request: Request) -> str:
    """The question itself: what stands before it are pages of documents."""
    texts = [part.text for part in request.messages[-1].parts if isinstance(part, Text)]
    return texts[-1] if texts else ""


def _settings(request: Request, options: AskOptions) -> Settings:
    sampling = request.sampling
    return Settings(
        system_prompt=options.system,
        thinking=request.thinking,
        thinking_budget=request.thinking_budget,
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        top_k=sampling.top_k,
        max_tokens=request.max_tokens,
        seed=sampling.seed,
        image_tokens=request.image_tokens,
        video_tokens=request.video_tokens,
    )


def _title(question: str, longest: int = 60) -> str:
    line = question.strip().split("\n", 1)[0]
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
