"""Read and write DIS Entity State PDUs with opendis. Runs in an environment of its own, without Synaspis.

`python opendis_run.py TASK.json`: `pdus` names a file of PDUs of `size` bytes each; each is read and written
`rounds` times. Prints {"decode_per_s", "encode_per_s"} of the best round, and "same": how many it writes as
they were read, but for `differs`, the places in a PDU at which it wrote other bytes.
"""

from __future__ import annotations

import json
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from opendis.DataOutputStream import DataOutputStream
from opendis.PduFactory import createPdu


def written(pdu: Any) -> bytes:
    """The bytes of one PDU."""
    out = BytesIO()
    pdu.serialize(DataOutputStream(out))
    return out.getvalue()


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    data, size = Path(task["pdus"]).read_bytes(), task["size"]
    each = [data[i : i + size] for i in range(0, len(data), size)]
    reads, writes = [], []
    for _ in range(task["rounds"]):
        start = time.perf_counter()
        pdus = [createPdu(one) for one in each]
        reads.append(time.perf_counter() - start)
        start = time.perf_counter()
        back = [written(pdu) for pdu in pdus]
        writes.append(time.perf_counter() - start)
    differs = {i for one, other in zip(each, back, strict=True) for i in range(size) if one[i] != other[i]}
    rates = {"decode_per_s": len(each) / min(reads), "encode_per_s": len(each) / min(writes)}
    same = sum(one == other for one, other in zip(each, back, strict=True))
    print(json.dumps({**rates, "same": same, "differs": sorted(differs)}))


if __name__ == "__main__":
    main()
