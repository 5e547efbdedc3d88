#!/usr/bin/env python3
"""Writes what an archive consists of, from the archive's own folder: a CycloneDX 1.6 document and a list of licences.

    sbom.py write FOLDER REPOSITORY VERSION SECONDS SBOM LIST
    sbom.py check ARCHIVE SBOM

FOLDER: the archive's files. REPOSITORY: the local Maven repository that its jars were copied from, which says what they are.
SECONDS: the commit's time. A part whose licence is not known is an error: poms name theirs in many words, licenses/poms.tsv says
which are meant, and licenses/go.tsv has each Go module's, as its own file of the licence says.
The jars that are listed are those that lie there, and not those that a pom asks for; "check" reads the finished archive again.
"""
import base64
import datetime
import hashlib
import json
import pathlib
import re
import sys
import tarfile
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree
import zipfile

# of our own: their jars have no number in their names
MODULES = {"wire", "agent", "policy", "core", "fault", "load", "cluster", "lab", "app", "deepseek", "logstore"}
TABLES = pathlib.Path(__file__).resolve().parent / "licenses"
JAVA_LICENSE = "GPL-2.0-only WITH Classpath-exception-2.0"


def table(name):
    """What stands left of a tab, to what stands right of it; '#' begins a comment."""
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def child(element, name):
    """The text of a pom's element, whatever the namespace."""
    return (element.findtext("{*}" + name) or "").strip()


def licences_of(pom, repository):
    """As the pom (its text) names them, or the next of its parents that names any."""
    root = ElementTree.fromstring(pom)
    own = [(child(e, "name"), child(e, "url")) for e in root.findall("{*}licenses/{*}license")]
    parent = root.find("{*}parent")
    if own or parent is None:
        return own
    group, artifact, version = (child(parent, name) for name in ("groupId", "artifactId", "version"))
    above = repository.joinpath(*group.split("."), artifact, version, f"{artifact}-{version}.pom")
    return licences_of(above.read_bytes(), repository) if above.exists() else []


def licence_of(what, pom, repository, table, problems):
    """Several in one pom are a choice."""
    named = licences_of(pom, repository)
    if not named:
        problems.append(f"{what}: its pom names no licence")
    known = []
    for name, url in named:
        if name in table:
            known.append(table[name])
        else:
            problems.append(f"{what}: licenses/poms.tsv has no '{name}' ({url})")
    return " OR ".join(known)


def component(kind, ref, name, version, licence, places, **more):
    choice = {"license": {"id": licence}} if " " not in licence else {"expression": licence}
    return {
        "type": kind,
        "bom-ref": ref,
        **{key: value for key, value in more.items() if value},
        "name": name,
        "version": version,
        "licenses": [choice],
        **({"evidence": {"occurrences": [{"location": place} for place in sorted(places)]}} if places else {}),
    }


def inside(jar, artifact):
    """Other artifacts whose classes a jar brings along, of those that say so."""
    found = []
    with zipfile.ZipFile(jar) as content:
        for entry in content.namelist():
            match = re.fullmatch(r"META-INF/maven/([^/]+)/([^/]+)/pom\.properties", entry)
            if match and match[2] != artifact:
                text = content.read(entry).decode("utf-8")
                version = re.search(r"^version=(.*)$", text, re.M)[1].strip()
                found.append((match[1], match[2], version, content.read(entry.replace(".properties", ".xml"))))
    return sorted(found)


def jars(folder, repository, version, problems):
    known = {}
    for file in repository.rglob("*.jar"):
        known.setdefault(file.name, []).append(file)
    poms = table("poms.tsv")
    parts = {}
    places = {}
    for file in sorted(folder.glob("target/**/*.jar")):
        place = file.relative_to(folder).as_posix()
        digest = sha256(file.read_bytes())
        if file.stem in MODULES:
            group, artifact, its, classifier, licence = "dev.muster", file.stem, version, "", "Apache-2.0"
        else:
            same = [k for k in known.get(file.name, []) if sha256(k.read_bytes()) == digest]
            if not same:
                problems.append(f"{place}: no jar of the local repository has these bytes")
                continue
            home = same[0].parent
            group, artifact, its = ".".join(home.relative_to(repository).parts[:-2]), home.parent.name, home.name
            classifier = file.stem[len(f"{artifact}-{its}-"):]
            pom = (home / f"{artifact}-{its}.pom").read_bytes()
            licence = licence_of(place, pom, repository, poms, problems)
        purl = f"pkg:maven/{group}/{artifact}@{its}" + (f"?classifier={classifier}" if classifier else "")
        places.setdefault((purl, digest), []).append(place)
        nested = []
        for g, a, v, pom in inside(file, artifact):
            part = f"pkg:maven/{g}/{a}@{v}"
            its_licence = licence_of(f"{g}:{a} in {place}", pom, repository, poms, problems)
            nested.append(component("library", f"{purl}#{part}", a, v, its_licence, [], group=g, purl=part))
        parts[purl, digest] = component(
            "library", purl, artifact, its, licence, places[purl, digest], group=group, scope="required",
            hashes=[{"alg": "SHA-256", "content": digest}], purl=purl, components=nested)
    return list(parts.values())


def go_modules(file):
    """Of a go.mod: path and version of each module, its replacement instead where there is one."""
    required, replaced, block = {}, {}, None
    for line in file.read_text(encoding="utf-8").splitlines():
        words = line.split("//")[0].split()
        if words[-1:] == ["("]:
            block = words[0]
        elif words == [")"]:
            block = None
        elif words:
            verb, *words = [block, *words] if block else words
            if verb == "require":
                required[words[0]] = words[1]
            elif verb == "replace":
                arrow = words.index("=>")
                replaced[tuple(words[:arrow])] = tuple(words[arrow + 1:])
    return sorted({replaced.get((path, v)) or replaced.get((path,)) or (path, v) for path, v in required.items()})


