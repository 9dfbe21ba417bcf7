"""Size, form and content of every source file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.tree import (
    imports,
    line_count,
    modules,
    project_files,
    size_summary,
    source,
    syntax,
    text_files,
)

LONGEST_MODULE = 500
LONGEST_FUNCTION = 60

FORBIDDEN_PACKAGES = {"jinja2", "torch", "transformers", "pickle", "marshal", "shelve"}
# Pairs of connected ends inside this computer: between Facet and its file reader, and between the
# engine and the process that follows grammars; see below.
GRAMMARS = "inference/generate/constraint/"
PAIRED = {"app/intake/channel.py", "app/intake/child.py", "app/intake/worker.py"} | {
    GRAMMARS + "child.py",
    GRAMMARS + "wire.py",
    GRAMMARS + "worker.py",
}
# The only rooms that open connections: to fetch models, and between the person's own computers.
REACHING = ("inference/hub/", "inference/distributed/")
NETWORK_PACKAGES = {"socket", "ssl", "http", "urllib", "ftplib", "requests", "httpx", "asyncio"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}

PERSONAL_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/[\w.]")
REGISTRY_HOST = re.compile(
    r"\b(?:(?:pypi|pythonhosted|npmjs|anaconda)\.(?:org|com)|crates\.io|deb\.debian\.)"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef

pytestmark = pytest.mark.skipif(not project_files(), reason="not a git checkout")


def test_no_module_is_too_long() -> None:
    lengths = {path: line_count(path) for path in modules()}
    too_long = {str(path): n for path, n in lengths.items() if n > LONGEST_MODULE}
    assert not too_long, f"longer than {LONGEST_MODULE} lines ({size_summary()})"


def test_no_function_is_too_long() -> None:
    too_long = {
        f"{path}:{function.lineno} {function.name}": length
        for path in modules()
        for function in _functions(path)
        if (length := _length_without_docstring(function)) > LONGEST_FUNCTION
    }
    assert not too_long


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path)
        for path in modules()
        if source(path).strip() and not ast.get_docstring(syntax(path))
    ]
    assert not silent


def test_imports_are_absolute() -> None:
    relative = [
        f"{path}:{line}"
        for path in modules()
        for name, line in imports(path)
        if name.startswith(".")
    ]
    assert not relative


@pytest.mark.parametrize("packages", [FORBIDDEN_PACKAGES, NETWORK_PACKAGES], ids=["code", "net"])
def test_the_product_imports_nothing_that_runs_foreign_code_or_reaches_out(
    packages: set[str],
) -> None:
    offences = [
        f"{path}:{line} imports {name}"
        for path in modules(product_only=True)
        for name, line in imports(path)
        if name.split(".")[0] in packages
        and not (name == "socket" and str(path) in PAIRED)
        and not (packages is NETWORK_PACKAGES and str(path).startswith(REACHING))
    ]
    assert not offences


def test_the_sockets_of_our_own_processes_reach_nobody_else() -> None:
    reaching = {"connect", "connect_ex", "create_connection", "bind", "listen", "accept"}
    calls = [
        f"{name}:{node.lineno} {node.attr}"
        for name in PAIRED
        for node in ast.walk(syntax(Path(name)))
        if isinstance(node, ast.Attribute) and node.attr in reaching
    ]
    assert not calls


def test_the_product_evaluates_no_text() -> None:
    offences = [
        f"{path}:{node.lineno} calls {node.func.id}"
        for path in modules(product_only=True)
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in FORBIDDEN_CALLS
    ]
    assert not offences


@pytest.mark.parametrize("pattern", [PERSONAL_PATH, REGISTRY_HOST], ids=["paths", "registries"])
def test_no_file_names_a_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path}:{number}: {match[0]}"
        for path in text_files()
        for number, line in enumerate(source(path).splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert not found


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("see " + "/home" + "/someone/x", PERSONAL_PATH),
        ("'/" + "root/.cache'", PERSONAL_PATH),
        ("https://" + "pypi" + ".org/simple", REGISTRY_HOST),
        ("https://files." + "pythonhosted" + ".org", REGISTRY_HOST),
    ],
)
def test_the_patterns_find_what_they_should(text: str, pattern: re.Pattern[str]) -> None:
    assert pattern.search(text)
    assert not pattern.search("frame" + "work/home, a/home/b and www.apache.org")


def _functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length_without_docstring(function: Function) -> int:
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function):
        docstring = function.body[0]
        length -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return length
