"""What the bundled program is called, brings and asks for: shared by the spec and its tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import __version__  # noqa: E402

NAME = "Facet"
IDENTIFIER = "org.facet-workbench.facet"
OLDEST_MACOS = "14.0"  # what MLX's wheels need
LANGUAGES = ("en", "de", "fr", "es", "ja", "zh-Hans")

MICROPHONE = "Record a clip for Gemma to hear. It stays on this Mac."
CAMERA = "Record a clip for Gemma to watch. It stays on this Mac."

# What Facet opens when it is dropped on the Dock: the system keeps its own usual programs.
DOCUMENTS: dict[str, tuple[str, ...]] = {
    "Picture": ("public.image",),
    "Film": ("public.movie",),
    "Recording": ("public.audio",),
    "Document": (
        "com.adobe.pdf",
        "org.openxmlformats.wordprocessingml.document",
        "org.openxmlformats.spreadsheetml.sheet",
        "org.openxmlformats.presentationml.presentation",
    ),
    "Text": (
        "public.plain-text",
        "public.comma-separated-values-text",
        "net.daringfireball.markdown",
    ),
}

# Folders and files that come along unchanged: from, to.
DATA = (
    ("assets/tiny/model", "assets/tiny/model"),
    ("assets/icons", "assets/icons"),
    ("assets/examples/*.png", "assets/examples"),
    ("assets/examples/*.mp4", "assets/examples"),
    ("assets/examples/*.wav", "assets/examples"),
    ("assets/examples/*.pdf", "assets/examples"),
    ("assets/proof", "assets/proof"),
    ("assets/languages/*.qm", "assets/languages"),
)

# Large parts of packages that nothing here uses.
LEFT_OUT = (
    *("tkinter", "pytest", "hypothesis", "mypy", "ruff", "jinja2", "torch", "transformers"),
    *(
        f"PySide6.Qt{name}"
        for name in (
            *("Qml", "Quick", "QuickWidgets", "Quick3D", "Pdf", "PdfWidgets", "OpenGL"),
            *("OpenGLWidgets", "Charts", "DataVisualization", "Designer", "Help", "Sql", "Test"),
            *("WebEngineCore", "WebEngineWidgets", "WebChannel", "WebSockets", "3DCore", "Xml"),
        )
    ),
)


def information() -> dict[str, Any]:
    """The Info.plist of the program."""
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleShortVersionString": __version__,
        "CFBundleVersion": __version__,
        "CFBundlePackageType": "APPL",
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": list(LANGUAGES),
        "CFBundleAllowMixedLocalizations": True,
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSArchitecturePriority": ["arm64"],
        "NSHighResolutionCapable": True,
        "NSPrincipalClass": "NSApplication",
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSMicrophoneUsageDescription": MICROPHONE,
        "NSCameraUsageDescription": CAMERA,
        "NSHumanReadableCopyright": "Free software; see Licences in About Facet.",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": name,
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": list(types),
            }
            for name, types in DOCUMENTS.items()
        ],
    }


def entitlements() -> dict[str, bool]:
    """What the hardened program may do; without these two it would record silence and darkness."""
    return {
        "com.apple.security.device.audio-input": True,
        "com.apple.security.device.camera": True,
    }


def data() -> list[tuple[str, str]]:
    """`DATA` as far as it is there, with whole paths."""
    found = []
    for pattern, place in DATA:
        found += [(str(path), place) for path in sorted(ROOT.glob(pattern))]
    return found
