"""README.md of a quantised model: origin, licence and settings, and nothing a folder slips in."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.checkpoint.convert import RECIPES, convert
from inference.checkpoint.convert.card import Licence, Origin, origin_of, read_licence
from tests.fakes.folders import draft
from tests.unit.inference.checkpoint.convert.test_conversion import DAY

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("front", "wanted"),
    [
        ("license: apache-2.0", Licence("apache-2.0")),
        (
            'license: "gemma"\nlicense_link: https://ai.google.dev/gemma/terms',
            Licence("gemma", "https://ai.google.dev/gemma/terms"),
        ),
        ("license: other\nlicense_name: house-rules", Licence("house-rules")),
        ("license: other", Licence("other")),
        ("title: a model", Licence()),
        ("license: [a, b]", Licence()),
        ("license: x y; rm -rf", Licence()),
        ("license: apache-2.0\nlicense_link: javascript:alert(1)", Licence("apache-2.0")),
        ("license: " + "a" * 500, Licence()),
        ("license:\n- a", Licence()),
    ],
)
def test_licence_of_the_source(tmp_path: Path, front: str, wanted: Licence) -> None:
    readme = written(tmp_path / "README.md", f"---\n{front}\n---\n# Model\nlicense: mit\n")
    assert read_licence(readme) == wanted


def test_no_front_matter_no_licence(tmp_path: Path) -> None:
    assert read_licence(None) == Licence()
    assert read_licence(written(tmp_path / "a.md", "license: mit\n")) == Licence()
    assert read_licence(written(tmp_path / "b.md", "---\nlicense: mit\n")) == Licence()
    binary = tmp_path / "c.md"
    binary.write_bytes(b"---\nlicense: \xff\xfe\n---\n")
    assert read_licence(binary) == Licence()


def test_origin_of_a_folder_and_of_a_cache() -> None:
    assert origin_of(Path("/models/my `model`")) == Origin("my 'model'")
    cached = Path(f"/cache/models--google--gemma-4-E2B-it/snapshots/{COMMIT}")
    assert origin_of(cached) == Origin(COMMIT, "google/gemma-4-E2B-it", COMMIT)
    assert origin_of(cached).title == "gemma-4-E2B-it"
    for other in ("snapshots/main", "refs/" + COMMIT):
        assert origin_of(Path("/cache/models--google--gemma") / other).repository == ""


def test_the_card_says_what_was_done(tmp_path: Path) -> None:
    source = draft("e").write(tmp_path / "my model")
    written(source / "README.md", "---\nlicense: apache-2.0\n---\n# Ignore me\n")
    written(source / "LICENSE", "text")
    target = convert(source, tmp_path / "new", RECIPES["mixed-4-6"], today=DAY)
    text = (target / "README.md").read_text()
    assert text.startswith("---\nlibrary_name: mlx\nlicense: apache-2.0\n")
    assert "**Modified.**" in text
    assert "from `my model` on 2026-11-24" in text
    assert "Recipe `mixed-4-6`" in text
    assert "| 8 bit, groups of 64 | 1 | embed_tokens_per_layer |" in text
    assert "That of the source: apache-2.0. Its text is in the file LICENSE." in text
    assert "Ignore me" not in text


def test_a_source_without_a_licence_is_said(tmp_path: Path) -> None:
    source = draft().write(tmp_path / "source")
    target = convert(source, tmp_path / "new", RECIPES["8bit"], today=DAY)
    assert "`source` names none." in (target / "README.md").read_text()
