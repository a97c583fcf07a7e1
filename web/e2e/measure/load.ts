/** Calls `send` so many times a second for so long, without waiting for one before the next; resolves when all are answered. */
export async function atRate(perSecond: number, seconds: number, send: (index: number) => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  const sent: Promise<unknown>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const wait = begun + (index * 1_000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait)); // the rate itself
    sent.push(send(index));
  }
  await Promise.all(sent);
}

/** Calls `send` so many times, a few at a time. */
export async function together(count: number, atOnce: number, send: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await send(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
