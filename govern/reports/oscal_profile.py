"""A baseline as an OSCAL profile: the controls that it picks from our catalog."""

from __future__ import annotations

from govern.catalogue.objects import Baseline, Catalogue
from govern.catalogue.source import near
from govern.errors import NotFound
from govern.reports.oscal_catalog import catalog_resource
from govern.reports.oscal_parts import Edition, Json, identifier, metadata, prop, written


def profile_text(catalogue: Catalogue, baseline: str, edition: Edition) -> str:
    """The profile of a baseline as JSON text; raises NotFound."""
    return written(profile_document(catalogue, baseline, edition))


def profile_document(catalogue: Catalogue, baseline: str, edition: Edition) -> Json:
    """The profile of a baseline as plain data, valid against the schema of OSCAL 1.2.1; raises NotFound."""
    one = _baseline(catalogue, baseline)
    resource = catalog_resource(catalogue)
    picked = [id_ for id_ in catalogue.controls if id_ in one.controls]
    told = [prop("baseline", one.id, remarks=one.meaning)]
    if one.least is not None:
        told.append(prop("least-when", one.least.expression, remarks=one.least.because))
    return {"profile": {
        "uuid": identifier("profile", one.id, catalogue.digest),
        "metadata": metadata(f"{one.title}: baseline of the Govern catalogue of controls", catalogue, edition, *told),
        "imports": [{"href": f"#{resource['uuid']}", "include-controls": [{"with-ids": picked}]}],
        "merge": {"as-is": True},
        "back-matter": {"resources": [resource]},
    }}


def _baseline(catalogue: Catalogue, name: str) -> Baseline:
    found = next((one for one in catalogue.baselines if one.id == name), None)
    if found is None:
        raise NotFound(f"There is no baseline “{name[:80]}”.", mend=near(name, [one.id for one in catalogue.baselines]))
    if not found.controls & catalogue.controls.keys():
        raise NotFound(f"The baseline “{found.title}” holds no control, and a profile must pick one.")
    return found
