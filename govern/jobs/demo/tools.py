"""Files in the formats of real tools: a garak report, a CycloneDX bill, a Threat Dragon model."""

from __future__ import annotations

import json
from uuid import UUID, uuid5

from govern.facts.moments import DAY, Instant, datetime_of, iso_instant
from govern.jobs.demo.chance import between, share

_SPACE = UUID("5ad0ed70-3b6c-4a5f-9d43-0a6f6f1b7f10")
_PROBES = (
    ("promptinject.HijackHateHumans", "promptinject.AttackRogueString"),
    ("latentinjection.LatentInjectionReport", "base.TriggerListDetector"),
    ("dan.Ablation_Dan_11_0", "dan.DAN"),
    ("leakreplay.LiteratureCloze", "leakreplay.StartsWith"),
    ("encoding.InjectBase64", "encoding.DecodeMatch"),
    ("xss.MarkdownImageExfil", "xss.MarkdownExfilBasic"),
    ("exploitation.SQLInjectionEcho", "exploitation.SQLiEcho"),
    ("packagehallucination.Python", "packagehallucination.PythonPypi"),
)
MODELS = (("harbour-scorer", "XGBoost"), ("vendor-chat-large", "vendor API"), ("chest-triage-net", "PyTorch"))


def _id(*names: object) -> str:
    return str(uuid5(_SPACE, "/".join(map(str, names))))


def garak_report(target: str, worked: Instant, number: int, worst: float) -> bytes:
    """A garak report.jsonl; `worst` is the highest attack success rate over its probes."""
    run = _id("garak", target, number)
    start = datetime_of(worked).replace(tzinfo=None).isoformat(timespec="microseconds")
    lines: list[dict[str, object]] = [
        {"entry_type": "start_run setup", "_config.version": "0.14.1", "plugins.target_type": "rest",
         "plugins.target_name": target, "run.seed": 1000 + number, "run.generations": 5, "run.eval_threshold": 0.5,
         "transient.run_id": run},
        {"entry_type": "init", "garak_version": "0.14.1", "start_time": start, "run": run},
    ]
    evals: list[dict[str, object]] = []
    for place, (probe, detector) in enumerate(_PROBES):
        total = between(60, 240, target, number, probe)
        rate = worst if place == 0 else worst * share(target, number, probe, "rate") * 0.8
        fails = round(total * rate)
        for turn in range(fails + 1):
            hit = turn < fails
            lines.append({
                "entry_type": "attempt", "uuid": _id(run, probe, turn), "seq": len(lines), "status": 2,
                "probe_classname": probe, "probe_params": {}, "targets": [],
                "prompt": {"turns": [{"role": "user", "content": {"text": f"Probe {place}, variant {turn}.", "lang": "en"}}]},
                "outputs": [{"text": "Done as asked." if hit else "I cannot help with that.", "lang": "en"}],
                "detector_results": {detector: [1.0 if hit else 0.0]}, "notes": {},
                "goal": "change the behaviour of the assistant"})
        spread = 1.96 * (max(rate * (1 - rate), 0.0004) / total) ** 0.5
        evals.append({
            "entry_type": "eval", "probe": probe, "detector": detector, "passed": total - fails, "fails": fails,
            "nones": 0, "total_evaluated": total, "total_processed": total, "confidence_method": "bootstrap",
            "confidence": "0.95", "confidence_lower": round(max(0.0, fails / total - spread), 4),
            "confidence_upper": round(min(1.0, fails / total + spread), 4)})
    end = datetime_of(worked + DAY // 12).replace(tzinfo=None).isoformat(timespec="microseconds")
    lines += [*evals, {"entry_type": "completion", "end_time": end, "run": run},
              {"entry_type": "digest", "meta": {"garak_version": "0.14.1", "target_name": target}, "eval": {}}]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def cyclonedx_bill(system: str, slug: str, worked: Instant, number: int) -> bytes:
    """A CycloneDX 1.6 bill with models, data sets, libraries and services."""
    components: list[dict[str, object]] = []
    for name, maker in MODELS[: between(1, 3, slug, "models")]:
        components.append({
            "type": "machine-learning-model", "bom-ref": f"model:{name}", "name": name, "version": f"{number}.2.0",
            "supplier": {"name": maker}, "hashes": [{"alg": "SHA-256", "content": _digest(slug, name, number)}],
            "licenses": [{"license": {"name": "Proprietary"}}],
            "modelCard": {"modelParameters": {"task": "classification", "architectureFamily": maker},
                          "considerations": {"users": ["Staff of Harbour Mutual"],
                                             "technicalLimitations": ["Not for decisions without a person"]}}})
    for name in ("applications-2025", "holdout-2026"):
        components.append({
            "type": "data", "bom-ref": f"data:{name}", "name": name, "version": f"{number}",
            "hashes": [{"alg": "SHA-256", "content": _digest(slug, name, number)}],
            "data": [{"type": "dataset", "name": name}]})
    for name, version in (("numpy", "2.3.4"), ("pydantic", "2.12.3"), ("onnxruntime", "1.23.1"), ("fastapi", "0.120.1"),
                          ("structlog", "25.5.0"), ("httpx", "0.28.1"), ("opentelemetry-sdk", "1.38.0")):
        components.append({
            "type": "library", "bom-ref": f"pkg:pypi/{name}@{version}", "name": name, "version": version,
            "purl": f"pkg:pypi/{name}@{version}", "licenses": [{"license": {"id": "Apache-2.0"}}]})
    bill = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{_id('bom', slug, number)}",
        "version": number,
        "metadata": {"timestamp": iso_instant(worked),
                     "tools": {"components": [{"type": "application", "name": "bill-builder", "version": "3.1.0"}]},
                     "component": {"type": "application", "bom-ref": f"app:{slug}", "name": system,
                                   "version": f"{2025 + number}.{number}",
                                   "hashes": [{"alg": "SHA-256", "content": _digest(slug, "release", number)}]}},
        "components": components,
        "services": [{"bom-ref": "service:store", "name": "record store", "version": "4"}],
        "dependencies": [{"ref": f"app:{slug}", "dependsOn": [str(one["bom-ref"]) for one in components]}],
    }
    return json.dumps(bill, indent=1).encode()


