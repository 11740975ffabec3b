"""Runs the snippets of docs/guide.*.md, in order, against LIVRET_URL, as a newcomer who pastes them.

The shell ones share one shell; the TypeScript ones are one module, checked against the types made of the
contract and run with Node.js. Both
languages must show the same code under the same headings.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
THIRD_PARTY = ROOT / "tests/third_party"
GUIDES = [ROOT / "docs/guide.en.md", ROOT / "docs/guide.fr.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)


def structure(text):
    """The levels of its headings and its code, in order."""
    blocks = BLOCK.findall(text)
    return [len(marks) for marks in HEADING.findall(BLOCK.sub("", text))], blocks


def run_shell(blocks, environment):
    lines = ["set -euo pipefail"]
    for number, block in enumerate(blocks, 1):
        lines += [f"trap 'echo \"shell snippet {number} of the guide failed: $BASH_COMMAND\" >&2' ERR", block]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["bash", "-c", "\n".join(lines)], cwd=folder, env=environment, check=True)


def run_typescript(blocks, environment):
    with tempfile.TemporaryDirectory() as name:
        compile_and_run(pathlib.Path(name), blocks, environment)


def compile_and_run(folder, blocks, environment):
    (folder / "node_modules").symlink_to(THIRD_PARTY / "node_modules")
    contract = ROOT / "openapi/openapi.json"
    types = ["node_modules/.bin/openapi-typescript", contract, "-o", "livret.d.ts"]
    subprocess.run(types, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    shutil.copy(THIRD_PARTY / "clients/typescript/tsconfig.json", folder)
    (folder / "package.json").write_text('{"type": "module"}')
    # What @types/node says of it.
    (folder / "node.d.ts").write_text(
        "declare const process: { env: Record<string, string | undefined> };\ninterface Buffer extends Uint8Array {}\n"
    )
    (folder / "guide.ts").write_text("\n".join(blocks))
    subprocess.run(["node_modules/.bin/tsc", "--project", "."], cwd=folder, check=True)
    subprocess.run(["node", "guide.js"], cwd=folder, env=environment, check=True)


def main():
    english, french = (structure(guide.read_text()) for guide in GUIDES)
    if english != french:
        return "docs/guide.en.md and docs/guide.fr.md differ in their headings or their code"
    environment = {**os.environ, "LIVRET": os.environ["LIVRET_URL"]}
    for language, run in [("sh", run_shell), ("ts", run_typescript)]:
        blocks = [code for name, code in english[1] if name == language]
        assert blocks, f"no snippet in {language}"
        run(blocks, environment)
        print(f"guide: {len(blocks)} snippets in {language} work")
    return 0


if __name__ == "__main__":
    sys.exit(main())
