"""What fits where: verdicts from 8 to 128 GB, their order in every input, and their words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference import (
    CATALOGUE,
    CONTEXTS,
    SIZES,
    TEXT_ONLY,
    FitState,
    Machine,
    MediaLoad,
    Need,
    Size,
    catalogue_entry,
    estimate,
    fit_entry,
    fit_shape,
    read_shape,
    shape_of,
    speed_estimate,
    verdict,
)
from inference.hub.fit_parts import Device
from tests.bench.make_checkpoint import write_checkpoint
from tests.bench.sizes import find_size
from tests.bench.tensors import Quantisation
from tests.fakes.memory import GIB, mac

PARITY = Path(__file__).parents[3] / "parity" / "data"
BITS = (4, 6, 8, 16)
ORDER: tuple[FitState, ...] = ("fits", "slow", "wont_fit")

# Memory of the Mac -> the verdicts at 4, 8 and 16 bits with 8,192 tokens; f fits, s slow, - not.
VERDICTS = {
    8: {"E2B": "f--", "E4B": "---", "26B-A4B": "---", "31B": "---"},
    16: {"E2B": "fff", "E4B": "ff-", "26B-A4B": "---", "31B": "---"},
    24: {"E2B": "fff", "E4B": "fff", "26B-A4B": "---", "31B": "---"},
    32: {"E2B": "fff", "E4B": "fff", "26B-A4B": "s--", "31B": "---"},
    36: {"E2B": "fff", "E4B": "fff", "26B-A4B": "f--", "31B": "---"},
    48: {"E2B": "fff", "E4B": "fff", "26B-A4B": "fs-", "31B": "f--"},
    64: {"E2B": "fff", "E4B": "fff", "26B-A4B": "ff-", "31B": "ff-"},
    96: {"E2B": "fff", "E4B": "fff", "26B-A4B": "fff", "31B": "ffs"},
    128: {"E2B": "fff", "E4B": "fff", "26B-A4B": "fff", "31B": "fff"},
}


@pytest.mark.parametrize("gigabytes", VERDICTS)
def test_verdicts_on_macs_of_all_sizes(gigabytes: int) -> None:
    found = {
        size: "".join(
            "fs-"[ORDER.index(fit_shape(shape_of(size, bits), mac(gigabytes), 8_192).state)]
            for bits in (4, 8, 16)
        )
        for size in SIZES
    }
    assert found == VERDICTS[gigabytes]


sizes = st.sampled_from(SIZES)
contexts = st.integers(1, 300_000)
devices: st.SearchStrategy[Device] = st.sampled_from(["gpu", "cpu"])
media = st.builds(
    MediaLoad,
    image_tokens=st.integers(0, 1_120),
    frames=st.integers(0, 60),
    sound_s=st.floats(0, 30),
)


@settings(deadline=None)
@given(sizes, st.sampled_from(BITS), contexts, contexts, media, devices)
def test_more_context_never_needs_less(
    size: Size, bits: int, one: int, two: int, load: MediaLoad, device: Device
) -> None:
    shape = shape_of(size, bits)
    less, more = (
        estimate(shape, tokens, load, device=device).total for tokens in sorted((one, two))
    )
    assert less <= more


@settings(deadline=None)
@given(sizes, st.tuples(*[st.sampled_from((3, 4, 4.5, 6, 8, 16))] * 2), contexts, media, devices)
def test_more_bits_never_need_less(
    size: Size, bits: tuple[float, float], context: int, load: MediaLoad, device: Device
) -> None:
    less, more = (
        estimate(shape_of(size, b), context, load, device=device).total for b in sorted(bits)
    )
    assert less <= more


@settings(deadline=None)
@given(sizes, st.sampled_from(BITS), contexts, media, media, devices)
def test_more_media_never_need_less(
    size: Size, bits: int, context: int, one: MediaLoad, two: MediaLoad, device: Device
) -> None:
    more = MediaLoad(
        max(one.image_tokens, two.image_tokens),
        max(one.frames, two.frames),
        max(one.sound_s, two.sound_s),
    )
    shape = shape_of(size, bits)
    needs = [estimate(shape, context, load, device=device).total for load in (one, more)]
    assert needs[0] <= needs[1]


@given(st.integers(0, 10**12), st.integers(0, 512), st.integers(0, 512), st.booleans())
def test_more_memory_never_makes_a_worse_verdict(
    need: int, one: int, two: int, has_gpu: bool
) -> None:
    small, large = (
        replace(mac(gigabytes, gpu_share=0.75), gpu_bytes=gigabytes * GIB * 3 // 4 * has_gpu)
        for gigabytes in sorted((one, two))
    )
    whole = Need(need, 0, 0, 0, 0)
    assert ORDER.index(verdict(whole, small)) >= ORDER.index(verdict(whole, large))


@settings(deadline=None)  # the first of each size lists all its tensors
@given(sizes, st.sampled_from(BITS), contexts, media, st.integers(1, 512), st.integers(1, 512))
def test_a_larger_mac_never_fits_less(
    size: Size, bits: int, context: int, load: MediaLoad, one: int, two: int
) -> None:
    shape = shape_of(size, bits)
    small, large = (
        fit_shape(shape, mac(gigabytes, gpu_share=0.7), context, load).state
        for gigabytes in sorted((one, two))
    )
    assert ORDER.index(small) >= ORDER.index(large)


@settings(deadline=None)
@given(st.sampled_from(BITS), contexts, media, devices)
def test_a_larger_size_of_its_family_never_needs_less(
    bits: int, context: int, load: MediaLoad, device: Device
) -> None:
    pairs: tuple[tuple[Size, Size], ...] = (("E2B", "E4B"), ("26B-A4B", "31B"))
    for small, large in pairs:
        less, more = (
            estimate(shape_of(size, bits), context, load, device=device).total
            for size in (small, large)
        )
        assert less <= more


@settings(deadline=None)
@given(sizes, st.sampled_from(BITS), contexts, media, st.integers(4, 192))
def test_what_helps_really_helps(
    size: Size, bits: int, context: int, load: MediaLoad, gigabytes: int
) -> None:
    found = fit_shape(shape_of(size, bits), mac(gigabytes), context, load)
    assert (found.advice == "") == (found.state == "fits")
    assert sum(count for _, count in found.need.parts()) == found.need.total
    assert found.message.startswith("Needs about ")


def test_the_sum_is_said_with_the_change_that_helps() -> None:
    found = fit_entry(catalogue_entry("31b-8bit"), mac(48))
    assert found.state == "wont_fit"
    assert found.message.startswith("Needs about 39.")
    assert "this Mac can give the GPU 38.7 GB. It would load and then crawl" in found.message
    assert found.advice.startswith("Use 4-bit (2")
    long = fit_shape(shape_of("E2B", 4), mac(8), 131_072)
    assert long.advice.startswith("Keep the conversation within 8,192 tokens")
    crowded = fit_shape(shape_of("E4B", 8), mac(12), 131_072, TEXT_ONLY)
    assert "Too little would be left for other programs" in crowded.message
    tiny = fit_shape(shape_of("E2B", 4), mac(2))
    assert tiny.advice.startswith("No Gemma 4 fits this computer")


def test_on_a_computer_without_a_gpu_weights_that_are_not_packed_widen() -> None:
    packed, plain = shape_of("E4B", 4), shape_of("E4B", 16)
    on_cpu = {s.bits: estimate(s, 4_096, TEXT_ONLY, device="cpu").weights for s in (packed, plain)}
    on_gpu = {s.bits: estimate(s, 4_096, TEXT_ONLY).weights for s in (packed, plain)}
    assert on_cpu[16] == 2 * on_gpu[16]
    assert on_gpu[4] < on_cpu[4] < 1.001 * on_gpu[4]


def test_keys_and_values_are_those_of_the_shapes() -> None:
    """Per token of full attention in bf16: 6, 16, 20 and 80 KiB (the two caches of each size)."""
    for size, kibibytes in zip(SIZES, (6, 16, 20, 80), strict=True):
        shape = shape_of(size, 4)
        less, more = (estimate(shape, tokens, TEXT_ONLY).kv for tokens in (98_304, 131_072))
        assert more - less == 32_768 * kibibytes * 1024


def test_published_shapes_weigh_what_they_weigh() -> None:
    """Parameters of the published sizes in billions, 2 bytes each; 4 bits as the hub lists it."""
    for size, billions in zip(SIZES, (5.104, 7.941, 25.81, 31.27), strict=True):
        assert shape_of(size, 16).file_bytes == pytest.approx(2e9 * billions, rel=0.001)
    for entry in CATALOGUE:
        if entry.is_size_listed and not entry.is_qat and not entry.is_drafter:
            weight = shape_of(entry.size, entry.bits).file_bytes
            assert weight == pytest.approx(entry.download_bytes, rel=0.025), entry.key


def test_mixed_rows_are_weighed_by_their_download_and_drafters_alone() -> None:
    plain, mixed = (catalogue_entry(f"e4b-{kind}") for kind in ("4bit", "qat-4bit"))
    assert fit_entry(mixed, mac(16)).need.weights > fit_entry(plain, mac(16)).need.weights
    drafter = fit_entry(catalogue_entry("e2b-drafter"), mac(8))
    assert drafter.need.total == catalogue_entry("e2b-drafter").download_bytes
    assert drafter.state == "fits"


@pytest.mark.parametrize("name", ["e", "moe", "dense"])
def test_folders_are_weighed_from_their_headers(name: str) -> None:
    folder = PARITY / name
    if not folder.is_dir():
        pytest.skip("no such model")
    shape = read_shape(folder)
    on_disk = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    assert 0.9 * on_disk < shape.file_bytes <= on_disk
    assert shape.decoder.stored > 0
    assert (shape.table.stored > 0) == (name == "e")
    assert estimate(shape, 1_024).total > shape.decoder.stored


def test_packed_folders_do_not_widen_with_the_activations(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, find_size("tiny-e2b"), Quantisation(4, 64))
    shape = read_shape(tmp_path)
    assert shape.bits == 4
    assert shape.decoder.narrow < 0.1 * shape.decoder.stored
    assert shape.vision.narrow == shape.vision.stored
    assert shape.vision.resident(4) == 2 * shape.vision.resident(2)


def test_speed_follows_bandwidth_and_what_a_token_reads() -> None:
    machine = replace(mac(64, "Apple M4 Max"), bandwidth_bytes_per_s=410_000_000_000)
    speeds = {
        key: speed_estimate(catalogue_entry(key), machine) for key in ("26b-a4b-4bit", "31b-4bit")
    }
    assert speeds["31b-4bit"] == pytest.approx(19.0, rel=0.02)
    assert speeds["26b-a4b-4bit"] == pytest.approx(152, rel=0.02)
    assert speed_estimate(catalogue_entry("31b-4bit"), mac(64)) is None
    assert speed_estimate(catalogue_entry("31b-drafter"), machine) is None


def test_no_memory_fits_nothing() -> None:
    nowhere = Machine("", "", 0, 0, 0)
    assert fit_shape(shape_of("E2B", 4), nowhere).state == "wont_fit"
    assert max(CONTEXTS) == 262_144
