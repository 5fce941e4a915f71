"""Open a client of AWS, and say in one line what keeps it from AWS: credentials, configuration, proxy, certificate."""

from __future__ import annotations

import getpass
import json
import os
import re
import ssl
import warnings
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    MissingDependencyException,
    ProxyConnectionError,
)
from botocore.parsers import ResponseParserError
from botocore.session import Session

from aws_ssm_fetcher.core.error_handling import (
    AccessRefusedError,
    CredentialsError,
    ExtraMissingError,
    SourceError,
)
from aws_ssm_fetcher.core.text import excerpt, without_secrets

if TYPE_CHECKING:
    from botocore.config import Config

    from aws_ssm_fetcher.core.model.codes import RegionCode

SIGN_IN: Final = (
    "Sign in (aws configure, aws sso login, or AWS_PROFILE), or use --source bundled, which needs no account"
)
CLOCK: Final = "Set the clock of this machine: AWS accepts signatures that are at most five minutes off"
UNPARSABLE: Final = (ValueError, TypeError, AttributeError, KeyError, RuntimeError, OverflowError)
"""What botocore's parser raises for bytes that are no UTF-8, for null, lists, deep nesting and impossible dates."""
_SKEWED: Final = re.compile(r"Signature (?:expired|not yet current)|RequestTimeTooSkewed", re.IGNORECASE)
_DENIED_BY: Final = re.compile(r"(?:explicit deny in|no) (?:an? |the )?([a-zA-Z -]*(?:policy|boundary))", re.IGNORECASE)
_VARIABLES: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def open_session(region: RegionCode, session: Session | None = None) -> Session:
    """Resolve the credentials, of a new session if none is given. Raises ``SourceError`` or ``ExtraMissingError``.

    That may ask for an MFA code. A role is asked for in *region* if neither the environment nor the profile names one.
    """
    _check_variables()
    try:
        session = session or Session()
        session.get_scoped_config()  # fails here if the profile does not exist
        # Without a region of the profile or the environment, STS has no endpoint to ask for the role at.
        if session.get_config_variable("region") is None:
            session.set_config_variable("region", region)
        _check_certificates(session)
    except BotoCoreError as error:  # a profile that does not exist, a config file that cannot be read
        raise _cannot_ask(error) from error
    _check_credentials(session)
    return session


def open_client(service: str, region: RegionCode, config: Config, session: Session | None = None) -> Any:  # noqa: ANN401 - botocore ships no types
    """Create a client with resolved credentials. Raises ``SourceError`` or ``ExtraMissingError``."""
    session = session or open_session(region)
    try:
        return session.create_client(service, region_name=region, config=config)
    except MissingDependencyException as error:
        raise ExtraMissingError("botocore[crt]", package="botocore[crt]", extra="login") from error
    except BotoCoreError as error:
        raise _cannot_ask(error) from error
    except ValueError as error:  # "Invalid endpoint": no scheme, or a host that is none
        raise _cannot_ask(error, advice="Check AWS_ENDPOINT_URL: https://host, without an underscore") from error


def _check_variables() -> None:
    """Refuse a key with white space at its end: the request could not even be sent."""
    for name in _VARIABLES:
        value = os.environ.get(name, "")
        if value != value.strip():
            message = f"{name} begins or ends with white space"
            raise CredentialsError(message, code="InvalidKey", advice="Set it again, without the line break")


def _check_certificates(session: Session) -> None:
    # botocore itself notices a missing CA file with the first request only, and then names no file.
    path = session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE")
    if not path:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except FileNotFoundError as error:
        raise _unusable_bundle(path, "does not exist", code="CaBundleMissing") from error
    except (ssl.SSLError, OSError) as error:  # no PEM, a folder, no right to read it
        raise _unusable_bundle(path, "has no certificate that can be read", code="CaBundleUnreadable") from error


def _unusable_bundle(path: str, fault: str, code: str) -> SourceError:
    message = f"The CA bundle {excerpt(path)} {fault}"
    return SourceError(message, code=code, advice="Correct AWS_CA_BUNDLE, or ca_bundle of the profile")


