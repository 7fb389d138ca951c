/** Server-sent events of a fetch answer. */

/** The data of each event, in order; ends when the stream does. Comments and other fields are passed over. */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const events = rest.split(/\r?\n\r?\n/);
      rest = done ? "" : events.pop()!;
      for (const event of events) {
        const data = event
          .split(/\r?\n/)
          .filter((line) => line.startsWith("data:"))
          .map((line) => line.slice(5).replace(/^ /, ""));
        if (data.length > 0) yield data.join("\n");
      }
      if (done) return;
    }
  } finally {
    // Tells the server that nobody reads any more.
    reader.cancel().catch(() => undefined);
  }
}
