"""Who can hold money and what money can be paid for. Append only."""

from __future__ import annotations

from enum import Enum


class Party(Enum):
    """A holder of money: a population with one balance a row, or a single balance."""

    __hash__ = object.__hash__  # Enum's own hashes the name anew at every look-up

    CONSUMERS = "consumers"
    MERCHANTS = "merchants"
    WORKERS = "workers"
    PLATFORMS = "platforms"
    DEPARTMENTS = "departments"
    GOVERNMENT = "government"
    OWNERS = "owners"
    WORLD = "world"
    INSURERS = "insurers"


class Account(Enum):
    """What a payment is for; the text names payer and payee."""

    __hash__ = object.__hash__

    MEALS_PAID = "consumers to platforms: goods of all orders placed"
    NET_FEES = "consumers to platforms: delivery and service fees less coupons"
    REFUNDS = "platforms to consumers: goods and fees of cancelled orders"
    MEALS_PASSED_ON = "platforms to merchants: goods of carried orders"
    COMMISSION = "merchants to platforms: commission on carried orders"
    RIDER_PAY = "platforms to workers: piece rates"
    TOP_UPS = "platforms to workers: what a pay floor adds"
    TAKEN_ALONG = "workers to the world: what riders have when they give up"
    ACCESS_CHARGES = "platforms to platforms: home's part of carrying an order for its merchant"
    PLATFORM_COSTS = "platforms to the world: payment, support, marketing, overhead"
    INGREDIENTS = "merchants to the world: variable cost of meals"
    OFFLINE_SALES = "the world to merchants: meals sold off the platforms"
    FIXED_COSTS = "merchants to the world: rent, staff, listing"
    OPENING_COSTS = "owners to the world: opening a business"
    OWNERS_IN = "owners to merchants: opening cash, and debts written off"
    OWNERS_OUT = "merchants to owners: profit withdrawn"
    APPROPRIATIONS = "government to departments: weekly budget"
    STAFF = "departments to the world: standing staff"
    INSPECTIONS = "departments to the world: cost of inspections"
    COMPLIANCE = "platforms to the world: cost of being inspected"
    LAPSED = "departments to government: budget not spent"
    TIPS = "consumers to workers: tips on carried orders"
    PARCELS = "platforms to the world: carriage where no workers carry"
    SURCHARGES_GIVEN_UP = "platforms to consumers: personal surcharges that are charged no longer"
    BURDEN = "platforms to the world: cost of keeping to rules"
    CONTRIBUTIONS = "platforms to government: social contributions on riders' pay"
    AUDITS = "platforms to the world: outside audits"
    FINES = "platforms to government: fines"
    FINES_PAID_BACK = "government to platforms: fines that were wrong"
    INJURIES = "workers to the world: treatment of injuries, and pay lost until healed"
    PREMIUMS = "platforms to insurers: cover of riders' injuries"
    INJURY_BENEFITS = "insurers to workers: what cover pays for injuries"
    LICENCES = "workers to the world: licences for worker and car"
