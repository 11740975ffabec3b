"""Checks what no compiler reads: the Dockerfile, docker-compose.yml, the links of the documents and what they name.

Needs docker, dockerfile-parse and PyYAML. Prints each fault and fails if there is one.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml
from docker.utils import exclude_paths
from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).resolve().parent.parent
faults = []
# What documents name and the repository does not hold: the archive of exports, packages of npm.
MADE_LATER = {"manifest.json", "tests/third_party/node_modules"}
OF_LIBRARIES = {"clap", "Args", "Entity", "find", "crate", "row"}


def dockerfile():
    steps = DockerfileParser(fileobj=(ROOT / "Dockerfile").open("rb")).structure
    names = [step["instruction"] for step in steps if step["instruction"] != "COMMENT"]
    known = (
        "ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN STOPSIGNAL USER VOLUME WORKDIR"
    ).split()
    faults.extend(f"Dockerfile: unknown instruction {name}" for name in names if name not in known)
    if names[:1] != ["FROM"] or names.count("FROM") != 2:
        faults.append("Dockerfile: two stages are expected")
    last_stage = names[len(names) - names[::-1].index("FROM") :]
    for name in ("USER", "VOLUME", "HEALTHCHECK", "ENTRYPOINT"):
        if name not in last_stage:
            faults.append(f"Dockerfile: the last stage has no {name}")
    for step in steps:
        array = step["value"][step["value"].find("[") :]
        if step["instruction"] in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
            try:
                json.loads(array)
            except ValueError as error:
                faults.append(f"Dockerfile: {step['instruction']} is no JSON array: {error}")


def build_context():
    """What the build needs is not left out by .dockerignore: sources, and the files that they take in."""
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in ("", "#")]
    sent = set(exclude_paths(str(ROOT), patterns))
    needed = {ROOT / "Cargo.toml", ROOT / "Cargo.lock"}
    for crate in ("api", "entity", "migration", "tests", "tests/bare", "tests/fuzz"):
        needed.add(ROOT / crate / "Cargo.toml")
        for source in (ROOT / crate / "src").rglob("*.rs"):
            needed.add(source)
            taken_in = re.findall(r'include_(?:str|bytes)!\("([^"]+)"\)', source.read_text())
            needed.update((source.parent / name).resolve() for name in taken_in)
    paths = sorted(str(path.relative_to(ROOT)) for path in needed)
    faults.extend(f".dockerignore: leaves out {path}" for path in paths if path not in sent)


def compose():
    text = (ROOT / "docker-compose.yml").read_text()
    document = yaml.safe_load(text)
    services, volumes = document["services"], document.get("volumes", {})
    for name, service in services.items():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if not source.startswith((".", "/")) and source not in volumes:
                faults.append(f"docker-compose.yml: {name} mounts an unknown volume {source}")
        for other in service.get("depends_on", {}):
            if other not in services:
                faults.append(f"docker-compose.yml: {name} depends on an unknown service {other}")
        for variable, value in service.get("environment", {}).items():
            if "PASSWORD" in variable and not str(value).startswith("${"):
                faults.append(f"docker-compose.yml: {variable} of {name} is a committed secret")


def settings():
    """Each variable of config.rs stands in .env.example and in the README."""
    wanted = set(re.findall(r'env = "(LIVRET_\w+)"', (ROOT / "api/src/foundation/config.rs").read_text()))
    for name in (".env.example", "README.md"):
        text = (ROOT / name).read_text()
        faults.extend(f"{name}: {variable} is missing" for variable in sorted(wanted) if variable not in text)


def tracked(*patterns):
    listed = ["git", "ls-files", "-co", "--exclude-standard", *patterns]
    return subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


def links():
    for name in tracked("*.md"):
        text = re.sub(r"```.*?```|`[^`\n]*`", "", (ROOT / name).read_text(), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            path = target.split("#")[0]
            if path and "://" not in target and not (ROOT / name).parent.joinpath(path).exists():
                faults.append(f"{name}: broken link {target}")


def named():
    """Files, folders and names of the code that documents put between back-ticks are there."""
    names = {Path(name).name for name in tracked()} | MADE_LATER
    code = "".join((ROOT / name).read_text() for name in tracked("*.rs"))
    holders = set(re.findall(r"\b(?:struct|enum|trait|type|mod) (\w+)", code)) | OF_LIBRARIES
    made = set(re.findall(r"\b(?:fn|const|static|macro_rules!) (\w+)", code)) | holders
    for name in tracked("*.md"):
        text = re.sub(r"```.*?```", "", (ROOT / name).read_text(), flags=re.S)
        for span in re.findall(r"`([^`\s]+)[^`]*`", text):
            if re.fullmatch(r"(?:api|entity|migration|tests|docs|openapi|kit|\.ci)(?:/[\w.*-]+)+/?", span):
                there = span in MADE_LATER or any(ROOT.glob(span.replace("NNNN", "*"))) or any(ROOT.glob(f"api/src/{span}"))
            elif re.fullmatch(r"[\w-]+\.(?:rs|py|toml|ya?ml|json|md|js)", span):
                there = span in names
            elif re.fullmatch(r"[a-zA-Z_]\w*(?:::\w+)+", path := re.split(r"[(<!]", span)[0]):
                *within, last = path.split("::")
                there = last in made and holders.issuperset(within)
            else:
                continue
            if not there:
                faults.append(f"{name}: `{span}` is not there")


def decisions():
    """Each decision is listed, and the next one has the next number."""
    listed = (ROOT / "docs/adr/README.md").read_text()
    written = sorted(path.name for path in (ROOT / "docs/adr").glob("0*.md"))
    faults.extend(f"docs/adr/README.md: {name} is missing" for name in written if name not in listed)
    if f"Next number: {len(written) + 1:04}." not in listed:
        faults.append(f"docs/adr/README.md: the next number is {len(written) + 1:04}")


for check in (dockerfile, build_context, compose, settings, links, named, decisions):
    check()
if faults:
    sys.exit("\n".join(faults))
print("Dockerfile, docker-compose.yml, settings, links and names: fine")
