"""The pictures of a clip from those that are needed on: what comes before is not decoded if a key
picture lies between, which makes one picture a second many times cheaper than all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from app.intake.frames import damaged
from app.intake.source import Source

MOST_BAD_PACKETS = 50
MOST_HELD = 400  # packets that wait to be needed
EARLY_S = 1e-6  # times are rounded


def needed(
    container: InputContainer,
    stream: VideoStream,
    source: Source,
    wanted: Callable[[], float | None],
) -> Iterator[VideoFrame]:
    """Pictures in order of time: all from `wanted()` on, and some before.

    `wanted()` is the file's time in seconds from which pictures are of use, looked at before each
    packet; None: every picture is. A packet that cannot be decoded is skipped. Raises MediaError
    after many of those without one picture.
    """
    held: list[Packet[VideoStream]] = []
    bad, good = 0, 0
    for packet in container.demux(stream):
        from_s = wanted()
        ahead = _seconds_ahead(packet, from_s)
        if held and packet.is_keyframe and ahead >= -EARLY_S:
            # Whatever is shown from here on needs nothing from before.
            held.clear()
            stream.codec_context.flush_buffers()
        held.append(packet)
        if ahead > EARLY_S and len(held) < MOST_HELD:
            continue
        for each in held:
            try:
                frames = each.decode()
            except av.FFmpegError as error:
                bad += 1
                if bad > MOST_BAD_PACKETS and not good:
                    raise damaged(source) from error
                continue
            good += len(frames)
            yield from frames
        held = []


def _seconds_ahead(packet: Packet[VideoStream], wanted: float | None) -> float:
    """How long before the wanted time a packet's picture is shown; negative where nobody knows."""
    if wanted is None or packet.pts is None or packet.time_base is None:
        return -math.inf
    return wanted - float(packet.pts * packet.time_base)
