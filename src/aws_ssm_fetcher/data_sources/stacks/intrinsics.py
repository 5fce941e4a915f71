"""What a template's functions come to in one region, as far as the template itself decides it.

A parameter has its default; a parameter without one has what it allows. Anything that only an account knows is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aws_ssm_fetcher.data_sources.stacks.model import Target

_MAX_STEPS: Final = 60
"""Conditions that refer to each other in a circle end here; CloudFormation refuses them."""
_MAX_VALUES: Final = 100
_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn", "aws-iso": "c2s.ic.gov", "aws-iso-b": "sc2s.sgov.gov"}
_PAIR: Final = 2  # arguments of Fn::Sub with variables, Fn::Join and Fn::Select
_NO_VARIABLES: Final[Mapping[str, Any]] = {}
_VARIABLE: Final = re.compile(r"\$\{([^!}][^}]*)\}")

Known = bool | None
"""A condition's value; ``None`` where the region does not decide it."""


@dataclass(frozen=True, slots=True)
class Values:
    """What an expression can be: every value that a branch or a parameter allows."""

    texts: tuple[str, ...] = ()
    is_open: bool = False
    """It can be something else too."""
    is_choice: bool = False
    """A parameter without a default: whoever deploys chooses one of them."""


OPEN: Final = Values(is_open=True)


@dataclass(slots=True)
class Scope:
    """A template in one region."""

    target: Target
    parameters: Mapping[str, Any]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    given: Mapping[str, str | None] = field(default_factory=dict)
    """Parameters that a template around this one sets; ``None`` where its value is open."""

    def values(self, expression: Any, steps: int = 0) -> Values:  # noqa: ANN401 - parsed text
        """Return what an expression can be."""
        if steps > _MAX_STEPS:
            return OPEN
        if isinstance(expression, bool):
            return Values((str(expression).lower(),))
        if isinstance(expression, str | int | float):
            return Values((str(expression),))
        if not isinstance(expression, dict) or len(expression) != 1:
            return OPEN
        ((name, argument),) = expression.items()
        functions: Mapping[str, Callable[[Any, int], Values]] = {
            "Ref": self._ref,
            "Fn::If": self._either,
            "Fn::FindInMap": self._in_map,
            "Fn::Sub": self._substituted,
            "Fn::Join": self._joined,
            "Fn::Select": self._selected,
        }
        function = functions.get(name)
        return function(argument, steps) if function else OPEN

    def holds(self, condition: Any, steps: int = 0) -> Known:  # noqa: ANN401 - a template enters here
        """Return whether a condition holds here, or ``None`` where more than the region decides."""
        if isinstance(condition, str):
            condition = self.conditions.get(condition)
        if steps > _MAX_STEPS or not isinstance(condition, dict) or len(condition) != 1:
            return None
        ((name, argument),) = condition.items()
        if name == "Condition" and isinstance(argument, str):
            return self.holds(argument, steps + 1)
        if name == "Fn::Equals":
            return self._equal(argument, steps)
        parts = [self.holds(part, steps + 1) for part in (argument if isinstance(argument, list) else [])]
        return _combined(name, parts)

    def _equal(self, argument: object, steps: int) -> Known:
        """Compare what the region decides; a parameter is open, whatever its default."""
        if not isinstance(argument, list) or len(argument) != 2:  # noqa: PLR2004 - this and that
            return None
        # Whoever deploys may set the parameter: a default does not decide whether a resource is needed.
        if _names_a_parameter(argument, self.parameters):
            return None
        left, other = (self.values(part, steps + 1) for part in argument)
        if left.is_open or other.is_open or len(left.texts) != 1 or len(other.texts) != 1:
            return None
        return left.texts == other.texts

    def _ref(self, name: object, _steps: int = 0) -> Values:
        if name == "AWS::NoValue":
            return Values()
        pseudo = {
            "AWS::Region": self.target.region,
            "AWS::Partition": self.target.partition,
            "AWS::URLSuffix": _SUFFIXES.get(self.target.partition, "amazonaws.com"),
        }
        if not isinstance(name, str) or name in pseudo:
            return Values((pseudo[name],)) if isinstance(name, str) else OPEN
        if name in self.given:
            given = self.given[name]
            return OPEN if given is None else Values((given,))
        return _of_parameter(self.parameters.get(name))

    def _either(self, argument: object, steps: int) -> Values:
        if not isinstance(argument, list) or len(argument) != 3:  # noqa: PLR2004 - condition, then, else
            return OPEN
        known = self.holds(argument[0], steps + 1)
        # An open condition allows both branches.
        branches = {True: argument[1:2], False: argument[2:], None: argument[1:]}[known]
        return _together([self.values(branch, steps + 1) for branch in branches])

    def _in_map(self, argument: object, steps: int) -> Values:
        if not isinstance(argument, list) or len(argument) not in {3, 4}:
            return OPEN
        keys = [self.values(key, steps + 1) for key in argument[:3]]
        if any(key.is_open or len(key.texts) != 1 for key in keys):
            return OPEN
        value: Any = self.mappings
        for key in keys:
            value = value.get(key.texts[0]) if isinstance(value, dict) else None
        if value is None and len(argument) == 4 and isinstance(argument[3], dict):  # noqa: PLR2004 - with a default
            return self.values(argument[3].get("DefaultValue"), steps + 1)
        if isinstance(value, list):
            return _together([self.values(part, steps + 1) for part in value])
        return OPEN if value is None else self.values(value, steps + 1)

    def _substituted(self, argument: object, steps: int) -> Values:
        text, variables = argument, _NO_VARIABLES
        if isinstance(argument, list) and len(argument) == _PAIR and isinstance(argument[1], dict):
            text, variables = argument
        if not isinstance(text, str):
            return OPEN
        replaced: dict[str, str] = {}
        for name in _VARIABLE.findall(text):
            value = self.values(variables[name], steps + 1) if name in variables else self._ref(name)
            if value.is_open or len(value.texts) != 1:
                return OPEN
            replaced[name] = value.texts[0]
        return Values((_VARIABLE.sub(lambda match: replaced[match[1]], text),))

    def _joined(self, argument: object, steps: int) -> Values:
        if not isinstance(argument, list) or len(argument) != _PAIR or not isinstance(argument[1], list):
            return OPEN
        separator, listed = argument
        parts = [self.values(part, steps + 1) for part in listed]
        is_open = any(part.is_open or len(part.texts) > 1 for part in parts)
        if is_open or not isinstance(separator, str):
            return OPEN
        return Values((separator.join(text for part in parts for text in part.texts),))

    def _selected(self, argument: object, steps: int) -> Values:
        if not isinstance(argument, list) or len(argument) != _PAIR or not str(argument[0]).isdigit():
            return OPEN
        at, among = int(argument[0]), argument[1]
        # Fn::Select of a literal list; of a parameter of a list type, its parts.
        if isinstance(among, list):
            return self.values(among[at], steps + 1) if at < len(among) else OPEN
        values = self.values(among, steps + 1)
        return OPEN if values.is_open or at >= len(values.texts) else Values((values.texts[at],))


