"""The manifest of ``cdk.out/``: which templates an application has.

It is ``{"version": "48.0.0", "artifacts": {"Api": {"type": "aws:cloudformation:stack", "properties": {"templateFile":
"Api.template.json"}}, "Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}}}}``.

Source: https://docs.aws.amazon.com/cdk/api/v2/docs/@aws-cdk_cloud-assembly-schema.AssemblyManifest.html
"""

from __future__ import annotations

from typing import Any


def is_manifest(value: object) -> bool:
    """Return whether a parsed file is the manifest of a cloud assembly."""
    return isinstance(value, dict) and "version" in value and isinstance(value.get("artifacts"), dict)


def templates_of(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Return the templates that a manifest names, and the manifests of its stages, relative to it, sorted."""
    files = set()
    for artifact in manifest["artifacts"].values():
        properties = artifact.get("properties") if isinstance(artifact, dict) else None
        if not isinstance(properties, dict):
            continue
        if artifact.get("type") == "aws:cloudformation:stack" and isinstance(properties.get("templateFile"), str):
            files.add(properties["templateFile"])
        # A stage of CDK Pipelines has a manifest of its own in its folder.
        if artifact.get("type") == "cdk:cloud-assembly" and isinstance(properties.get("directoryName"), str):
            files.add(f"{properties['directoryName']}/manifest.json")
    return tuple(sorted(files))
