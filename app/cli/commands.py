"""The first word of the command line: which command, with its frozen options. Nothing heavy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app import __version__
from app.cli.arguments import AskOptions, Parser, add_ask, ask_options
from app.cli.bench_arguments import BenchOptions, add_bench, bench_options
from app.cli.check_arguments import CheckOptions, add_check, check_options
from app.cli.models_arguments import ModelsOptions, add_models, models_options

SMOKE = "--smoke"
SHORT_HELP = """\
Ask Gemma 4 about text, pictures, video and sound. Everything stays on this machine.

  facet [FILE ...]                 open the window, with these files in the message
  facet ask MODEL "question" [--image FILE] [--video FILE] [--audio FILE] [--document FILE]
  facet check MODEL                test what a model really sees, hears and writes
  facet bench MODEL                measure how fast a model is on this computer
  facet models COMMAND             list, download, verify, remove, quantize
  facet demo [--out FOLDER]        the bundled chart read without a screen

MODEL is a folder with a Gemma 4 checkpoint (config.json, tokenizer.json, *.safetensors),
or `tiny`, the small demonstration model that comes with Facet.
`facet ask --help` lists every option."""


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """Open the window; `files` go into the message."""

    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class SmokeOptions:
    """Try whether this copy of Facet is whole; not in the help."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Read the bundled chart without a screen; report and pictures go to `folder`."""

    folder: Path


Command = (
    AskOptions
    | BenchOptions
    | CheckOptions
    | ModelsOptions
    | WindowOptions
    | DemoOptions
    | SmokeOptions
)


def parse_arguments(arguments: Sequence[str]) -> Command | None:
    """The command with its options; None when the short help is wanted.

    Raises SystemExit once help, the version or a sentence about a wrong argument is printed.
    """
    if list(arguments) == [SMOKE]:
        return SmokeOptions()
    if not arguments or _are_files(arguments):
        return WindowOptions(tuple(map(Path, arguments)))
    parser = Parser(prog="facet", add_help=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="version", version=f"facet {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="facet")
    ask = add_ask(commands)
    add_check(commands)
    models = add_models(commands)
    add_bench(commands)
    demo = commands.add_parser(
        "demo",
        usage="facet demo [--out FOLDER]",
        description="Read the bundled chart with the demonstration model, without a screen.",
        allow_abbrev=False,
    )
    demo.add_argument(
        "--out",
        type=Path,
        default=Path("facet-demo"),
        metavar="FOLDER",
        help="where the report and the pictures of the window go (facet-demo)",
    )
    parsed = parser.parse_args(arguments)
    if parsed.command == "ask":
        return ask_options(ask, parsed)
    if parsed.command == "check":
        return check_options(parsed)
    if parsed.command == "models":
        return models_options(models, parsed)
    if parsed.command == "bench":
        return bench_options(parsed)
    if parsed.command == "demo":
        return DemoOptions(parsed.out)
    return None


def _are_files(arguments: Sequence[str]) -> bool:
    """Whether everything named is a file: then the window opens with them."""
    return all(Path(name).is_file() for name in arguments)
