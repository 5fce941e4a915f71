import pytest

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.yaml_text import parse_yaml


def test_short_forms_are_read_as_their_long_ones() -> None:
    text = "a: !Ref B\nb: !GetAtt C.Arn\nc: !If [D, !Sub '${E}', !Ref AWS::NoValue]\nd: !Condition F\n"

    assert parse_yaml("t.yaml", text).value == {
        "a": {"Ref": "B"},
        "b": {"Fn::GetAtt": ["C", "Arn"]},
        "c": {"Fn::If": ["D", {"Fn::Sub": "${E}"}, {"Ref": "AWS::NoValue"}]},
        "d": {"Condition": "F"},
    }


def test_each_key_and_element_has_its_line() -> None:
    document = parse_yaml("t.yaml", "Resources:\n  A:\n    Type: X\n    List:\n    - 1\n    - k: 2\n")

    assert document.line("Resources", "A") == 2
    assert document.line("Resources", "A", "List", 1, "k") == 6
    assert document.line("Resources", "A", "Other") == 2


def test_scalars_are_texts_but_for_null() -> None:
    assert parse_yaml("t.yaml", "a: 1\nb: yes\nc:\nd: ~\ne: 'null'\n").value == {
        "a": "1",
        "b": "yes",
        "c": None,
        "d": None,
        "e": "null",
    }


def test_a_merged_mapping_gives_what_is_not_written() -> None:
    text = "base: &base {x: 1, y: 2}\nmine:\n  <<: *base\n  y: 3\n"

    assert parse_yaml("t.yaml", text).value["mine"] == {"x": "1", "y": "3"}


def test_aliases_that_multiply_are_refused_with_the_line() -> None:
    levels = [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 10)]
    text = "\n".join(["a0: &a0 [lol]", *levels])

    with pytest.raises(StackUnreadableError, match=r"laughs\.yaml:7: more than 250,000 values"):
        parse_yaml("laughs.yaml", text)


def test_aliases_that_nest_are_refused() -> None:
    levels = [f"a{at}: &a{at} {'[' * 50}*a{at - 1}{']' * 50}" for at in range(1, 4)]

    with pytest.raises(StackUnreadableError, match=r"t\.yaml:3: nested deeper than 100 levels"):
        parse_yaml("t.yaml", "\n".join(["a0: &a0 [x]", *levels]))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: *b\n", r"t\.yaml:1: alias \*b is used before its anchor ends"),
        ("a: &a [*a]\n", r"t\.yaml:1: alias \*a is used before its anchor ends"),
        ("a: 1\n---\nb: 2\n", r"t\.yaml:2: a second YAML document"),
        ("a: 1\n? [b]\n: 2\n", r"t\.yaml:2: a key that is no plain text"),
        ("a:\n  - b\n c: [\n", r"t\.yaml:3: not valid YAML"),
        ("a: " + "[" * 200 + "]" * 200, r"t\.yaml:1: nested deeper than 100 levels"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(StackUnreadableError, match=reason):
        parse_yaml("t.yaml", text)


def test_a_key_that_a_mapping_has_already_is_refused_unless_it_merges() -> None:
    twice = "Resources:\n  A: {Type: x}\n  A: {Type: y}\n"
    merged = "a: &a {x: 1}\nb: &b {y: 2}\nc:\n  <<: *a\n  <<: *b\n"

    with pytest.raises(StackUnreadableError, match="f:3: the key 'A' twice in one object"):
        parse_yaml("f", twice)
    assert parse_yaml("f", merged).value["c"] == {"x": "1", "y": "2"}
