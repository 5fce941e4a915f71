"""Terraform's plans and states, as ``terraform show -json`` writes them, to what they need in which region.

A plan is ``{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"address": …, "mode": "managed",
"type": "aws_sqs_queue", "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"region": …}}],
"child_modules": […]}}, "configuration": {"provider_config": {"aws.us": {…}}, "root_module": …}, "variables": {…}}``;
a state has the same under ``values`` and no configuration.

Source: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.core.model.codes import REGION_FORM
from aws_ssm_fetcher.data_sources.stacks.instances import TERRAFORM
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Need, Stack, StackRemark
from aws_ssm_fetcher.data_sources.stacks.parts import MalformedPartError, list_in, object_in, objects_in, text_in
from aws_ssm_fetcher.data_sources.stacks.sizes import values_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_ssm_fetcher.data_sources.stacks.documents import Document

NEEDS_NOTHING: Final = frozenset(
    {
        "aws_arn",
        "aws_availability_zone",
        "aws_availability_zones",
        "aws_billing_service_account",
        "aws_caller_identity",
        "aws_canonical_user_id",
        "aws_default_tags",
        "aws_iam_policy_document",
        "aws_iam_session_context",
        "aws_ip_ranges",
        "aws_partition",
        "aws_region",
        "aws_regions",
        "aws_service",
        "aws_service_principal",
    }
)
"""Data sources about the account or the provider itself, or computed on the machine that runs Terraform."""

_REGION: Final = re.compile(REGION_FORM)
_ARN_REGION: Final = re.compile(rf"arn:aws[a-z-]*:[a-z0-9-]*:({REGION_FORM}):")
_MAJOR: Final = frozenset({"0", "1"})
_INDEX: Final = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def is_terraform(value: object) -> bool:
    """Return whether a parsed file is what ``terraform show -json`` writes."""
    return isinstance(value, dict) and "format_version" in value and ("planned_values" in value or "values" in value)


def read_terraform_json(document: Document) -> Stack:
    """Return what a plan or state needs. Raises ``StackUnreadableError`` if it is none, or not whole."""
    if not is_terraform(document.value):
        raise StackUnreadableError(document.file, 0, "not what terraform show -json writes")
    try:
        return _read(document.file, document.value)
    except MalformedPartError as error:
        # Left out, a part would be one that the stack does not need, and the answer "fits".
        raise StackUnreadableError(document.file, 0, f"not what terraform show -json writes: {error}") from error
    except RecursionError as error:
        raise StackUnreadableError(document.file, 0, "nested deeper than any plan") from error


def _read(file: str, shown: Mapping[str, Any]) -> Stack:
    version = text_in(shown, "format_version")
    if version.partition(".")[0] not in _MAJOR:
        raise MalformedPartError(f"format_version {version[:20]!a}, of which only 0 and 1 are known")
    if shown.get("errored") is True:
        raise StackUnreadableError(file, 0, "a plan that ended with an error, and may lack resources")
    regions = _Regions(shown)
    values = object_in(shown, "planned_values" if "planned_values" in shown else "values", needed=True)
    resources = list(_resources(object_in(values, "root_module")))
    if "planned_values" in shown:
        # planned_values has data sources only if they are read during apply; the rest stand in the prior state.
        prior = object_in(object_in(object_in(shown, "prior_state"), "values"), "root_module")
        resources += [resource for resource in _resources(prior) if resource.get("mode") == "data"]
    placed = [(resource, regions.of(resource)) for resource in resources if _is_aws(resource)]
    # A state has no configuration: the region of most of its resources stands for it.
    home = regions.home or _most_common(region for resource, region in placed if regions.is_default(resource))
    needs: list[Need] = []
    undecided: list[StackRemark] = []
    for resource, region in placed:
        place = FileLocation(file, 0, text_in(resource, "address") or text_in(resource, "type"))
        fixed = "" if region in {home, None} else str(region)
        needs.extend(_needs(resource, place, fixed))
        if region is None and resource.get("mode") != "data":
            reason = "the plan does not know the region of its provider"
            undecided.append(StackRemark(text_in(resource, "type"), reason, place))
        undecided.extend(_open_sizes(resource, place))
    managed = sum(resource.get("mode") != "data" for resource, _ in placed)
    return Stack(tuple(needs), tuple(undecided), tuple(_runtimes(placed, file)), home, managed, (file,))


class _Regions:
    """The region of each resource, by its own value or by its provider's configuration."""

    def __init__(self, shown: Mapping[str, Any]) -> None:
        configuration = object_in(shown, "configuration")
        variables = object_in(shown, "variables")
        providers = object_in(configuration, "provider_config")
        self._of_key: dict[str, str | None] = {}
        for key in providers:
            provider = object_in(providers, key)
            if text_in(provider, "name") in {"aws", "awscc"}:
                self._of_key[key] = _region_of_provider(provider, variables)
        self._keys = dict(_provider_keys(object_in(configuration, "root_module"), ""))
        self.home = self._of_key.get("aws") or self._of_key.get("awscc") or ""

    def is_default(self, resource: Mapping[str, Any]) -> bool:
        """Return whether a resource is of the default provider, or of one that is not known: a state names none."""
        return self._key(resource) in {None, "aws", "awscc"}

    def of(self, resource: Mapping[str, Any]) -> str | None:
        """Return a resource's region; empty if it is the stack's own, ``None`` if it is unknown."""
        values = object_in(resource, "values")
        # The AWS provider 6 gives each resource a region of its own; before that the provider decides.
        if isinstance(values.get("region"), str) and _REGION.fullmatch(values["region"]):
            return str(values["region"])
        key = self._key(resource)
        if key in self._of_key:
            known = self._of_key[key]
            # a default provider without a region takes it from the environment: it moves with the stack
            return known or (self.home if self.is_default(resource) else None)
        arn = _ARN_REGION.match(str(values.get("arn", "")))
        return arn[1] if arn else self.home

    def _key(self, resource: Mapping[str, Any]) -> str | None:
        # Addresses of instances have indexes, [0] or ["a"]; blocks of the configuration have none.
        return self._keys.get(_INDEX.sub("", text_in(resource, "address")))


