"""Zones' columns: what people in a sub-market expect and experience on each platform."""

from __future__ import annotations

from sim.populations.table import Array, Table, column


class Zones(Table):
    """Sub-markets of about ten thousand consumers who choose among the same merchants."""

    pilot_turn: Array = column("int64", "-", "place in the random order in which zones become pilots")
    in_pilot: Array = column("bool", "-", "whether rules that are piloted are in force")
    expected_delay: Array = column("float32", "minutes", "delay that consumers expect", per="platform")
    delay: Array = column("float32", "minutes", "delay this week", per="platform")
    utilisation: Array = column("float32", "share", "orders carried against capacity this week", per="platform")
    capacity: Array = column("int64", "orders a week", "most orders that workers online can carry", per="platform")
    effective_minutes: Array = column("int64", "minutes a week", "time online weighted by productivity", per="platform")
    expected_earnings: Array = column(
        "float32", "currency an hour", "piece earnings and tips that a mean worker expects", per="platform"
    )
    expected_admission: Array = column(
        "float32", "share", "part of time offered that workers expect to be online", per="platform"
    )
    buyer_sensitivity: Array = column(
        "float32", "1/currency", "mean sensitivity of recent buyers to the price asked", per="platform"
    )
    mean_price: Array = column("float32", "currency", "mean price of merchants listed", per="platform")
    rivals: Array = column("float32", "-", "ranking weight x attraction of all offers, when surveyed", per="platform")
    orders_in_play: Array = column("float32", "orders a week", "orders that these offers share", per="platform")
    n_listed: Array = column("int64", "merchants", "merchants listed", per="platform")
    variety: Array = column("float32", "merchants", "merchants shown, those elsewhere by visibility", per="platform")
    usual_placed: Array = column("float32", "orders a week", "smoothed orders placed", per="platform")
    placed: Array = column("int64", "orders a week", "orders placed", per="platform")
    rationed_minutes: Array = column("int64", "minutes a week", "workers' time that was rationed", per="platform")
    top_up_cents: Array = column("int64", "cents a week", "what pay floors added to workers' pay", per="platform")
    tip_cents: Array = column("int64", "cents a week", "what consumers tipped", per="platform")
    carried: Array = column("int64", "orders a week", "orders carried", per="platform")
    remote: Array = column("int64", "orders a week", "carried for merchants listed only elsewhere", per="platform")
    cancelled: Array = column("int64", "orders a week", "orders cancelled and refunded", per="platform")
    n_entries: Array = column("int64", "merchants a week", "merchants that opened")
    n_exits: Array = column("int64", "merchants a week", "merchants that closed")
    n_joined: Array = column("int64", "workers a week", "workers that joined")
    n_left: Array = column("int64", "workers a week", "workers that left")
