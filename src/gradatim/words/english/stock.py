"""What is said of the box: how long it lasts and what to order."""

from __future__ import annotations

STOCK: dict[str, str] = {
    # running out, rising
    "stock.to-order": "{name}: order {order} ({need} are used, {left} are there)",
    "stock.to-order-none": "{name}: nothing to order ({left} are there)",
    "stock.to-order-count": "{name}: {need} are used. Count the box first, to know how many are missing.",
    "stock.order": (
        "Order more now: {products}. The first dose that cannot be made from what you have is on {day}, {at}. Days"
        " left: {days}. An empty box means stopping suddenly, and that can make you very ill."
    ),
    "stock.low": (
        "Ring your pharmacist or prescriber today and ask for more: {products}. The first dose that cannot be made"
        " from what you have is on {day}, {at}. Days left: {days}. An empty box means stopping suddenly, and that "
        "can make you very ill. Do not take less to make it last."
    ),
    "stock.nearly-out": (
        "You are close to running out. Ring your pharmacist or prescriber today: {products}. If they cannot help "
        "in time, ring the urgent care line. The first dose that cannot be made from what you have is on {day}, "
        "{at}. Days left: {days}. An empty box means withdrawal, and that can be dangerous. Never stop suddenly, "
        "and do not take less to make it last."
    ),
    "stock.out": (
        "There is not enough left for the dose on {day}, {at}: {products}. Ring your pharmacist or prescriber now."
        " If they are closed, ring the urgent care line now. An empty box means withdrawal, and that can be "
        "dangerous. Never stop suddenly. Do not take a larger dose later to make up for it."
    ),
    "stock.closed": "Get more by {by}. You need it on {day}, and on the days between you cannot get any: {why}.",
    "stock.no-open-day": (
        "You need more on {day}, and until then you cannot get any at your own pharmacy: {why}. Ring the urgent "
        "care line today and ask which pharmacy is open."
    ),
    "stock.order-by": (
        "Order today: {products}. A repeat takes as many days as you said, and the first dose that cannot be made "
        "is on {day}."
    ),
    "stock.other-way": (
        "Tell your pharmacist: the dose on {day}, {at}, could be made exactly from other packs that you have: "
        "{products}. Only your pharmacist or prescriber can say whether you may. Do not change what you take on "
        "your own."
    ),
    "stock.trip": (
        "Before your trip from {first} to {last}, ask your pharmacist for more: {products}. You should have enough"
        " until {until}, which leaves some days to spare. The first dose that cannot be made from what you have is"
        " on {day}, {at}. Never stop suddenly: that can make you very ill."
    ),
    # what has to be asked
    "stock.unknown": (
        "How much do you have? Nobody has counted it yet: {products}. Please count it and write it down. The plan "
        "needs it on {day}. Until then nobody can warn you before the box is empty."
    ),
    "stock.negative": (
        "More was taken than was counted: {products}. Please count the box today. A refill may not be written "
        "down. If the box is nearly empty, ring your pharmacist today: an empty box means stopping suddenly."
    ),
    "stock.uncertain": (
        "Please count the box: {products}. For some doses it is not written down how many tablets or millilitres "
        "were taken, or nobody is sure. There may be less left than shown, and the box may be empty sooner."
    ),
    "stock.twice": (
        "A dose is written down as taken twice: {products}. Both were taken off what is left. Correct the one that"
        " is wrong, or count the box."
    ),
    "stock.spoiled": (
        "Some of what you have is past its date or was opened too long ago, and is not counted: {products}. Take "
        "it to your pharmacist, and write down that it is gone."
    ),
    "stock.in-use": (
        "How many days may the bottle be used once it is open: {products}? It is printed on the bottle, or ask "
        "your pharmacist. Write it down when you open it."
    ),
    "stock.unread": (
        "Something about the box could not be read: the product is not known, or tablets and millilitres were "
        "mixed up. Please look at it and correct it."
    ),
    "stock.repeat-days": (
        "It is not clear how many days a repeat takes: {said}. Write a whole number of days, for example 5."
    ),
}
