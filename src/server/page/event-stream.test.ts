/** Events come out the same wherever the bytes were cut. */
import { expect, it } from "vitest";
import { eventData } from "./event-stream.js";

async function read(pieces: readonly Uint8Array[]): Promise<string[]> {
  const events: string[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  for await (const data of eventData(body)) events.push(data);
  return events;
}

const text =
  ': keep-alive\n\ndata: {"a":"ä€😀"}\n\nevent: x\r\ndata:two\r\ndata: lines\r\n\r\n\n\ndata: [DONE]\n\ndata: cut off';
const wanted = ['{"a":"ä€😀"}', "two\nlines", "[DONE]", "cut off"];

it("whole, in single bytes, and cut in two anywhere", async () => {
  const bytes = new TextEncoder().encode(text);
  expect(await read([bytes])).toEqual(wanted);
  expect(await read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(wanted);
  for (let cut = 1; cut < bytes.length; cut++)
    expect(await read([bytes.slice(0, cut), bytes.slice(cut)])).toEqual(wanted);
});

it("is given up when its reader stops", async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("data: x\n\n")),
    cancel: () => void (isCancelled = true),
  });
  for await (const data of eventData(endless)) {
    expect(data).toBe("x");
    break;
  }
  expect(isCancelled).toBe(true);
});
