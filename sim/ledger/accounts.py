"""Who can hold money and what money can be paid for. Append only."""

from __future__ import annotations

from enum import Enum, unique


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
    BORROWERS = "borrowers"
    BANKS = "banks"
    LENDERS = "lenders"
    INSURERS = "insurers"


@unique
class Account(Enum):
    """Who pays whom, and what for."""

    __hash__ = object.__hash__

    def __init__(self, payer: Party, payee: Party, what: str) -> None:
        self.payer = payer
        self.payee = payee
        self.what = what

    GOODS_PAID = Party.CONSUMERS, Party.PLATFORMS, "goods of all orders placed"
    NET_FEES = Party.CONSUMERS, Party.PLATFORMS, "delivery and service fees less coupons"
    REFUNDS = Party.PLATFORMS, Party.CONSUMERS, "goods and fees of cancelled orders"
    GOODS_PASSED_ON = Party.PLATFORMS, Party.MERCHANTS, "goods of carried orders"
    COMMISSION = Party.MERCHANTS, Party.PLATFORMS, "commission on carried orders"
    WORKER_PAY = Party.PLATFORMS, Party.WORKERS, "piece rates"
    TOP_UPS = Party.PLATFORMS, Party.WORKERS, "what a pay floor adds"
    TAKEN_ALONG = Party.WORKERS, Party.WORLD, "what workers who leave the market take along"
    ACCESS_CHARGES = Party.PLATFORMS, Party.PLATFORMS, "home's part of carrying an order for its merchant"
    PLATFORM_COSTS = Party.PLATFORMS, Party.WORLD, "payment, support, marketing, overhead"
    INGREDIENTS = Party.MERCHANTS, Party.WORLD, "variable cost of goods"
    OFFLINE_SALES = Party.WORLD, Party.MERCHANTS, "goods sold off the platforms"
    FIXED_COSTS = Party.MERCHANTS, Party.WORLD, "rent, staff, listing"
    OPENING_COSTS = Party.OWNERS, Party.WORLD, "opening a business"
    OWNERS_IN = Party.OWNERS, Party.MERCHANTS, "opening cash, and debts written off"
    OWNERS_OUT = Party.MERCHANTS, Party.OWNERS, "profit withdrawn"
    APPROPRIATIONS = Party.GOVERNMENT, Party.DEPARTMENTS, "weekly budget"
    STAFF = Party.DEPARTMENTS, Party.WORLD, "standing staff"
    INSPECTIONS = Party.DEPARTMENTS, Party.WORLD, "cost of inspections"
    COMPLIANCE = Party.PLATFORMS, Party.WORLD, "cost of being inspected"
    LAPSED = Party.DEPARTMENTS, Party.GOVERNMENT, "budget not spent"
    TIPS = Party.CONSUMERS, Party.WORKERS, "tips on carried orders"
    PARCELS = Party.PLATFORMS, Party.WORLD, "carriage where no workers carry"
    SURCHARGES_GIVEN_UP = Party.PLATFORMS, Party.CONSUMERS, "personal surcharges that are charged no longer"
    BURDEN = Party.PLATFORMS, Party.WORLD, "cost of compliance"
    CONTRIBUTIONS = Party.PLATFORMS, Party.GOVERNMENT, "social contributions on workers' pay"
    AUDITS = Party.PLATFORMS, Party.WORLD, "outside audits"
    FINES = Party.PLATFORMS, Party.GOVERNMENT, "fines"
    FINES_PAID_BACK = Party.GOVERNMENT, Party.PLATFORMS, "fines that were wrong"
    TAX_IN_COSTS = Party.WORLD, Party.GOVERNMENT, "tax on platform sales that fixed costs contain"
    TAXES = Party.MERCHANTS, Party.GOVERNMENT, "tax on platform sales beyond what fixed costs contain"
    REPORTING = Party.PLATFORMS, Party.WORLD, "reporting sellers to the tax office"
    RESEARCH_GRANTS = Party.GOVERNMENT, Party.PLATFORMS, "share of spending on research"
    RESEARCH = Party.PLATFORMS, Party.WORLD, "research beyond what is usual"
    DEBTS_LEFT = Party.OWNERS, Party.PLATFORMS, "debts of platforms that stop"
    CASH_LEFT = Party.PLATFORMS, Party.OWNERS, "cash of platforms that stop"
    FOUNDING = Party.OWNERS, Party.WORLD, "founding a platform"
    OWN_LOANS = Party.LENDERS, Party.BORROWERS, "the platform's part of new loans"
    PARTNER_LOANS = Party.BANKS, Party.BORROWERS, "the partner banks' part of new loans"
    OWN_REPAYMENTS = Party.BORROWERS, Party.LENDERS, "debt repaid, and what comes back of debt written off"
    PARTNER_REPAYMENTS = Party.BORROWERS, Party.BANKS, "debt repaid, and what comes back of debt written off"
    OWN_INTEREST = Party.BORROWERS, Party.LENDERS, "interest on the platform's part"
    PARTNER_INTEREST = Party.BORROWERS, Party.BANKS, "interest on the partner banks' part"
    SERVICE_FEES = Party.BANKS, Party.LENDERS, "for finding borrowers and administering loans"
    REFINANCING_DRAWN = Party.BANKS, Party.LENDERS, "money borrowed for loans on own books"
    REFINANCING_REPAID = Party.LENDERS, Party.BANKS, "money borrowed repaid"
    REFINANCING_INTEREST = Party.LENDERS, Party.BANKS, "cost of money borrowed"
    CREDIT_COSTS = Party.LENDERS, Party.WORLD, "running loans, marketing"
    CAPITAL_IN = Party.OWNERS, Party.LENDERS, "capital put into a credit arm"
    CAPITAL_OUT = Party.LENDERS, Party.OWNERS, "capital that loans do not need, profit included"
    INJURIES = Party.WORKERS, Party.WORLD, "treatment of injuries, and pay lost until healed"
    PREMIUMS = Party.PLATFORMS, Party.INSURERS, "cover of workers' injuries"
    INJURY_BENEFITS = Party.INSURERS, Party.WORKERS, "what cover pays for injuries"
    LICENCES = Party.WORKERS, Party.WORLD, "licences for worker and car"