def go(folder, problems):
    """What the lab's programs are compiled from, on the machine of whoever starts a lab: nothing of it is in the archive."""
    licences = table("go.tsv")
    modules = {}
    for file in sorted(folder.glob("kubernetes/*/go.mod")):
        lines = file.with_name("go.sum").read_text(encoding="utf-8").splitlines()
        sums = {tuple(line.split()[:2]): line.split()[2] for line in lines}
        place = file.relative_to(folder).as_posix()
        for module in go_modules(file):
            if module not in sums:
                problems.append(f"{place}: no sum of {' '.join(module)} in go.sum")
            elif module[0] not in licences:
                problems.append(f"{place}: licenses/go.tsv has no {module[0]}")
            else:
                modules.setdefault(module, (sums[module], []))[1].append(place)
    parts = []
    for (path, version), (h1, places) in sorted(modules.items()):
        # as the package URL's rules for Go want it
        purl = f"pkg:golang/{path.lower()}@{urllib.parse.quote(version)}"
        digest = base64.b64decode(h1.removeprefix("h1:")).hex()
        parts.append(component("library", f"go:{path}@{version}", path, version, licences[path], places, scope="optional",
                               hashes=[{"alg": "SHA-256", "content": digest}], purl=purl))
    return parts


def java(folder):
    release = dict(re.findall(r'^(\w+)="(.*)"$', (folder / "runtime/release").read_text(encoding="utf-8"), re.M))
    version = release["JAVA_VERSION"]
    modules = [component("library", f"java:{m}@{version}", m, version, JAVA_LICENSE, []) for m in sorted(release["MODULES"].split())]
    for file in sorted(folder.glob("runtime/**/*.jar")):
        place = file.relative_to(folder).as_posix()
        modules.append(component("file", f"java:{place}@{version}", file.name, version, JAVA_LICENSE, [place],
                                 hashes=[{"alg": "SHA-256", "content": sha256(file.read_bytes())}]))
    purl = f"pkg:generic/openjdk@{version}"
    return component("platform", purl, "OpenJDK", version, JAVA_LICENSE, [], scope="required", purl=purl, components=modules)


def licence(part):
    choice = part["licenses"][0]
    return choice["expression"] if "expression" in choice else choice["license"]["id"]


def listing(parts):
    """For people: a line for each part."""
    lines = ["Texts of the licences (here in SPDX's words): LICENSE is Apache-2.0's, runtime/legal has Java's, the jars have their makers'."]
    for scope, title in (("required", "In this archive"), ("optional", "Go modules that the lab's programs are compiled from")):
        lines += ["", title, ""]
        for part in (part for part in parts if part["scope"] == scope):
            for each in [part, *part.get("components", [])]:
                name = f"{each['group']}:{each['name']}" if "group" in each else each["name"]
                lines.append(f"{name} {each['version']}: {licence(each)}")
    return "\n".join(lines) + "\n"


def document(version, seconds, parts):
    itself = component("application", f"pkg:generic/muster@{version}", "muster", version, "Apache-2.0", [],
                       purl=f"pkg:generic/muster@{version}")
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    content = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "lifecycles": [{"phase": "build"}], "component": itself},
        "components": parts,
        "dependencies": [{"ref": itself["bom-ref"], "dependsOn": [p["bom-ref"] for p in parts if p["scope"] == "required"]}],
    }
    # the same content has the same number
    number = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(content, sort_keys=True))
    return {**content, "serialNumber": f"urn:uuid:{number}"}


def fail(problems):
    sys.exit("\n".join(f"sbom: {problem}" for problem in problems))


def write(folder, repository, version, seconds, sbom, names):
    problems = []
    folder = pathlib.Path(folder)
    parts = [*jars(folder, pathlib.Path(repository), version, problems), *go(folder, problems), java(folder)]
    parts.sort(key=lambda part: part["bom-ref"])
    references = [part["bom-ref"] for part in parts]
    problems += [f"{r}: two jars of this name and version differ" for r in sorted(set(references)) if references.count(r) > 1]
    if problems:
        fail(problems)
    text = json.dumps(document(version, int(seconds), parts), indent=1, ensure_ascii=False)
    pathlib.Path(sbom).write_text(text + "\n", encoding="utf-8")
    pathlib.Path(names).write_text(listing(parts), encoding="utf-8")


def check(archive, sbom):
    """Every jar of the archive is listed with its bytes, and nothing else is."""
    there = {}
    with tarfile.open(archive) as content:
        for entry in content:
            place = entry.name.partition("/")[2]
            if place.endswith(".jar"):
                file = content.extractfile(entry)
                there[place] = sha256(file.read()) if file else "no file"
    listed = {}
    for top in json.loads(pathlib.Path(sbom).read_text(encoding="utf-8"))["components"]:
        for part in [top, *top.get("components", [])]:
            for occurrence in part.get("evidence", {}).get("occurrences", []):
                if occurrence["location"].endswith(".jar"):
                    listed[occurrence["location"]] = part["hashes"][0]["content"]
    fail_if = [f"{place}: in the archive, not in {sbom}" for place in sorted(there.keys() - listed.keys())]
    fail_if += [f"{place}: in {sbom}, not in the archive" for place in sorted(listed.keys() - there.keys())]
    fail_if += [f"{place}: other bytes than {sbom} says" for place in sorted(there.keys() & listed.keys()) if there[place] != listed[place]]
    if fail_if:
        fail(fail_if)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:] or [""]
    if (command, len(arguments)) == ("write", 6):
        write(*arguments)
    elif (command, len(arguments)) == ("check", 2):
        check(*arguments)
    else:
        sys.exit(__doc__.strip())
