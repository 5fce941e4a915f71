"""Stage two's figures by pandas, numpy and scipy, to be measured beside ours; ``benchmarks/process.py`` starts it.

``python benchmarks/process_with_data_frames.py INVENTORY RESULT`` reads an inventory and writes one JSON object.
A test holds its figures against ours, so that both do the same work.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats
from scipy.cluster import hierarchy
from scipy.spatial import distance

Json = dict[str, Any]

NEAREST: Final = 5
FEW: Final = 5
CUT: Final = 0.25
TIERS: Final = {"universal": 1.0, "wide": 0.75, "moderate": 0.5, "limited": 0.1}
DECILES: Final = (1, 2, 3, 4, 6, 7, 8, 9)


def figures(document: Json) -> Json:
    """Compute every figure from the document of an inventory all of whose regions could be read."""
    content = document["content"]
    regions = _regions(content, pd.Timestamp(document["taken"][:10]))
    offerings = _offerings(content)
    matrix = _matrix(content, offerings)
    per_region, per_service = matrix.sum(axis=1), matrix.sum(axis=0)
    offered = per_service[per_service > 0]
    return {
        "regions": _region_figures(matrix, regions),
        "services": _service_figures(matrix, regions["partition"]),
        "clusters": _clusters(matrix),
        "parity": _parity(matrix, regions["partition"]),
        "services-per-region": _distribution(per_region),
        "regions-per-service": _distribution(offered),
        "age-and-services-rank-correlation": float(stats.spearmanr(regions["age_days"], per_region).statistic),
        "findings": _findings(offerings, regions),
    }


def _regions(content: Json, taken: pd.Timestamp) -> pd.DataFrame:
    frame = pd.DataFrame(content["regions"]).set_index("code")
    launched = pd.to_datetime(frame["launch"].map(lambda launch: launch["date"]))
    return frame.assign(age_days=(taken - launched).dt.days)


def _offerings(content: Json) -> pd.DataFrame:
    rows = [
        (region, service, tick.get("endpoint"), len(tick["protocols"]), tick.get("only_in"))
        for region, ticks in content["offerings"].items()
        for service, tick in ticks.items()
    ]
    return pd.DataFrame(rows, columns=["region", "service", "endpoint", "protocols", "only_in"])


def _matrix(content: Json, offerings: pd.DataFrame) -> pd.DataFrame:
    codes = [[row["code"] for row in content[noun]] for noun in ("regions", "services")]
    return (
        pd.crosstab(offerings["region"], offerings["service"]).reindex(index=codes[0], columns=codes[1], fill_value=0)
        > 0
    )


def _region_figures(matrix: pd.DataFrame, regions: pd.DataFrame) -> dict[str, Json]:
    counts, partition = matrix.sum(axis=1), regions["partition"]
    within = matrix.groupby(partition).any().sum(axis=1)
    alone = matrix.loc[:, matrix.sum(axis=0) == 1]
    ranks = counts.rank(ascending=False, method="min").astype(int)
    widest = counts.groupby(partition).idxmax()
    years = regions["age_days"] / 365.25
    likeness = 1 - distance.squareform(distance.pdist(matrix.to_numpy(), "jaccard"))
    similar = pd.DataFrame(likeness, index=matrix.index, columns=matrix.index)
    return {
        region: {
            "services": int(counts[region]),
            "share": counts[region] / matrix.shape[1],
            "partition_share": counts[region] / within[partition[region]],
            "rank": int(ranks[region]),
            "services_a_year": counts[region] / years[region] if years[region] >= 1 else None,
            "exclusive": list(alone.columns[alone.loc[region].astype(bool)]),
            "missing": list(matrix.columns[matrix.loc[widest[partition[region]]] & ~matrix.loc[region]]),
            "nearest": _nearest(similar[region], partition),
        }
        for region in matrix.index
    }


def _nearest(likeness: pd.Series, partition: pd.Series) -> list[tuple[str, float]]:
    region = likeness.name
    others = likeness[(partition == partition[region]) & (likeness.index != region)]
    ordered = others.to_frame("likeness").rename_axis("code").reset_index()
    nearest = ordered.sort_values(["likeness", "code"], ascending=[False, True]).head(NEAREST)
    return list(nearest[["code", "likeness"]].itertuples(index=False, name=None))


def _service_figures(matrix: pd.DataFrame, partition: pd.Series) -> dict[str, Json]:
    sizes, by_partition = partition.value_counts(), matrix.groupby(partition).sum()
    counts = matrix.sum(axis=0)
    reach = by_partition.gt(0).mul(sizes, axis=0).sum()
    share = counts / reach.where(reach > 0, 1)
    known = [counts == 0, counts == 1, *(share >= least for least in TIERS.values())]
    tiers = np.select(known, ["none", "single", *TIERS], default="rare")
    figures = {}
    for index, service in enumerate(matrix.columns):
        offering = by_partition.index[by_partition[service] > 0]
        lacking = matrix.index[~matrix[service] & partition.isin(offering)]
        figures[service] = {
            "regions": int(counts[service]),
            "share": counts[service] / len(matrix),
            "partitions": {name: by_partition.loc[name, service] / sizes[name] for name in offering},
            "tier": str(tiers[index]),
            "lacking": list(lacking) if counts[service] and len(lacking) <= FEW else None,
        }
    return figures


def _clusters(matrix: pd.DataFrame) -> list[list[str]]:
    linkage = hierarchy.linkage(distance.pdist(matrix.to_numpy(), "jaccard"), method="average")
    labels = pd.Series(hierarchy.fcluster(linkage, CUT, criterion="distance"), index=matrix.index)
    return sorted((sorted(group.index) for _, group in labels.groupby(labels)), key=lambda group: (-len(group), group))


def _parity(matrix: pd.DataFrame, partition: pd.Series) -> dict[str, list[str]]:
    offered = matrix.groupby(partition).any()
    return {
        f"{region} {other}": list(offered.columns[offered.loc[region] & ~offered.loc[other]])
        for region in offered.index
        for other in offered.index
        if region != other
    }


def _distribution(counts: pd.Series) -> Json:
    values = np.sort(counts.to_numpy())
    low, middle, high = np.percentile(values, [25, 50, 75])
    beyond = 1.5 * (high - low)
    ranked = np.arange(1, len(values) + 1)
    return {
        "minimum": int(values[0]),
        "maximum": int(values[-1]),
        "mean": float(values.mean()),
        "median": float(middle),
        "quartile-1": float(low),
        "quartile-3": float(high),
        **{f"decile-{number}": float(np.percentile(values, 10 * number)) for number in DECILES},
        "standard-deviation": float(values.std()),
        "skewness": float(stats.skew(values)),
        "share-of-widest": float(100 * values[-5:].sum() / values.sum()),
        "gini": float(2 * (ranked * values).sum() / (len(values) * values.sum()) - (len(values) + 1) / len(values)),
        "outliers": int(((values < low - beyond) | (values > high + beyond)).sum()),
    }


def _findings(offerings: pd.DataFrame, regions: pd.DataFrame) -> dict[str, int]:
    """Count the offerings that each rule is about."""
    with_endpoint = offerings.dropna(subset="endpoint")
    labels = with_endpoint.assign(label=with_endpoint["endpoint"].str.split(".")).explode("label")
    named = labels[labels["label"].isin(regions.index)]
    own = named[named["label"] == named["region"]].index
    domains = with_endpoint["region"].map(regions["domain"])
    inside = [
        f".{host}".endswith(f".{domain}") for host, domain in zip(with_endpoint["endpoint"], domains, strict=True)
    ]
    return {
        "trees-disagree": int(offerings["only_in"].notna().sum()),
        "endpoint-in-another-region": int(named.index.difference(own).nunique()),
        "endpoint-outside-domain": int(len(inside) - sum(inside)),
        "offering-without-endpoint": int((offerings["endpoint"].isna() & (offerings["protocols"] == 0)).sum()),
        "endpoint-without-protocols": int((offerings["endpoint"].notna() & (offerings["protocols"] == 0)).sum()),
    }


if __name__ == "__main__":
    started = time.perf_counter()
    content = figures(json.loads(Path(sys.argv[1]).read_bytes()))
    Path(sys.argv[2]).write_text(json.dumps(content, default=float), encoding="utf-8")
    whole = time.perf_counter() - started
    memory = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(line for line in memory.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"whole": whole, "peak_kilobytes": int(peak.split()[1])}))
