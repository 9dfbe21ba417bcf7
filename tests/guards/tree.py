"""The project's own files, for the tests that read them as text or syntax trees."""

from __future__ import annotations

import ast
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("app", "inference")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that git tracks or would track, relative to the root; empty without git."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return ()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    names = [name for name in listed.decode().split("\0") if name]
    return tuple(sorted(Path(name) for name in names if (ROOT / name).is_file()))


def modules(*, product_only: bool = False) -> list[Path]:
    """The Python files among them."""
    files = [path for path in project_files() if path.suffix == ".py"]
    return [path for path in files if path.parts[0] in PRODUCT] if product_only else files


def text_files() -> Iterator[Path]:
    """Those that hold text. A zero byte near the start makes a file binary, as git sees it."""
    for path in project_files():
        with (ROOT / path).open("rb") as file:
            if b"\0" not in file.read(8000):
                yield path


@cache
def source(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(source(path))


def line_count(path: Path) -> int:
    return len(source(path).splitlines())


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Full name and line of everything a module imports, at any depth; `from a import b` is a."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), node.lineno


def size_summary() -> str:
    """One line about the sizes of the product's modules."""
    sizes = {path: line_count(path) for path in modules(product_only=True)}
    if not sizes:
        return "not counted, this is no git checkout"
    longest = max(sizes, key=lambda path: sizes[path])
    written = [size for size in sizes.values() if size]
    median = statistics.median(written)
    return f"{len(written)}, median {median:.0f} lines, longest {sizes[longest]} ({longest})"
