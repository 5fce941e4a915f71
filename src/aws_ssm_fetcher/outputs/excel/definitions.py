"""What each column means, as ``docs/reference/reports.md`` has it; a test compares both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "Regional Services": {
        "Region Code": "Such as eu-west-3.",
        "Region Name": "AWS's long name.",
        "Service Code": "As AWS spells it, capitals included.",
        "Service Name": "AWS's long name; empty if it has none.",
        "Partition": "aws, aws-cn, aws-us-gov or aws-eusc.",
        "Endpoint": (
            "Host name. Products without an API of their own have none; at the level of detail offerings "
            "endpoints are left out."
        ),
        "Protocols": "Upper case, sorted, joined by a comma and a space. AWS's own spelling varies and is made one.",
        "Reach": (
            "From where it is served, as far as its endpoint tells: regional, remote, global or unlisted; see "
            "reach. Empty where endpoints were not requested."
        ),
        "Served From": "The region that a remote offering's endpoint names; else empty.",
        "Country": "The region's: ISO 3166-1, two letters.",
        "Launch Date": "The opening of the region, not of the service there.",
        "Resource Types": (
            "CloudFormation resource types of the service that are registered in the region; empty where that "
            "is unknown."
        ),
        "Types In Partition": "Those that any region of the partition has.",
    },
    "Region Summary": {
        "Launch Date": "The opening of the region, in UTC, according to the source beside it.",
        "Launch Date Source": "The source of the date (feed, feed copy or overlay) and its evidence; see documents.",
        "Announcement URL": "AWS's announcement.",
        "Availability Zones": "Their number; empty if they were not read.",
        "Local Zones": "Their number; empty if they were not read.",
        "Wavelength Zones": "Their number; empty if they were not read.",
        "Service Count": "Services in the region; empty if the region could not be read.",
        "Coverage %": "Services in the region over all services in the snapshot, rounded to one decimal.",
        "Opt In": (
            "yes if an account has to enable the region first, no if not; empty where AWS's rule does not apply."
        ),
        "Age Years": ("From launch to the snapshot, rounded to one decimal; empty without a launch date or before it."),
        "Partition Coverage %": "Services in the region over those of its whole partition, rounded to one decimal.",
        "Rank": "1 for the region with the most services; ties share a rank.",
        "Services Per Year": "Services over years since launch, rounded to one decimal; empty in the first year.",
        "Exclusive Services": "Number of services that no other region has; empty if any region could not be read.",
        "Missing Services": "Number of services that the widest region of its partition has and this one lacks.",
        "Most Similar Region": (
            "The region of its partition with the most similar services; empty if there is no other."
        ),
        "Similarity %": "Services in both over services in either, rounded to one decimal.",
        "Cluster": "Number of its cluster, 1 for the largest.",
        "Quality Score": "0 to 100, from the findings about it; see quality score.",
        "Grade": "A to F.",
        "Resource Types": (
            "CloudFormation resource types registered in the region; empty where AWS publishes no list of its own."
        ),
        "Mean Depth %": "Mean over the region's services: resource types in the region over those of its partition.",
        "Exclusive Types": "Resource types that no other region has.",
    },
    "Service Summary": {
        "Region Count": "Regions with the service, among those that could be read.",
        "Coverage %": "Those regions over all regions that could be read, rounded to one decimal.",
        "Home Page": "AWS's product page; not read at the level of detail offerings.",
        "Tier": (
            "Availability in the partitions that have the service; see tiers. Empty if any region could not be "
            "read, or a region with the service has no partition."
        ),
        "Missing In": (
            "The regions of those partitions without the service: their codes if there are 5 or fewer, "
            "otherwise how many, such as 12 regions. Empty if none is missing, or if a region is not known."
        ),
        "Sort Name": "The name, or else the code, without Amazon or AWS in front.",
        "Earlier Codes": "Codes that the service had in earlier snapshots.",
        "Coverage % and a partition": (
            "One column per partition with services, such as Coverage % aws-cn: the share of its regions with "
            "the service, rounded to one decimal."
        ),
        "Category": (
            "What it is for; see categories. Empty for a service that the table of categories has not been "
            "reviewed for."
        ),
        "Mean Depth %": (
            "Mean over the regions with the service: resource types in the region over those of its partition; "
            "empty without types to compare."
        ),
    },
    "Statistics": {
        "Section": "The group of the statistic.",
        "Statistic": "The label.",
        "Value": (
            "A number or a text; fractions are rounded to three decimals, whole numbers have none; empty if it "
            "cannot be computed."
        ),
        "Definition": (
            "What the statistic counts; if there is no value, why; and the codes behind it where they help."
        ),
    },
    "Findings": {
        "Severity": "error, warning or note.",
        "Rule": "The rule's id; each has its section in findings, quarantine reasons in documents.",
        "Scope": "The kind of the subject: run, region, service or offering.",
        "Subject": "The code or path of the finding.",
        "Message": "What was found.",
        "Points": "What it subtracts from the quality score; empty for a quarantine reason.",
        "What To Do": "The rule's advice.",
        "Evidence": "The codes, paths or addresses that show it, joined by a comma and a space.",
    },
    "Nearest Regions": {
        "Region Code": "The region.",
        "Rank": "1 for the most similar.",
        "Nearest Region": "The other region.",
        "Similarity %": "Services in both over services in either, rounded to one decimal.",
        "In Both": "Number of services in both.",
        "Only In Region": "Number of services that only the first region has.",
        "Only In Nearest": "Number of services that only the nearest region has.",
    },
    "Partition Parity": {
        "Partition": "At least one of its regions has the service.",
        "Missing In": "None of this partition's regions that were read has it.",
    },
    "Changes": {
        "Kind": "As in the analysis.",
        "Region Code": "Empty for a change of a service in no single region: a new name or a new code.",
        "Region Name": "The present long name, or the last one; empty if there never was one.",
        "Service Code": "Empty for a change of a region or a zone; of a rename the new code.",
        "Service Name": "As for the region.",
        "Zone": "The zone that was added or removed.",
        "First Seen": ("The day of the first snapshot that showed the change: of a removal, the first one without it."),
        "Confirmed": "The day of the snapshot that confirmed it.",
        "Previous Snapshot": (
            "The day of the last snapshot with the state before; the change happened between this and First Seen."
        ),
        "Region Launched": "The day on which the region opened, from AWS's regions feed or the bundled list.",
        "Parameter Created": "When AWS created the parameter, possibly the launch day of the offering.",
        "Days Absent": (
            "Of what returned: whole days from the first snapshot without it to the one in which it was back."
        ),
        "Old": "The code, name or endpoint before.",
        "New": "The code, name or endpoint after; of a zone, its kind.",
        "Renamed In": "The regions in which a service was renamed, joined by a comma and a space.",
        "Run Id": "The run that confirmed it.",
        "Change Id": "The permanent id of the change.",
    },
    "Other Names": {
        "Vocabulary": "botocore, cli, iam, cloudformation, terraform or product.",
        "Name": "As it is written there; a CloudFormation name without AWS::, a Terraform name without aws_.",
        "Decision": "service, feature, several, retired or unlisted.",
        "Service Code": (
            "The service; of a feature, the service that it is a part of; of several, one a row; else empty."
        ),
        "Service Name": "AWS's long name.",
        "Note": "Where there is something to add.",
        "Source": "What the decision rests on.",
    },
    "Lifecycle": {
        "Service Code": "As in AWS's parameters; empty if they list no such service.",
        "Service Name": "AWS's long name.",
        "Subject": "What the row is about, by its name.",
        "Feature": "The feature of the service; empty for the whole service.",
        "Stage": (
            "On the day of the snapshot: maintenance, closed to new customers, sunset or shut down; general "
            "availability before it closed."
        ),
        "Closed On": "From this day on there are no new customers.",
        "Ends On": "After this day there is no support.",
        "Ended": "Whether that day had passed.",
        "Region Count": "Regions in which AWS's parameters list the service.",
        "Lifecycle Page": "The page on which it can be checked.",
        "Checked On": "When it was.",
        "Remark": "What else is to be known.",
    },
    "Resource Types": {
        "Service Code": "The service that the type belongs to, as itself or by a feature; see names.",
        "Service Name": "AWS's long name.",
        "Resource Type": "Such as AWS::Lambda::Url.",
        "Region Count": "Regions in which it is registered, of those with a list of their own.",
        "a region's code": (
            "1 registered, 0 not registered there by AWS's schemas of the day named on the sheet Statistics, ? "
            "not known because AWS publishes no list of the region's own."
        ),
    },
    "Service Depth": {
        "a region's code": (
            "0 to 100, rounded to whole numbers in the workbook only; empty where AWS's parameters do not list "
            "the service; ? where AWS publishes no list of the region's own; n/a where no region of the "
            "partition has a resource type of the service."
        ),
    },
}
"""By sheet and column; where a sheet does not define a column, another sheet with that column does."""
ADDED: Final[Mapping[str, str]] = {
    "Most Similar Region Name": "AWS's long name of that region.",
    "Missing In Names": "The names of those regions, where Missing In lists their codes.",
    "Subject Name": "AWS's long name of the subject, where it is a region or a service.",
    "Evidence Count": "How many codes, paths or addresses the evidence has.",
    "Nearest Region Name": "AWS's long name of that region.",
    "Partition Name": "What AWS calls the partition.",
    "Missing In Name": "What AWS calls the partition.",
    "Served From Name": "AWS's long name of that region.",
}
"""Columns that only the workbook has."""
FIGURES: Final = (
    ("Overview", "Regions", "Regions that AWS's parameters list."),
    ("Overview", "Services", "Services that AWS's parameters list, those that are in no region included."),
    ("Overview", "Available (service and region)", "Pairs of a service and a region that has it."),
    ("Overview", "Availability Zones", "Their sum over all regions, where they were read."),
    ("Overview", "Partitions", "Groups of regions with accounts of their own, such as China."),
    (
        "Overview",
        "Quality",
        "100 minus the points of all findings; A from 90, B from 80, C from 70, D from 60, else F.",
    ),
    ("Overview", "Services by region", "Services in each region, by geography."),
    (
        "Overview",
        "Growth by quarter",
        (
            "Pairs of a service and a region that were available in the last snapshot of each quarter; the last "
            "quarter ends with this snapshot."
        ),
    ),
    ("Overview", "Services by partition", "Services that any region of the partition has."),
    (
        "Overview",
        "Newest regions catching up",
        "Services of the regions that launched last, in each snapshot since the launch; a month has 30.4 days.",
    ),
    ("Overview", "What changed", "Changes confirmed in the 90 days up to the snapshot, one line per service."),
    ("Service Matrix", "Year", "The year in which the region opened."),
    (
        "Service Matrix",
        "All of …",
        "Regions of the partition or geography that have the service; of a category, pairs.",
    ),
    ("Service Matrix", "partial", "The region lacks resource types of the service that others of its partition have."),
    ("Service Matrix", "remote", "The endpoint names another region; the sheet Regional Services has which."),
)
"""Figures outside of tables: sheet, figure, meaning."""


def meaning_of(sheet: str, title: str) -> str:
    """Return what a column means; empty for a column that nothing defines."""
    own = COLUMNS.get(sheet, {}).get(title) or ADDED.get(title)
    return own or next((columns[title] for columns in COLUMNS.values() if title in columns), "")
