"""Arguments of `facet models`, checked and frozen. Imports nothing heavy."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.cli.arguments import Parser
from app.cli.quantize_arguments import QuantizeOptions, add_quantize, quantize_options

MODELS_EPILOG = """\
  facet models list                     what there is, what is here, what suits this computer
  facet models download e2b-4bit        fetch a model; run it again to go on after an interruption
  facet models verify e2b-4bit          compare every byte with what was published
  facet models remove e2b-4bit          delete a downloaded model
  facet models quantize SOURCE TARGET   make a smaller model of a folder

Models go into the cache that other programs share (HF_HOME, HF_HUB_CACHE). HF_ENDPOINT, proxies
and HF_TOKEN are heeded; HF_HUB_OFFLINE=1 keeps Facet from connecting at all.
`facet models COMMAND --help` lists the options of each."""

EXITS = """\
Exit codes: 0 done, 2 failed (one sentence says why), 130 stopped with Ctrl-C."""


@dataclass(frozen=True, slots=True)
class ListOptions:
    """`folders` are searched besides the shared cache."""

    folders: tuple[Path, ...] = ()
    json: bool = False


@dataclass(frozen=True, slots=True)
class DownloadOptions:
    """`name` is a key of the catalogue or a repository in it."""

    name: str
    json: bool = False


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """`name` is a key, a repository or a folder."""

    name: str
    json: bool = False


@dataclass(frozen=True, slots=True)
class RemoveOptions:
    """`name` is a key or a repository; `is_sure` deletes without asking."""

    name: str
    is_sure: bool = False


ModelsOptions = ListOptions | DownloadOptions | VerifyOptions | RemoveOptions | QuantizeOptions


@dataclass(frozen=True, slots=True)
class ModelsParsers:
    """The parser of `facet models` and those of its commands."""

    models: Parser
    commands: Mapping[str, Parser]


def add_models(commands: argparse._SubParsersAction[Parser]) -> ModelsParsers:
    """Adds the command `models` to the parser of `facet`."""
    models = commands.add_parser(
        "models",
        usage="facet models COMMAND",
        description="Find, fetch, check, delete and shrink models.",
        epilog=MODELS_EPILOG,
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=30),
        allow_abbrev=False,
        add_help=False,
    )
    models.add_argument("-h", "--help", action="help", help="this text")
    below = models.add_subparsers(dest="what", metavar="COMMAND", prog="facet models")
    found = _command(below, "list", "", "Models to fetch, and those that are here.")
    found.add_argument(
        "--folder",
        dest="folders",
        type=Path,
        action="append",
        default=[],
        metavar="FOLDER",
        help="search this folder too; may be given several times",
    )
    _add_json(found, "one JSON object per model")
    fetch = _command(below, "download", "MODEL", "Fetch a model, or go on fetching it.")
    _add_json(fetch, "one JSON object per line of progress")
    check = _command(below, "verify", "MODEL", "Compare a model's files with what was published.")
    _add_json(check, "one JSON object per file")
    remove = _command(below, "remove", "MODEL", "Delete a downloaded model from the shared cache.")
    remove.add_argument("--yes", action="store_true", help="without asking")
    parsers = {"list": found, "download": fetch, "verify": check, "remove": remove}
    return ModelsParsers(models, {**parsers, "quantize": add_quantize(below)})


def models_options(parsers: ModelsParsers, parsed: argparse.Namespace) -> ModelsOptions:
    """The frozen options; ends the program with a sentence where there is no command."""
    if parsed.what is None:
        parsers.models.error("a command is missing: list, download, verify, remove or quantize")
    match parsed.what:
        case "list":
            return ListOptions(tuple(parsed.folders), parsed.json)
        case "download":
            return DownloadOptions(parsed.name, parsed.json)
        case "verify":
            return VerifyOptions(parsed.name, parsed.json)
        case "remove":
            return RemoveOptions(parsed.name, parsed.yes)
        case _:
            return quantize_options(parsers.commands["quantize"], parsed)


def _command(
    below: argparse._SubParsersAction[Parser], name: str, argument: str, description: str
) -> Parser:
    command = below.add_parser(
        name,
        usage=f"facet models {name} {argument}".rstrip() + " [options]",
        description=description,
        epilog=EXITS,
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=30),
        allow_abbrev=False,
        add_help=False,
    )
    if argument:
        command.add_argument(
            "name", metavar=argument, help="as `facet models list` names it, like e2b-4bit"
        )
    command.add_argument("-h", "--help", action="help", help="this text")
    return command


def _add_json(command: Parser, what: str) -> None:
    command.add_argument("--json", action="store_true", help=what)
