"""The original's packet reader, call by call, with the standard library only.

It knows one URL, which ends in `/api/ingest`, and makes the others of it by replacing that word. Its token goes along with
uploads and bank contents alone; pictures, items named by hand and profiles it sends and reads without one. Prints one JSON
line. A resource that the server does not have at all is reported as `not served`.

Usage: packet_reader.py <ingest url> <ingest token>
"""

import json
import struct
import sys
import urllib.error
import urllib.request
import zlib
from datetime import datetime, timezone

URL, TOKEN = sys.argv[1], sys.argv[2]
BASE = URL.replace("/ingest", "")
SERVER = "Draconiros"
GIDS = [980001, 980002, 980003]


class NotServed(Exception):
    pass


def ask(method, url, body=None, content_type="application/json", has_token=False, timeout=10):
    headers = {"Content-Type": content_type} if body is not None else {}
    if has_token:
        headers["Authorization"] = "Bearer " + TOKEN
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.loads(error.read() or b"{}")
        if error.code == 400 and answer.get("error") == "Missing or invalid resource parameter":
            raise NotServed(url) from error
        return error.code, answer


def send_json(method, path, body, has_token=False, timeout=10):
    return ask(method, BASE + path, json.dumps(body).encode(), has_token=has_token, timeout=timeout)


def observation(gid, price):
    captured = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
    return {
        "item_name": "Objet %d" % gid,
        "ankama_id": gid,
        "server": SERVER,
        "captured_at": captured,
        "price_unit_avg": price,
        "nb_lots": 3,
        "source_client": "dofus-tracker-client-v3",
        "client_version": "3.1.4",
        "raw_item_name": "Objet %d" % gid,
    }


def upload():
    batch = [observation(gid, price) for price in (10.25, 400) for gid in GIDS]
    status, answer = ask("POST", URL, json.dumps(batch).encode(), has_token=True)
    assert status in (200, 201), (status, answer)
    assert answer["status"] == "ok" and all(isinstance(one, int) for one in answer["ids"]), answer
    return answer["inserted"], answer["missing_images"]


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\x00" + b"\x20\x80\xe0" * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 8)) + chunk(b"IEND", b"")


def send_icon(gid):
    boundary = "boundary-of-the-packet-reader"
    head = '--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n%s\r\n'
    body = (
        (head % (boundary, "gid", "", "")).encode()
        + str(gid).encode()
        + b"\r\n"
        + (head % (boundary, "file", '; filename="%d.png"' % gid, "Content-Type: image/png\r\n")).encode()
        + png()
        + ("\r\n--%s--\r\n" % boundary).encode()
    )
    url = BASE + "/data?resource=items&type=icon"
    status, answer = ask("POST", url, body, "multipart/form-data; boundary=" + boundary, timeout=30)
    assert status == 200 and answer["success"] is True and answer["url"].startswith("http"), (status, answer)


def known_items():
    status, answer = send_json("POST", "/data?resource=known_items", {"gid": 980009, "name": "Objet nommé", "category": "Divers"})
    assert (status, answer) == (200, {"success": True}), (status, answer)
    status, answer = ask("GET", BASE + "/data?resource=known_items")
    assert status == 200, (status, answer)
    mine = [row for row in answer if row["gid"] == 980009]
    assert mine == [{"gid": 980009, "name": "Objet nommé", "category": "Divers", "has_image": False}], mine
    status, answer = send_json("POST", "/data?resource=known_items", {"gid": "980009"})
    assert status == 400 and answer["error"] == "Invalid body", (status, answer)
    return "ok"


def profiles():
    status, answer = ask("GET", BASE + "/user?resource=profiles")
    assert status == 200 and isinstance(answer, list), (status, answer)
    for row in answer:
        assert isinstance(row["id"], str) and isinstance(row["name"], str) and isinstance(row["created_at"], str), row
    return "ok"


def bank():
    contents = {
        "server": SERVER,
        "profileId": None,
        "items": [{"gid": gid, "quantity": 5} for gid in GIDS] + [{"gid": 980777, "quantity": 1}],
        "capturedAt": datetime.now(timezone.utc).isoformat().replace("+00:00", "Z"),
    }
    status, answer = send_json("POST", "/user?resource=bank", contents, has_token=True, timeout=30)
    assert status == 201 and answer["success"] is True, (status, answer)
    stats = answer["stats"]
    assert all(isinstance(stats[name], int) for name in ("inserted", "updated", "deleted")), stats
    assert answer["unknown_gids"] == [980777], answer
    return "ok"


def served(call):
    try:
        return call()
    except NotServed:
        return "not served"


def main():
    inserted, missing = upload()
    for gid in missing:
        send_icon(gid)
    result = {
        "uploaded": inserted,
        "pictures": len(missing),
        "missing_images_after": len(upload()[1]),
        "known": known_items(),
        "profiles": served(profiles),
        "bank": served(bank),
    }
    print(json.dumps(result))


main()
