"""Incidents in the forms of other tools: one file for each form, all from the same values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stanch.incident.export.model import Export
from stanch.incident.export.ndjson import render_ndjson
from stanch.incident.export.ocsf import render_ocsf
from stanch.incident.export.stix import render_stix
from stanch.incident.export.table import render_csv
from stanch.incident.export.veris import render_veris


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    media: str
    suffix: str
    render: Callable[[Export], bytes]


EXPORTS: Mapping[str, Form] = MappingProxyType({
    "csv": Form("Timeline (CSV)", "text/csv; charset=utf-8", "", render_csv),
    "journal": Form("Journal with signed head (NDJSON)", "application/x-ndjson", ".ndjson", render_ndjson),
    "ocsf": Form("OCSF incident finding", "application/json", ".json", render_ocsf),
    "stix": Form("STIX 2.1", "application/json", ".json", render_stix),
    "veris": Form("VERIS", "application/json", ".json", render_veris),
})  # fmt: skip
