"""A stream's number never changes: results of years would change with it."""

from sim.randomness.streams import Stream

PINNED = {
    "INCOME_CLASS": 1,
    "OCCASION_RATE": 2,
    "PRIVACY_CONCERN": 3,
    "CONSUMER_APPS": 4,
    "MERCHANT_TYPE": 5,
    "MERCHANT_QUALITY": 6,
    "MERCHANT_COST": 7,
    "MERCHANT_OFFLINE": 8,
    "MERCHANT_TRADE": 9,
    "LISTING": 10,
    "POTENTIAL_ENTRANTS": 11,
    "ENTRY_COST": 12,
    "WORKER_GROUP": 13,
    "WORKER_RESERVATION": 14,
    "WORKER_PRODUCTIVITY": 15,
    "WORKER_APPS": 16,
    "WORKING_WEEK": 17,
    "ORDER_COUNT": 18,
    "ORDERS": 19,
    "CANCELLATION": 20,
    "INSPECTION": 21,
    "MERCHANT_FIRST_TRADE": 22,
    "PORTING_CONSENT": 23,
    "WORKER_LEAVING": 24,
    "POTENTIAL_RECRUITS": 25,
    "JOINING": 26,
    "ADMISSION": 27,
    "TRIALS": 28,
    "LEARNERS_PAST": 29,
    "COMPLAINT": 30,
    "SHARED_LEAD": 31,
    "PROOF": 32,
    "AUDIT": 33,
    "WRONG_DECISION": 34,
    "RECOGNITION": 35,
    "DECLARING": 40,
    "REPORTED_SELLERS": 41,
    "PLATFORM_ENTRY": 42,
    "PLATFORM_ENTRY_COST": 43,
    "INJURY": 44,
    "LICENCE": 45,
    "BARRING": 46,
    "LICENCE_COST": 47,
    "LICENCE_REVIEW": 48,
    "PILOT_ZONES": 49,
}
"""Append a new stream here; never change or remove one."""


def test_pinned_streams_keep_their_numbers():
    now = {name: int(stream) for name, stream in Stream.__members__.items()}
    assert {name: now.get(name) for name in PINNED} == PINNED


def test_new_streams_are_appended_and_pinned():
    assert set(Stream.__members__) == set(PINNED), "append the new stream to the pinned table"


def test_no_two_streams_share_a_number():
    assert len({int(stream) for stream in Stream.__members__.values()}) == len(Stream.__members__)
    assert all(0 < int(stream) < 2**32 for stream in Stream.__members__.values())