def _check_credentials(session: Session) -> None:
    """Resolve the credentials now: a prompt for an MFA code must not come while progress is drawn."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # else it would wait for a line of standard input
            credentials = session.get_credentials()
            frozen = credentials and credentials.get_frozen_credentials()
    except MissingDependencyException as error:
        raise ExtraMissingError("botocore[crt]", package="botocore[crt]", extra="login") from error
    except (EOFError, getpass.GetPassWarning) as error:
        message = "The profile needs an MFA code, and there is no terminal to ask for it"
        advice = "Run it at a terminal, or use credentials of a session: aws sts get-session-token"
        raise CredentialsError(message, code="MfaCodeMissing", advice=advice) from error
    except ClientError as error:  # of AWS STS, which was asked for the role
        code, aws_message = stated_error(error, "STS")
        message = f"AWS does not give the credentials of the role ({code}): {aws_message}"
        raise CredentialsError(
            message, code=code, advice=denial_advice(aws_message) or sign_in_advice(error)
        ) from error
    except (KeyError, ResponseParserError) as error:  # a page instead of the role's credentials
        raise not_from_aws("no answer of STS", type(error).__name__) from error
    except (*UNPARSABLE, BotoCoreError, OSError) as error:
        raise _unreadable_credentials(error) from error
    if frozen is None:
        raise CredentialsError("No usable AWS credentials", code="NoCredentialsError", advice=SIGN_IN)
    if any(value and value != value.strip() for value in frozen):
        message = "A key or token of the profile begins or ends with white space"
        raise CredentialsError(message, code="InvalidKey", advice="Set it again with aws configure")


def _unreadable_credentials(error: Exception) -> CredentialsError:
    """Return the error for credentials that are there and cannot be read.

    A ``credential_process`` may be missing, or print no JSON, a list or null; container credentials may be at an
    address that is refused, or their token in a file that is missing.
    """
    reason = excerpt(str(error))
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | AttributeError | TypeError):
        reason, advice = "credential_process of the profile prints no JSON object", "Run it, and look at what it prints"
    elif isinstance(error, FileNotFoundError):
        reason, advice = f"{error.filename} does not exist", "Correct credential_process, or the file of the token"
    else:
        advice = SIGN_IN
    return CredentialsError(f"The credentials cannot be read: {reason}", code=type(error).__name__, advice=advice)


def _cannot_ask(error: Exception, advice: str = SIGN_IN) -> CredentialsError:
    message = f"AWS cannot be asked: {excerpt(str(error))}"
    return CredentialsError(message, code=type(error).__name__, advice=advice)


def connection_refusal(error: BotoCoreError, endpoint: str) -> SourceError:
    """Return the error for a certificate that is not trusted, or a proxy that refuses."""
    reason_text = excerpt(without_secrets(str(error)))
    if isinstance(error, ProxyConnectionError):
        answered = excerpt(without_secrets(str(error.kwargs.get("error"))))  # the sentence names the address only
        reason_text = f"{reason_text}: {answered}"
        code = "ProxyAuthenticationRequired" if " 407 " in answered else "ProxyRefused"
        advice = (
            "Put user and password into HTTPS_PROXY"
            if code == "ProxyAuthenticationRequired"
            else "Correct HTTPS_PROXY, or list the host in NO_PROXY"
        )
        return SourceError(f"The proxy does not let requests through: {reason_text}", code=code, advice=advice)
    message = f"The certificate of {without_secrets(endpoint)} is not trusted: {reason_text}"
    advice = "If a proxy inspects TLS, set AWS_CA_BUNDLE to a file with its CA certificate"
    return SourceError(message, code="CertificateRefused", advice=advice)


def foreign_answer(answer: dict[str, Any], endpoint: str) -> SourceError | None:
    """Return an error if an answer was HTML, from a filter or a sign-in page in between."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    # SSM answers JSON, also when it refuses.
    if "html" not in str(headers.get("content-type", "")).lower():
        return None
    return not_from_aws("HTML", without_secrets(endpoint))


def not_from_aws(code: str, aws_message: str) -> SourceError:
    """Return the error for an answer that AWS does not give."""
    # A filter's page comes as the message: its markup would hide the sentence.
    text = excerpt(re.sub(r"<[^>]*>", " ", aws_message))
    message = f"An answer did not come from AWS ({code}): {text}"
    advice = "A proxy or filter in between has answered: allow the host in it, or set HTTPS_PROXY"
    return AccessRefusedError(message, code="NotFromAws", advice=advice)


def stated_error(error: ClientError, service: str) -> tuple[str, str]:
    """Return AWS's code and sentence. Raises ``AccessRefusedError`` for an answer without any: a filter's page."""
    stated = error.response.get("Error") or {}
    if "Code" not in stated:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "no status")
        raise not_from_aws(str(status), f"no error of {service}") from error
    return str(stated["Code"]), excerpt(str(stated.get("Message") or ""))


def denial_advice(message: str) -> str:
    """Return what helps against a denial by a policy that a grant cannot override; empty if a grant helps.

    AWS names the kind of policy only in its sentence.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    named = _DENIED_BY.search(message)
    # An explicit deny, a service control policy or a boundary overrides every grant; only a missing identity-based
    # grant can be added.
    if named is None or (named[1].lower().startswith("identity-based") and "explicit deny" not in message):
        return ""
    return f"Ask the owner of that {named[1].replace('Policy', 'policy')} to allow it: another grant does not help"


def sign_in_advice(error: ClientError) -> str:
    """Return what to do about credentials that AWS does not accept."""
    refusal = error.response.get("Error", {})
    stated = f"{refusal.get('Code')} {refusal.get('Message')}"
    if _SKEWED.search(stated):
        return CLOCK
    if "UnrecognizedClientException" in stated or "InvalidClientTokenId" in stated:
        return f"{SIGN_IN}. Credentials of another partition (aws-cn, aws-us-gov) do not work in this region"
    return SIGN_IN
