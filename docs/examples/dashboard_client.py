"""Watches a running pipeline and changes a parameter: python3 dashboard_client.py 'http://127.0.0.1:8080/?token=...'

Needs: pip install websockets numpy. The protocol is in docs/dashboard-protocol.md."""
import asyncio, json, struct, sys
import numpy as np
import websockets

HEADER = struct.Struct("<BBBBHHIIQIIffdII")  # 56 bytes


async def main(page):
    base, _, token = page.replace("http", "ws", 1).partition("/?token=")
    async with websockets.connect(f"{base}/ws/control?token={token}") as control, \
            websockets.connect(f"{base}/ws/stream?token={token}", max_size=None) as stream:
        hello = json.loads(await control.recv())
        if not hello["signals"]:
            sys.exit("nothing has run yet, so there is nothing to see; start the pipeline first")
        signal = hello["signals"][-1]["name"]
        print(hello["pipeline"], hello["state"], [s["name"] for s in hello["signals"]])
        await stream.send(json.dumps({"id": 1, "do": "subscribe", "stream": 0, "signal": signal, "format": "f32"}))
        await control.send(json.dumps({"id": 2, "do": "set", "path": "retina.bipolar.leakHertz", "value": 40}))
        images = 0
        while images < 10:
            message = await stream.recv()
            if isinstance(message, str):
                print(message)
                continue
            (_, _, _, _, _, _, rows, columns, frame, _, count, lo, hi, age, dropped, _) = HEADER.unpack_from(message)
            image = np.frombuffer(message, "<f4", count, HEADER.size).reshape(rows, columns)
            print(f"{signal} frame {frame}: mean {image.mean():.3f}, {lo:.3f} to {hi:.3f}, {age:.0f} ms old, {dropped} dropped")
            images += 1
        while (reply := json.loads(await control.recv())).get("id") != 2:
            pass
        print(reply)

asyncio.run(main(sys.argv[1]))
