"""Every decision that uses chance, by name and number. Append only: a number is never used again."""

from __future__ import annotations

from enum import IntEnum


class Stream(IntEnum):
    """Which decision a draw belongs to."""

    INCOME_CLASS = 1
    OCCASION_RATE = 2
    PRIVACY_CONCERN = 3
    CONSUMER_APPS = 4
    MERCHANT_TYPE = 5
    MERCHANT_QUALITY = 6
    MERCHANT_COST = 7
    MERCHANT_OFFLINE = 8
    MERCHANT_TRADE = 9
    LISTING = 10
    POTENTIAL_ENTRANTS = 11
    ENTRY_COST = 12
    WORKER_GROUP = 13
    WORKER_RESERVATION = 14
    WORKER_PRODUCTIVITY = 15
    WORKER_APPS = 16
    WORKING_WEEK = 17
    ORDER_COUNT = 18
    ORDERS = 19
    CANCELLATION = 20
    INSPECTION = 21
    MERCHANT_FIRST_TRADE = 22
    PORTING_CONSENT = 23
    WORKER_LEAVING = 24
    POTENTIAL_RECRUITS = 25
    JOINING = 26
    ADMISSION = 27
    TRIALS = 28
    LEARNERS_PAST = 29
    COMPLAINT = 30
    SHARED_LEAD = 31
    PROOF = 32
    AUDIT = 33
    WRONG_DECISION = 34
    RECOGNITION = 35
    DECLARING = 40
    REPORTED_SELLERS = 41
    PLATFORM_ENTRY = 42
    PLATFORM_ENTRY_COST = 43
    INJURY = 44
    LICENCE = 45
    BARRING = 46
    LICENCE_COST = 47
    LICENCE_REVIEW = 48
    PILOT_ZONES = 49
