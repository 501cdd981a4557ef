"""A client of the Dofus mount in another language, with the standard library only.

Posts 1,000 observations the way the packet reader does (batches of 50, microseconds and `Z` in the time) and reads them
back through the market page, 100 rows at a time. Prints one JSON line with what it counted.

Usage: client.py <base url> <ingest token>
"""

import json
import sys
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

BASE, TOKEN = sys.argv[1], sys.argv[2]
SERVER = "Serveur d'Émeraude"
COUNT, BATCH, PAGE = 1000, 50, 100


def post(batch):
    request = urllib.request.Request(
        BASE + "/compat/dofus/api/ingest",
        data=json.dumps(batch).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer " + TOKEN},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 201, response.status
        return json.load(response)


def page(number):
    query = urllib.parse.urlencode(
        {"resource": "items", "mode": "market", "server": SERVER, "page": number, "pageSize": PAGE}
    )
    with urllib.request.urlopen(BASE + "/compat/dofus/api/data?" + query, timeout=10) as response:
        assert response.status == 200, response.status
        return json.load(response)


def observation(number):
    seen = datetime.now(timezone.utc) - timedelta(minutes=30, microseconds=number)
    return {
        "item_name": "Objet n° %d" % number,
        "ankama_id": 5_000_000 + number,
        "server": SERVER,
        "captured_at": seen.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "price_unit_avg": number + 0.25,
        "nb_lots": 1 + number % 4,
        "source_client": "contract-client",
        "client_version": "1.0",
        "raw_item_name": "Objet n° %d" % number,
        "category": None,
    }


def expected(sent):
    return (sent["item_name"], sent["ankama_id"], SERVER, sent["price_unit_avg"], sent["captured_at"][:-1])


def main():
    sent = [observation(number) for number in range(COUNT)]
    inserted = sum(post(sent[at : at + BATCH])["inserted"] for at in range(0, COUNT, BATCH))

    first = page(1)
    rows = first["items"] + [row for number in range(2, first["totalPages"] + 1) for row in page(number)["items"]]
    assert len(rows) == first["totalCount"], (len(rows), first["totalCount"])

    found = set()
    for row in rows:
        seen = datetime.fromisoformat(row["last_observation_at"])
        assert seen.utcoffset() == timedelta(0) and isinstance(row["last_price"], float)
        written = seen.replace(tzinfo=None).isoformat(timespec="microseconds")
        found.add((row["item_name"], row["ankama_id"], row["server"], row["last_price"], written))
    different = len(found ^ {expected(one) for one in sent})
    print(json.dumps({"sent": len(sent), "inserted": inserted, "read": len(rows), "different": different}))


main()
