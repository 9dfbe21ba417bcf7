"""Long recordings, heard piece by piece: each has a state, can be run again, and is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.core.conversation import Attachment, new_id
from app.core.speech.splitting import split
from app.core.speech.stitching import own_texts, whole_text
from app.core.speech.values import Piece, Transcript
from app.viewmodels.desk import Desk
from app.viewmodels.side_requests import SideAnswer, SideRequests
from app.viewmodels.waves import Wave, WaveReader
from inference import Audio, Message, Request, Sampling, Text

OWNER = "pieces"
MOST_TOKENS = 1024  # thirty seconds of fast speech, and its translation
BUSY = "Another recording is still being heard. Stop it, or wait for its end."
Samples = NDArray[np.float32]


@dataclass(slots=True)
class _Job:
    """A run through pieces of one recording, in a conversation that may not be shown."""

    conversation_id: str
    attachment: Attachment
    transcript: Transcript
    prompt: str
    waiting: list[int]
    then: Callable[[Transcript], None] | None = None
    number: int = 0
    active: int | None = field(default=None)


class PiecesViewModel(QObject):
    """Asks about the pieces of one recording at a time, in the gaps between answers."""

    changed = Signal()
    problem = Signal(str)
    _heard = Signal(int, int, object, str)

    def __init__(
        self, desk: Desk, side: SideRequests, reader: WaveReader, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._side, self._reader = desk, side, reader
        self._job: _Job | None = None
        self._count = 0
        self._heard.connect(self._on_samples)

    # --- what is shown -----------------------------------------------------------------------

    def transcript(self, conversation_id: str, attachment: Attachment) -> Transcript | None:
        """The newest transcript of a recording."""
        if not conversation_id:
            return None
        kept = self._desk.get(conversation_id).work.transcripts
        mine = [each for each in kept if each.source_id == attachment.id]
        return mine[-1] if mine else None

    def pieces(
        self, conversation_id: str, attachment: Attachment, wave: Wave | None
    ) -> tuple[Piece, ...]:
        """The pieces with their states; as they will be cut while nothing was asked yet."""
        transcript = self.transcript(conversation_id, attachment)
        if transcript is None:
            return () if wave is None else split(wave, attachment.seconds)
        if self.is_running_for(attachment):
            return transcript.pieces
        # The program ended meanwhile.
        return tuple(
            replace(piece, state="stopped") if piece.state == "running" else piece
            for piece in transcript.pieces
        )

    def is_running_for(self, attachment: Attachment | None) -> bool:
        """Whether this recording is being heard."""
        job = self._job
        return job is not None and attachment is not None and job.attachment.id == attachment.id

    @property
    def is_running(self) -> bool:
        """Whether any recording is being heard."""
        return self._job is not None

    # --- what is done ------------------------------------------------------------------------

    def run(
        self,
        conversation_id: str,
        attachment: Attachment,
        transcript: Transcript,
        prompt: str,
        then: Callable[[Transcript], None] | None = None,
    ) -> bool:
        """Ask `prompt` about every piece; `then` gets the whole, unless it was stopped."""
        if self._job is not None:
            self.problem.emit(BUSY)
            return False
        waiting = [i for i, piece in enumerate(transcript.pieces) if piece.state == "waiting"]
        self._start(_Job(conversation_id, attachment, transcript, prompt, waiting, then))
        return True

    def run_again(
        self, conversation_id: str, attachment: Attachment, index: int, prompt: str
    ) -> bool:
        """Ask about one piece again; the others stay as they are."""
        return self._resume(conversation_id, attachment, [index], prompt)

    def go_on(self, conversation_id: str, attachment: Attachment, prompt: str) -> bool:
        """Ask about the pieces that were stopped, failed or not begun."""
        transcript = self.transcript(conversation_id, attachment)
        left = [
            index
            for index, piece in enumerate(transcript.pieces if transcript else ())
            if piece.state not in ("done", "silent")
        ]
        return self._resume(conversation_id, attachment, left, prompt)

    def stop(self) -> None:
        """Stop hearing; what has been heard is kept."""
        job, self._job = self._job, None
        if job is None:
            return
        self._side.drop(OWNER)
        pieces = tuple(
            replace(piece, state="stopped") if piece.state in ("waiting", "running") else piece
            for piece in job.transcript.pieces
        )
        self._save(job, pieces)
        self.changed.emit()

    def texts(self, pieces: tuple[Piece, ...]) -> tuple[str, ...]:
        """What is shown beside each piece."""
        return own_texts(pieces)

    def text(self, transcript: Transcript) -> str:
        """Everything that is said."""
        return whole_text(transcript.pieces)

    def keep(self, conversation_id: str, transcript: Transcript) -> None:
        """Store a transcript, in place of an older one by the same preset."""
        self._put(conversation_id, transcript)
        self.changed.emit()

    # --- inside ------------------------------------------------------------------------------

    def _resume(
        self, conversation_id: str, attachment: Attachment, indices: list[int], prompt: str
    ) -> bool:
        transcript = self.transcript(conversation_id, attachment)
        if self._job is not None:
            self.problem.emit(BUSY)
            return False
        if transcript is None or not indices:
            return False
        pieces = list(transcript.pieces)
        for index in indices:
            pieces[index] = replace(pieces[index], state="waiting", problem="")
        transcript = replace(transcript, pieces=tuple(pieces))
        self._start(_Job(conversation_id, attachment, transcript, prompt, list(indices)))
        return True

    def _start(self, job: _Job) -> None:
        self._count += 1
        job.number = self._count
        self._job = job
        self._save(job, job.transcript.pieces)
        self._next()

    def _next(self) -> None:
        job = self._job
        if job is None:
            return
        if not job.waiting:
            self._job = None
            self.changed.emit()
            if job.then is not None:
                job.then(job.transcript)
            return
        index = job.active = job.waiting.pop(0)
        self._set(job, index, state="running", problem="")
        piece, number = job.transcript.pieces[index], job.number
        self._reader.samples(
            job.attachment,
            piece.start_s,
            piece.end_s,
            lambda samples, why: self._heard.emit(number, index, samples, why),
        )

    def _on_samples(self, number: int, index: int, samples: Samples | None, why: str) -> None:
        job = self._job
        if job is None or job.number != number or job.active != index:
            return
        if samples is None or not len(samples):
            self._set(job, index, state="failed", problem=why or "There is no sound here.")
            self._next()
            return
        samples = louder(samples, job.attachment.selection.gain_db)
        audio = Audio(samples, name=job.attachment.name)
        request = Request(
            [Message("user", (Text(job.prompt), audio))],
            max_tokens=MOST_TOKENS,
            sampling=Sampling(temperature=0.0),
        )
        self._side.ask(request, lambda answer: self._on_answer(number, index, answer), OWNER)

    def _on_answer(self, number: int, index: int, answer: SideAnswer) -> None:
        job = self._job
        if job is None or job.number != number or job.active != index:
            return
        if answer.problem:
            self._set(job, index, state="failed", problem=answer.problem)
        else:
            self._set(job, index, state="done", text=answer.text.strip())
        self._next()

    def _set(self, job: _Job, index: int, **values: object) -> None:
        pieces = list(job.transcript.pieces)
        pieces[index] = replace(pieces[index], **values)  # type: ignore[arg-type]
        self._save(job, tuple(pieces))
        self.changed.emit()

    def _save(self, job: _Job, pieces: tuple[Piece, ...]) -> None:
        job.transcript = replace(job.transcript, pieces=pieces)
        self._put(job.conversation_id, job.transcript)

    def _put(self, conversation_id: str, transcript: Transcript) -> None:
        try:
            work = self._desk.get(conversation_id).work
        except KeyError:  # deleted meanwhile
            self._job = None
            return
        others = tuple(each for each in work.transcripts if not _replaces(transcript, each))
        self._desk.set_work(conversation_id, replace(work, transcripts=(*others, transcript)))


def new_transcript(
    attachment: Attachment,
    pieces: tuple[Piece, ...],
    task: str,
    language: str,
    target: str,
    model: str,
) -> Transcript:
    """A transcript that is still to be made."""
    return Transcript(new_id(), attachment.id, task, language, model, pieces, target)


def louder(samples: Samples, gain_db: float) -> Samples:
    """The samples with a gain, held within full scale."""
    if not gain_db:
        return samples
    raised = samples * np.float32(10 ** (gain_db / 20))
    return np.asarray(np.clip(raised, -1.0, 1.0), dtype=np.float32)


def _replaces(new: Transcript, old: Transcript) -> bool:
    return new.id == old.id or (new.source_id, new.task) == (old.source_id, old.task)
