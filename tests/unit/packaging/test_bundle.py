"""What the bundled program brings and asks for, and whose work may be in it."""

from __future__ import annotations

import importlib.util
import plistlib
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from app.core.bundled import ASSETS
from app.core.licences import Notice, as_json, installed, notices, plain

PACKAGING = Path(__file__).parents[3] / "packaging"
SMALLEST_LIST = 12  # packages that Facet cannot be without


def tool(name: str) -> ModuleType:
    """A script of the packaging folder, as a module."""
    spec = importlib.util.spec_from_file_location(f"facet_{name}", PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_mac_is_told_what_it_has_to_know() -> None:
    bundle = tool("facet_bundle")
    told = plistlib.loads(plistlib.dumps(bundle.information()))
    assert told["CFBundleShortVersionString"].count(".") == 2
    # Without its sentence the system ends the program that asks for a device.
    for device in ("Microphone", "Camera"):
        assert "stays on this Mac" in told[f"NS{device}UsageDescription"]
    assert all(kind["CFBundleTypeRole"] == "Viewer" for kind in told["CFBundleDocumentTypes"])
    assert all(kind["LSHandlerRank"] == "Alternate" for kind in told["CFBundleDocumentTypes"])
    opened = {name for kind in told["CFBundleDocumentTypes"] for name in kind["LSItemContentTypes"]}
    assert {"public.image", "public.movie", "public.audio", "com.adobe.pdf"} <= opened


def test_the_hardened_program_may_record_and_nothing_more() -> None:
    allowed = plistlib.loads(plistlib.dumps(tool("facet_bundle").entitlements()))
    assert allowed == {
        "com.apple.security.device.audio-input": True,
        "com.apple.security.device.camera": True,
    }


def test_model_icons_and_examples_come_along() -> None:
    found = {(Path(path).name, place) for path, place in tool("facet_bundle").data()}
    assert ("model", "assets/tiny/model") in found
    assert ("icons", "assets/icons") in found
    for name in ("chart.png", "clip.mp4", "memo.wav", "report.pdf"):
        assert (name, "assets/examples") in found


def test_every_package_in_use_was_looked_at() -> None:
    licences = tool("licences")
    known = licences.tomllib.loads((PACKAGING / "licences.toml").read_text())["packages"]
    found = installed()
    assert len(found) >= SMALLEST_LIST
    assert licences.checked(found, known) == []
    page = licences.page(found, known)
    assert page[0].name == "Facet"
    assert all(notice.text for notice in page)
    texts = {notice.name: notice.text for notice in page}
    assert "GNU GENERAL PUBLIC LICENSE" in texts["GPL-3.0"]
    assert "replace them" in texts["pyside6-essentials"]


@pytest.mark.parametrize("broken", ["unknown", "changed"])
def test_what_nobody_has_looked_at_stops_the_build(broken: str) -> None:
    licences = tool("licences")
    ours = Notice("numpy", "2.4", "BSD-3-Clause", "text")
    known = {"numpy": ["BSD-3-Clause", "notice"]}
    assert licences.checked((ours,), known) == []
    other = replace(ours, name="strange") if broken == "unknown" else replace(ours, licence="AGPL")
    (problem,) = licences.checked((ours, other), known)
    assert problem.startswith(other.name)


def test_the_list_of_a_bundle_reads_back(tmp_path: Path) -> None:
    from app.core.licences import _listed

    listed = (Notice("a", "1", "MIT", "naïve “text”"), Notice("b", "2", "", ""))
    (tmp_path / "licences.json").write_text(as_json(listed), encoding="utf-8")
    assert _listed(tmp_path / "licences.json") == listed


def test_from_source_the_packages_themselves_are_asked() -> None:
    assert not (ASSETS / "licences.json").exists()
    assert {"numpy", "mlx", "pillow"} <= {notice.name for notice in notices()}
    assert plain("PySide6_Addons") == "pyside6-addons"
