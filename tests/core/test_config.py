"""Settings from the environment and the command line."""

from __future__ import annotations

import re

import pytest

from aws_ssm_fetcher.core.config import COMMANDS, QUESTIONS, SETTINGS, Setting, settings_from
from aws_ssm_fetcher.core.error_handling import SettingRefusedError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.text import without_secrets

DEFAULTS = settings_from({})


def test_an_empty_environment_gives_the_defaults_of_the_table() -> None:
    assert settings_from({setting.name: setting.default for setting in SETTINGS}) == DEFAULTS


def test_the_defaults_are_those_that_are_promised() -> None:
    assert (DEFAULTS.ssm_region, DEFAULTS.log_level) == ("us-west-1", "INFO")


def test_the_environment_sets_each_setting_by_its_name() -> None:
    settings = settings_from({"SSM_REGION": "eu-west-3", "LOG_LEVEL": "DEBUG", "PATH": "/bin"})

    assert settings == DEFAULTS._replace(ssm_region=RegionCode("eu-west-3"), log_level="DEBUG")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert settings_from({setting.name: "" for setting in SETTINGS}) == DEFAULTS


def test_the_command_line_has_the_last_word() -> None:
    settings = settings_from({"SSM_REGION": "eu-west-3", "LOG_LEVEL": "DEBUG"}, ssm_region="ap-southeast-2")

    assert settings == DEFAULTS._replace(ssm_region=RegionCode("ap-southeast-2"), log_level="DEBUG")


def test_a_silent_command_line_leaves_the_word_to_the_environment() -> None:
    assert settings_from({"SSM_REGION": "eu-west-3"}, ssm_region=None).ssm_region == "eu-west-3"


def test_a_bad_variable_does_no_harm_where_the_command_line_speaks() -> None:
    assert settings_from({"SSM_REGION": "Paris"}, ssm_region="eu-west-3").ssm_region == "eu-west-3"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
@pytest.mark.parametrize("value", ["non sense", " ", "us-east-1 ", "us-east-1\n", "US-EAST-1", "Loud", "DEBUG\n"])
def test_a_bad_value_is_refused_with_name_value_and_what_is_allowed(setting: Setting, value: str) -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        settings_from({setting.name: value})

    error = refusal.value
    assert (error.name, error.value, error.allowed) == (setting.name, value, setting.allowed)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_refusal_is_one_line_that_says_all_of_it(setting: Setting) -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        settings_from({setting.name: "a\nb"})

    assert str(refusal.value) == f"{setting.name}='a\\nb' is not allowed. Allowed: {setting.allowed}."


def test_a_bad_override_is_refused_as_well() -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        settings_from({"SSM_REGION": "eu-west-3"}, ssm_region="Paris")

    assert refusal.value.value == "Paris"


@pytest.mark.parametrize(
    "region",
    ["us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-isob-east-1", "il-central-1"],
)
def test_the_region_codes_of_every_partition_are_allowed(region: str) -> None:
    assert settings_from({"SSM_REGION": region}).ssm_region == region


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
def test_each_level_of_the_table_is_allowed(level: str) -> None:
    assert settings_from({"LOG_LEVEL": level}).log_level == level


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_default_is_allowed(setting: Setting) -> None:
    assert setting.accepts(setting.default)


@pytest.mark.parametrize("bucket", ["reports", "my.reports-2026", "a1b", "x" * 63])
def test_the_name_of_a_bucket_is_allowed(bucket: str) -> None:
    assert settings_from({"OUTPUT_S3_BUCKET": bucket}).output_s3_bucket == bucket


@pytest.mark.parametrize("bucket", ["ab", "x" * 64, "-reports", "reports-", "s3://reports", "arn:aws:s3:::reports"])
def test_what_cannot_be_a_bucket_is_refused(bucket: str) -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        settings_from({"OUTPUT_S3_BUCKET": bucket})

    assert (refusal.value.name, refusal.value.value) == ("OUTPUT_S3_BUCKET", bucket)


