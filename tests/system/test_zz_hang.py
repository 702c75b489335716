import time, re
from pathlib import Path
from test_hang import stuck
from machine import INTERFACE, Varlink
def test_it(stuck, server, machine):
    machine.environment["OCS_INVENTORY_ROOT"] = str(stuck)
    server.config(response="STOP", inventory_on_startup=0)
    with machine.start():
        machine.wait_state("well")
        for i in range(5):
            t = time.time()
            with Varlink(machine.runtime / "worker.sock", 100) as link:
                link.send(f"{INTERFACE}.ShowInventory", more=True)
                notes = []
                while (r := link.receive_whole()).get("continues"): notes += r["parameters"].get("notes", []) 
            print(i, round(time.time() - t, 1), [n for n in notes if "hang" in n], re.search(r"Threads:\s+(\d+)", Path(f"/proc/{machine.process.pid}/status").read_text()).group(1), flush=True)