def _needs(resource: Mapping[str, Any], place: FileLocation, region: str) -> Iterator[Need]:
    kind, values = text_in(resource, "type"), object_in(resource, "values")
    if resource.get("mode") == "data":
        if kind not in NEEDS_NOTHING:
            yield Need("data", kind, place, region=region)
        return
    yield Need("terraform", kind, place, region=region)
    for sized in TERRAFORM.get(kind, ()):
        for _, value in values_at(values, sized.path):
            if isinstance(value, str) and "." in value:
                yield Need("instance", value, place, sized.family, region=region)


def _open_sizes(resource: Mapping[str, Any], place: FileLocation) -> Iterator[StackRemark]:
    """Yield a database's or cache's size that is known only after apply; others may be left out by choice."""
    values = object_in(resource, "values")
    if resource.get("mode") != "data":
        for sized in TERRAFORM.get(text_in(resource, "type"), ()):
            name = sized.path[0]
            if name in {"instance_class", "node_type"} and name in values and values[name] is None:
                yield StackRemark("instance type", f"{name} is known after apply", place)


def _runtimes(placed: list[tuple[Mapping[str, Any], str | None]], file: str) -> Iterator[StackRemark]:
    for resource, _ in placed:
        if resource.get("type") == "aws_lambda_function" and resource.get("mode") != "data":
            values = object_in(resource, "values")
            place = FileLocation(file, 0, text_in(resource, "address"))
            named = [("runtime", values.get("runtime"))]
            named += [("architecture", part) for _, part in values_at(values, ("architectures", "*"))]
            for what, text in named:
                if isinstance(text, str) and text:
                    yield StackRemark(text, f"no published source lists Lambda {what}s by region", place)


def _is_aws(resource: Mapping[str, Any]) -> bool:
    return text_in(resource, "type", needed=True).startswith(("aws_", "awscc_"))


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the resources of a module and of those within it, in order."""
    waiting = [module]
    while waiting:
        current = waiting.pop()
        yield from objects_in(current, "resources")
        # A stack instead of recursion: modules may nest deeper than Python's stack.
        waiting.extend(reversed(objects_in(current, "child_modules")))


def _provider_keys(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield the key of the provider configuration of each resource block, by its address without indexes."""
    for block in objects_in(module, "resources"):
        yield f"{prefix}{text_in(block, 'address')}", text_in(block, "provider_config_key")
    calls = object_in(module, "module_calls")
    for name in calls:
        yield from _provider_keys(object_in(object_in(calls, name), "module"), f"{prefix}module.{name}.")


def _region_of_provider(provider: Mapping[str, Any], variables: Mapping[str, Any]) -> str | None:
    expression = object_in(object_in(provider, "expressions"), "region")
    region = expression.get("constant_value")
    if region is None:
        # Of "var.regions.main" Terraform lists each prefix as a reference: only a plain variable is looked up.
        names = [name for name in list_in(expression, "references") if str(name).startswith("var.")]
        if len(names) == 1:
            region = object_in(variables, str(names[0]).removeprefix("var.")).get("value")
    return region if isinstance(region, str) and _REGION.fullmatch(region) else None


def _most_common(regions: Iterator[str | None]) -> str:
    """Return the region that most resources name, the first by name of those that tie; empty if none does."""
    counts = Counter(region for region in regions if region)
    return min(counts, key=lambda region: (-counts[region], region), default="")