def _digest(*names: object) -> str:
    import hashlib

    return hashlib.sha256("/".join(map(str, names)).encode()).hexdigest()


_THREATS = (
    ("Instructions hidden in retrieved text", "Tampering", "High", "Retrieved text is marked as data and filtered"),
    ("Poisoned training or index data", "Tampering", "High", "Digests are checked at ingest; sources are allow-listed"),
    ("Extraction of the model by repeated queries", "Information disclosure", "Medium", "Rate limits and query watch"),
    ("Personal data in answers or logs", "Information disclosure", "High", "Filter before the model and before logs"),
    ("Tool called beyond its purpose", "Elevation of privilege", "High", "Allow list, argument checks, two approvals"),
    ("Exhaustion by long inputs", "Denial of service", "Medium", "Length and cost limits per caller"),
    ("Compromised model file from a supplier", "Spoofing", "High", "Signature verified at load, scanned formats only"),
    ("Denied decision that nobody can trace", "Repudiation", "Medium", "Every decision is logged with versions"),
)


def threat_model(system: str, slug: str, worked: Instant, number: int, open_high: int) -> bytes:
    """A Threat Dragon 2 model; `open_high` high threats are still open and, where above 0, without mitigation."""
    names = (("actor", "People who use it"), ("process", system), ("process", "Model service"), ("store", "Data store"),
             ("process", "Tool connectors"), ("store", "Logs"))
    cells: list[dict[str, object]] = []
    for place, (shape, name) in enumerate(names):
        threats = []
        for row, (title, type_, severity, mitigation) in enumerate(_THREATS):
            if row % len(names) != place:
                continue
            left_open = severity == "High" and row < open_high
            threats.append({
                "id": _id(slug, number, title), "number": row + 1, "title": title, "type": type_, "severity": severity,
                "status": "Open" if left_open else "Mitigated", "mitigation": "" if left_open else mitigation,
                "description": f"{title} for {system}: effect on people and on the organisation is in the register.",
                "modelType": "STRIDE", "new": False, "score": ""})
        cells.append({
            "id": _id(slug, "cell", name), "shape": shape, "zIndex": place + 1,
            "position": {"x": 80 + 190 * (place % 3), "y": 80 + 180 * (place // 3)}, "size": {"width": 140, "height": 70},
            "data": {"type": f"tm.{shape.title()}", "name": name, "description": "", "outOfScope": False,
                     "isTrustBoundary": False, "threats": threats, "hasOpenThreats": any(
                         one["status"] == "Open" for one in threats)}})
    for place in range(len(names) - 1):
        cells.append({
            "id": _id(slug, "flow", place), "shape": "flow", "zIndex": 20 + place, "source": {"cell": cells[place]["id"]},
            "target": {"cell": cells[place + 1]["id"]},
            "data": {"type": "tm.Flow", "name": f"flow {place + 1}", "isEncrypted": True, "threats": [],
                     "hasOpenThreats": False, "outOfScope": False, "isTrustBoundary": False}})
    model = {
        "version": "2.3.0",
        "summary": {"title": f"{system} threat model", "owner": "Security engineering", "id": 0,
                    "description": f"State of {iso_instant(worked)[:10]}"},
        "detail": {"contributors": [{"name": "Security engineering"}], "reviewer": "Security lead", "diagramTop": 1,
                   "threatTop": len(_THREATS), "diagrams": [{
                       "id": 0, "title": "Main flow", "diagramType": "STRIDE", "version": "2.3.0", "cells": cells,
                       "thumbnail": "./public/content/images/thumbnail.stride.jpg"}]},
    }
    return json.dumps(model, indent=1).encode()
