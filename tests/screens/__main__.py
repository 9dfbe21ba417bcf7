"""Grabs the scenes into a folder. `--only chat,error`, `--look dark`, `--list`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from pathlib import Path

LOOKS = ("light", "dark")


def main() -> int:
    """Returns 1 if a picture could not be made; the others are made all the same."""
    parser = argparse.ArgumentParser(prog="tests.screens", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screens"), metavar="DIR")
    parser.add_argument("--only", default="", metavar="NAMES", help="names with commas between")
    parser.add_argument("--look", choices=LOOKS, help="one look instead of both")
    parser.add_argument("--scale", default="1", help="device pixels for each logical one")
    parser.add_argument("--list", action="store_true", help="the names of the scenes")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_SCALE_FACTOR", options.scale)
    from app.main import application
    from tests.screens.scenes import SCENES

    if options.list:
        print("\n".join(SCENES))
        return 0
    _ = application()
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = [name for name in options.only.split(",") if name] or list(SCENES)
    looks = [options.look] if options.look else LOOKS
    failed = [
        name
        for name in wanted
        for look in looks
        if not _grab(name, look, options.out / f"{name}-{look}.png")
    ]
    return 1 if failed else 0


def _grab(name: str, look: str, target: Path) -> bool:
    from tests.screens.scenes import SCENES

    with tempfile.TemporaryDirectory(prefix="facet-screen-") as folder:
        stage = None
        try:
            stage = SCENES[name](Path(folder), look)  # type: ignore[arg-type]
            stage.grab().save(str(target))
        except Exception:
            traceback.print_exc()
            return False
        finally:
            if stage is not None:
                stage.close()
    print(target)
    return True


if __name__ == "__main__":
    sys.exit(main())