def _of_parameter(parameter: object) -> Values:
    """Return a parameter's default, or what it allows; open for a resource's name or a value in Parameter Store."""
    # A parameter of type AWS::SSM::Parameter::Value has the name of a stored parameter for its default, not its value.
    if not isinstance(parameter, dict) or str(parameter.get("Type", "")).startswith("AWS::SSM::"):
        return OPEN
    default, allowed = parameter.get("Default"), parameter.get("AllowedValues")
    if isinstance(default, str | int | float):
        # The default of a CommaDelimitedList is one text.
        parts = str(default).split(",") if "List" in str(parameter.get("Type", "")) else [str(default)]
        return Values(tuple(part.strip() for part in parts))
    if isinstance(allowed, list) and allowed:
        return Values(tuple(str(value) for value in allowed[:_MAX_VALUES]), is_choice=len(allowed) > 1)
    return OPEN


def _combined(name: str, parts: list[Known]) -> Known:
    """Return a negation, conjunction or disjunction of what may be open."""
    if name == "Fn::Not" and len(parts) == 1:
        return None if parts[0] is None else not parts[0]
    deciding = {"Fn::And": False, "Fn::Or": True}.get(name)  # one such part decides, whatever the others are
    if deciding is None:
        return None
    if deciding in parts:
        return deciding
    return None if None in parts else not deciding


def _together(branches: list[Values]) -> Values:
    texts = dict.fromkeys(text for branch in branches for text in branch.texts)
    return Values(
        tuple(texts),
        is_open=any(branch.is_open for branch in branches),
        is_choice=any(branch.is_choice for branch in branches),
    )


def _names_a_parameter(expression: object, parameters: Mapping[str, Any], depth: int = 0) -> bool:
    if depth > _MAX_STEPS:
        return True
    if isinstance(expression, dict):
        return any(
            (key == "Ref" and value in parameters if isinstance(value, str) else False)
            or _names_a_parameter(value, parameters, depth + 1)
            for key, value in expression.items()
        )
    return isinstance(expression, list) and any(_names_a_parameter(part, parameters, depth + 1) for part in expression)
