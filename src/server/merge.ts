/** Several streams as one, in the order in which their items come. */

/**
 * @returns items with the number of their stream; ends when all have ended
 * @throws what the first failing stream throws; the others are then ended
 */
export async function* merge<T>(streams: readonly AsyncIterable<T>[]): AsyncGenerator<[number, T], void, undefined> {
  if (streams.length === 1) {
    for await (const item of streams[0]!) yield [0, item];
    return;
  }
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  // Results queue up here, so that one stream's turn costs the same however many there are.
  const ready: { index: number; result: IteratorResult<T> }[] = [];
  let failure: { error: unknown } | undefined;
  let wake: () => void = () => {};
  const pull = (index: number) => {
    iterators[index]!.next().then(
      (result) => {
        ready.push({ index, result });
        wake();
      },
      (error: unknown) => {
        failure ??= { error };
        wake();
      },
    );
  };
  iterators.forEach((_, index) => pull(index));
  try {
    for (let open = iterators.length; open > 0;) {
      if (ready.length === 0 && failure === undefined) await new Promise<void>((resolve) => (wake = resolve));
      if (failure !== undefined) throw failure.error;
      for (const { index, result } of ready.splice(0)) {
        if (result.done) open--;
        else {
          yield [index, result.value];
          pull(index);
        }
      }
    }
  } finally {
    // Not awaited: a stream that hangs in next() would hold its return() back.
    for (const iterator of iterators) void iterator.return?.()?.then(undefined, () => {});
  }
}
