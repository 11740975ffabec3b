#!/usr/bin/env python3
"""Who names whom in `api/src`: circles between files and between folders, which nobody can read in one direction.

    python3 docs/measure/imports.py [--arrows]

It reads `use` lines and the paths in the code; a name that a module only passes on (`pub use`) leads to where it is
made, so that a façade is no knot of its own. Unit tests do not count. A file's folder is its first segment under
`api/src`, and below a group of folders its first two. `--arrows` also prints, for each circle, the arrows that go back
up in the order of its members that leaves the fewest: which to turn around first.
"""
import collections
import pathlib
import re
import sys

SRC = pathlib.Path(__file__).resolve().parents[2] / "api" / "src"
GROUPS = ("booklet", "foundation", "outside", "people", "program", "reference", "trust")
LITERAL = re.compile(r'''\bb?r(#*)"(?s:.)*?"\1|"(?:\\(?s:.)|[^"\\])*"|'(?:\\[^']+|[^'\\])'|//[^\n]*|/\*(?s:.)*?\*/''')
USE = re.compile(r"(\bpub(?:\([^)]*\))?\s+)?\buse\s+([^;]+);")
BRACES = re.compile(r"([^{},\s]*)\{([^{}]*)\}")
PATH = re.compile(r"(?<![\w:])([a-z_]\w*(?:\s*::\s*\w+)+)")


def plain(literal):
    """Without comments and strings, but with the paths that attributes hold in strings."""
    path = re.fullmatch(r'"((?:crate|super|self)(?:::\w+)+)"', literal[0])
    return path[1] if path else " "


def without_tests(code):
    """And the modules that only tests have."""
    only_tests = set()
    while found := re.search(r"#\[cfg\(test\)\]\s*(?:[^;{]*\bmod\s+(\w+)\s*;|[^;{]*[;{])", code):
        only_tests |= {found[1]} if found[1] else set()
        end, depth = found.end(), found[0][-1] == "{"
        while depth:
            depth += {"{": 1, "}": -1}.get(code[end], 0)
            end += 1
        code = code[:found.start()] + code[end:]
    return code, only_tests


def leaves(tree):
    """The paths of a `use` tree, each with the name that it gets."""
    while "{" in tree:
        tree = BRACES.sub(lambda inner: ",".join(inner[1] + part for part in re.split(r"\s*,\s*", inner[2])), tree)
    for leaf in tree.split(","):
        path, _, name = leaf.partition(" as ")
        path = tuple(re.findall(r"\w+|\*", path.removesuffix("::self")))
        yield path, name.strip() or path[-1]


class File:
    """One module: what it says without its imports, and which names it imports."""

    def __init__(self, path):
        self.name = str(path.relative_to(SRC))
        parts = path.relative_to(SRC).with_suffix("").parts
        self.module = parts[:-1] if parts[-1] in ("mod", "lib") else parts
        code, self.only_tests = without_tests(LITERAL.sub(plain, path.read_text()))
        self.uses = [(leaf, name, pub) for pub, tree in USE.findall(code) for leaf, name in leaves(tree)]
        self.names = {name: leaf for leaf, name, _ in self.uses if name != "*"}
        self.code = re.sub(r"\bmod\s+\w+\s*;", " ", USE.sub(" ", code))
        depth = 2 if self.module[:1] and self.module[0] in GROUPS else 1
        self.folder = "/".join(self.module[:depth]) or self.name


def absolute(files, module, path):
    """A path as seen from a module, from the root of the crate; nothing when it leads elsewhere."""
    if path[0] in ("crate", "api"):
        return path[1:]
    if path[0] in ("self", "super"):
        up = path.count("super")
        return module[:len(module) - up] + tuple(part for part in path if part not in ("self", "super"))
    if module + path[:1] in files:
        return module + path
    leaf = files[module].names.get(path[0])
    return absolute(files, module, leaf + path[1:]) if leaf and leaf[0] != path[0] else None


def home(files, path, seen=()):
    """The module where the thing at an absolute path is made, and whether the path names the module itself."""
    depth = max(depth for depth in range(len(path) + 1) if path[:depth] in files)
    module, rest = path[:depth], path[depth:]
    leaf = files[module].names.get(rest[0]) if rest else None
    further = leaf and path not in seen and absolute(files, module, leaf + rest[1:])
    return home(files, further, (*seen, path)) if further else (module, not rest)


def arrows(files):
    for file in files.values():
        inline = {tuple(re.split(r"\s*::\s*", path)) for path in PATH.findall(file.code)}
        inline |= {leaf for leaf, name, pub in file.uses if not pub or re.search(rf"\b{name}\b", file.code)}
        for path in inline:
            target = absolute(files, file.module, path)
            module, is_module = home(files, target) if target is not None else (None, False)
            # A module that is only imported is used by the paths that begin with it.
            if module is not None and module != file.module and not is_module:
                yield file, files[module]


def circles(pairs):
    """Strongly connected components of more than one node, the largest first."""
    there, back = collections.defaultdict(set), collections.defaultdict(set)
    for a, b in pairs:
        there[a].add(b)
        back[b].add(a)

    def reach(start, edges):
        found, todo = set(), [start]
        while todo:
            for node in edges[todo.pop()] - found:
                found.add(node)
                todo.append(node)
        return found
    found = {frozenset(reach(node, there) & reach(node, back)) for node in list(there)} - {frozenset()}
    return sorted(found, key=lambda circle: (-len(circle), min(circle)))


def back_up(circle, weighed):
    """The arrows against the best order of a circle's members, found by moving each where it costs least."""
    order = sorted(circle)
    for node in sorted(circle) * 3:
        order.remove(node)
        costs = [sum(weighed[other, node] for other in order)]
        for other in order:
            costs.append(costs[-1] + weighed[node, other] - weighed[other, node])
        order.insert(costs.index(min(costs)), node)
    return [(a, b) for a, b in weighed if {a, b} <= circle and order.index(a) > order.index(b)]


def main():
    files = {file.module: file for file in map(File, sorted(SRC.rglob("*.rs")))}
    tests = [file.module + (name,) for file in files.values() for name in file.only_tests]
    files = {module: file for module, file in files.items() if not any(module[:len(test)] == test for test in tests)}
    found = sorted(set(arrows(files)), key=lambda pair: (pair[0].name, pair[1].name))
    print(f"{len(files)} files, {len(found)} arrows between them")
    kinds = {"files": lambda file: file.name, "folders": lambda file: file.folder}
    for kind, named in (kinds | {"groups": lambda file: file.folder.split("/")[0]} if GROUPS else kinds).items():
        weighed = collections.Counter((named(a), named(b)) for a, b in found if named(a) != named(b))
        all_circles = circles(weighed)
        print(f"circles between {kind}: {len(all_circles)}")
        for circle in all_circles:
            print(f"  {len(circle):3}  {' '.join(sorted(circle)[:8])}{' …' if len(circle) > 8 else ''}")
            for a, b in back_up(circle, weighed) if "--arrows" in sys.argv else ():
                print(f"       ↑ {a} → {b}")


if __name__ == "__main__":
    main()
