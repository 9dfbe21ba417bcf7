"""`facet --smoke`: whether this copy of Facet is whole. Meant for the bundled program.

Loads the demonstration model, answers about a picture through the window (off the screen), decodes
each kind of file in the reader's process, draws, writes reports, and says of each part how it went.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from app import __version__
from app.core.bundled import bundled_model, example
from app.core.licences import notices
from app.core.tools.units import convert
from app.demo import run_demo
from app.intake.runner import Job
from app.intake.selection import Selection
from app.intake.worker import Worker
from inference import Engine, Event, Finished, Message, Request, Text

PASSED, FAILED = 0, 2
LIMIT_S = 60.0
RATE = 16_000
SIDE = 64  # pixels


class BrokenError(Exception):
    """A part of this copy does not do its work."""


def run_smoke() -> int:
    """Try every part; print a line for each. Returns the exit code."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    kind = "bundle" if getattr(sys, "frozen", False) else "source"
    print(f"Facet {__version__} ({kind}), Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="facet-smoke-") as folder:
        return _run(Path(folder))


def _run(folder: Path) -> int:
    worker = Worker()
    parts: list[tuple[str, Callable[[], str]]] = [
        ("window, model and reports", lambda: _demonstration(folder)),
        ("clip", lambda: _clip(worker)),
        ("recording", lambda: _recording(worker, folder)),
        ("sound by FFmpeg", lambda: _aac(worker, folder)),
        ("HEIC and JPEG", lambda: _pictures(worker, folder)),
        ("PDF page", lambda: _page(worker, folder)),
        ("answers held to a schema", _schema),
        ("questions to a table", lambda: _table(worker, folder)),
        ("units", lambda: convert("3", "km", "m")),
        ("playing and recording", _multimedia),
        ("formulas and code", _drawing),
        ("licences", _licences),
    ]
    failures = 0
    try:
        for name, part in parts:
            try:
                print(f"ok      {name}: {part()}", flush=True)
            except Exception as error:
                failures += 1
                print(f"FAILED  {name}: {type(error).__name__}: {error}", flush=True)
    finally:
        worker.close()
    return FAILED if failures else PASSED


def _demonstration(folder: Path) -> str:
    code = run_demo(folder / "demo")
    written = sorted(path.name for path in (folder / "demo").glob("*"))
    _check(code == PASSED, "the demonstration failed")
    _check({"report.html", "report.pdf", "window.png"} <= set(written), f"only {written}")
    return ", ".join(written)


def _clip(worker: Worker) -> str:
    path = _example("clip.mp4")
    (clip, *_), _ = worker.call(_job("selected", path, "video", path.name, Selection()))
    _check(len(clip.frames) > 1, "no frames")
    return f"{len(clip.frames)} frames"


def _recording(worker: Worker, folder: Path) -> str:
    path = folder / "tone.wav"
    tone = (np.sin(np.arange(2 * RATE) / 10.0) * 8000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(tone.tobytes())
    return _heard(worker, path, 2.0)


def _aac(worker: Worker, folder: Path) -> str:
    import av
    from av.audio.stream import AudioStream

    path = folder / "tone.m4a"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        _check(isinstance(stream, AudioStream), "no AAC")
        tone = np.sin(np.arange(2 * RATE) / 10.0).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return _heard(worker, path, 2.0)


def _heard(worker: Worker, path: Path, seconds: float) -> str:
    samples = worker.call(_job("samples", path, 0.0, 10.0))
    found = len(samples) / RATE
    _check(abs(found - seconds) < 0.2, f"{found:.2f} s instead of {seconds:.2f}")
    return f"{found:.2f} s"


def _pictures(worker: Worker, folder: Path) -> str:
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    for name in ("a.heic", "a.jpg"):
        Image.new("RGB", (SIDE, SIDE), (200, 30, 30)).save(folder / name)
        pixels = worker.call(_job("picture", folder / name, SIDE))
        _check(pixels.shape == (SIDE, SIDE, 3) and pixels[..., 0].mean() > 150, f"{name} is wrong")
    return "read and written"


def _page(worker: Worker, folder: Path) -> str:
    path = folder / "demo" / "report.pdf"  # just written
    pixels = worker.call(_job("page", path, path.name, 1, 400))
    _check(pixels.ndim == 3 and pixels.std() > 0, "an empty page")
    words = worker.call(_job("page_words", path, path.name, 1))
    _check(bool(words.strip()), "a page without words")
    return f"{pixels.shape[1]} x {pixels.shape[0]}, {len(words)} characters"


def _schema() -> str:
    folder = bundled_model()
    if folder is None:
        raise BrokenError("the demonstration model is missing")
    events: list[Event] = []
    with Engine() as engine:
        engine.load(folder, on_event=events.append).wait()
        schema = {"type": "object", "properties": {"a": {"enum": [1]}}, "required": ["a"]}
        message = Message("user", (Text("Give the values as JSON."),))
        engine.submit(Request([message], schema=schema, max_tokens=200), events.append).wait()
    report = events[-1].constraint if isinstance(events[-1], Finished) else None
    _check(report is not None and report.level == "strict", f"not enforced: {report}")
    return "strict"


def _table(worker: Worker, folder: Path) -> str:
    path = folder / "sales.csv"
    path.write_text("Month,Total\nJan,120\nFeb,148\n")
    sql = 'SELECT sum("Total") AS total FROM sales'
    rest = (path.name, (("sales", path, path.name, 0),), (), sql, 10)
    names, rows, _ = worker.call(_job("query_tables", path, *rest))
    _check((names, rows) == (("total",), (("268",),)), f"{names} {rows}")
    return str(rows[0][0])


def _multimedia() -> str:
    from PySide6.QtMultimedia import QMediaFormat

    known = QMediaFormat().supportedVideoCodecs(QMediaFormat.ConversionMode.Decode)
    _check(bool(known), "Qt Multimedia has no decoders")
    return f"{len(known)} kinds of film"


def _drawing() -> str:
    from app.markdown.lexers import lexer_of
    from app.markdown.math import draw

    _check(draw(r"\frac{a}{b}", 14.0, False) is not None, "a formula cannot be drawn")
    _check(lexer_of("python") is not None, "code cannot be coloured")
    return "drawn"


def _licences() -> str:
    found = notices()
    _check(bool(found), "no licences are listed")
    return f"{len(found)} parts"


def _job(kind: str, path: Path, *rest: Any) -> Job:
    return Job(kind, path, path.name, rest, LIMIT_S)


def _example(name: str) -> Path:
    path = example(name)
    if path is None:
        raise BrokenError(f"the example {name} is missing")
    return path


def _check(is_right: bool, problem: str) -> None:
    if not is_right:
        raise BrokenError(problem)
