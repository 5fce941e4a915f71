"""Stage one over live AWS for a function: once per run, and ended before the function's time is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.cache import Cache
from aws_ssm_fetcher.core.store.keys import place_of
from aws_ssm_fetcher.core.store.listing import inventories
from aws_ssm_fetcher.core.store.views import CreateOnly
from aws_ssm_fetcher.data_sources import live
from aws_ssm_fetcher.data_sources.collect import collect
from aws_ssm_fetcher.data_sources.resource_types.stored import store_live_types
from aws_ssm_fetcher.data_sources.threads import threads

if TYPE_CHECKING:
    from botocore.session import Session

    from aws_ssm_fetcher.core.config import Settings
    from aws_ssm_fetcher.core.function.events import Order
    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.ports import Clock, DeletingStore, ObjectStore, Progress


def fetch_once(
    order: Order,
    store: DeletingStore,
    settings: Settings,
    *,
    clock: Clock,
    progress: Progress,
    session: Session | None = None,
) -> str:
    """Return the key of the run's inventory, which is made unless it is there: a schedule may be delivered twice.

    AWS is read with the credentials of a *session*, of a new one if none is given.
    """
    made = order.run_id and stored_inventory(store, order.run_id)
    return made or fetch(order, store, settings, clock=clock, progress=progress, session=session)


def fetch(
    order: Order,
    store: DeletingStore,
    settings: Settings,
    *,
    clock: Clock,
    progress: Progress,
    session: Session | None = None,
) -> str:
    """Read AWS and return the inventory's key. If two do so at once, the first inventory is kept."""
    chosen = settings._replace(detail=order.detail or settings.detail)
    cache = Cache((store,), ttl_seconds=chosen.cache_ttl, clock=clock, refresh=order.refresh)
    taken = clock()
    store_live_types(CreateOnly(store), chosen, taken)  # before the inventory, whose arrival starts the next stage
    with threads(live.THREADS) as executor:
        return collect(
            live.open_tree(chosen, cache, session),
            live.open_launches(chosen, cache),
            CreateOnly(store),
            run_id=order.run_id,
            taken=taken,
            executor=executor,
            progress=progress,
        )


def stored_inventory(store: ObjectStore, run_id: RunId) -> str | None:
    """Return the key of a run's inventory, or ``None``. A late delivery has another day than the event."""
    return next((key for key in inventories(store) if place_of(key).run_id == run_id), None)