@pytest.mark.parametrize(
    "key",
    [
        "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/reports",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "mrk-1234abcd12ab34cd56ef1234567890ab",
    ],
)
def test_each_form_of_a_kms_key_is_allowed(key: str) -> None:
    assert settings_from({"OUTPUT_KMS_KEY": key}).output_kms_key == key


@pytest.mark.parametrize("key", ["nonsense", "alias/reports", "arn:aws:s3:::reports"])
def test_what_cannot_be_a_kms_key_is_refused(key: str) -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        settings_from({"OUTPUT_KMS_KEY": key})

    assert (refusal.value.name, refusal.value.value) == ("OUTPUT_KMS_KEY", key)


@pytest.mark.parametrize(
    "arn", ["arn:aws:sns:eu-west-1:123456789012:changes", "arn:aws-cn:sns:cn-north-1:123456789012:What_changed-1"]
)
def test_a_topic_is_known_by_its_arn(arn: str) -> None:
    assert settings_from({"NOTIFICATION_TOPIC_ARN": arn}).topic == arn


@pytest.mark.parametrize("environment", [{}, {"NOTIFICATION_TOPIC_ARN": "none"}, {"NOTIFICATION_TOPIC_ARN": ""}])
def test_without_a_topic_nobody_is_reported(environment: dict[str, str]) -> None:
    assert settings_from(environment).topic is None


@pytest.mark.parametrize(
    "arn",
    [
        "changes",
        "arn:aws:sns:eu-west-1:123456789012:changes.fifo",
        "arn:aws:sqs:eu-west-1:123456789012:changes",
        "arn:aws:sns:eu-west-1:123456789012:changes\n",
        "arn:aws:sns:eu-west-1:123456789012:changes:a-subscription",
    ],
)
def test_what_cannot_be_a_standard_topic_is_refused(arn: str) -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        settings_from({"NOTIFICATION_TOPIC_ARN": arn})

    assert (refusal.value.name, refusal.value.value) == ("NOTIFICATION_TOPIC_ARN", arn)


@pytest.mark.parametrize("level", ["debug", "Debug", "DEBUG"])
def test_a_log_level_is_taken_in_any_case(level: str) -> None:
    assert settings_from({"LOG_LEVEL": level}).log_level == "DEBUG"


@pytest.mark.parametrize(
    "url",
    [
        "https://me:hunter2@example.com/a feed?token=hunter3",
        "https://me:hun/ter2@example.com/rss",
        "https://me:?hunter2@example.com/rss",
        "https://me:#hunter2@example.com/rss",
        "https://me:@hunter2@example.com/a rss",
        "me:hunter2@example.com/rss?token=hunter3",
        "ftp://me:hunter2@example.com",
        "HTTPS://me:hunter2@example.com/\x01",
    ],
)
def test_no_part_of_a_password_stands_in_the_refusal_of_an_address(url: str) -> None:
    refusal = str(SettingRefusedError("FEED_URL", url, allowed="an address"))

    assert not re.search("hun|ter", refusal)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "a://" * 250_000, "a://b?" * 100_000])
def test_a_long_text_is_searched_for_passwords_as_far_as_it_is_shown(text: str) -> None:
    assert len(without_secrets(text)) <= 20_000


def test_a_password_in_an_address_never_stands_in_a_message() -> None:
    with pytest.raises(SettingRefusedError) as refused:
        settings_from({"FEED_URL": "https://me:hunter2@example.com/a feed?token=s3cret"})

    assert "hunter2" not in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_variable_that_a_command_does_not_use_never_fails_it() -> None:
    unused = {"SSM_MAX_TPS": "fast", "OUTPUT_S3_BUCKET": "!", "CACHE_TTL": "1h", "LOG_LEVEL": "loud"}
    environment = unused | {"CONFIRM_DAYS": "7"}

    assert settings_from(environment, used=QUESTIONS) == DEFAULTS._replace(confirm_days=7)
    with pytest.raises(SettingRefusedError, match="SSM_MAX_TPS"):
        settings_from(environment, used=COMMANDS)
