import { expect, test } from "vitest";
import { MarkerWatch, newMarker } from "./markers.js";
import { random, seedOfThisRun } from "./seed.js";

const next = random(seedOfThisRun());

test("a foreign marker is found wherever it is planted in a stream, however the stream is cut", () => {
  for (let round = 0; round < 500; round++) {
    const [own, foreign] = [newMarker(), newMarker()];
    const noise = Array.from({ length: Math.floor(next() * 40) }, () => (next() < 0.3 ? own : next() < 0.5 ? "hg" : "hgmkhgm{}"));
    const planted = noise.toSpliced(Math.floor(next() * (noise.length + 1)), 0, foreign);
    const watch = new MarkerWatch(own);
    const other = new MarkerWatch(own);

    let rest = Buffer.from(planted.join(" "));
    while (rest.length > 0) {
      const length = 1 + Math.floor(next() * 30);
      watch.look(rest.subarray(0, length), 7);
      other.look(Buffer.from("something else in between"), 8);
      rest = rest.subarray(length);
    }

    expect(watch.foreign).toEqual([foreign]);
    expect(watch.own).toBe(noise.filter((text) => text === own).length);
    expect(other.foreign).toEqual([]);
  }
});

test("a foreign marker is found in a text", () => {
  const [own, foreign] = [newMarker(), newMarker()];
  const watch = new MarkerWatch(own);
  watch.lookAt(JSON.stringify({ title: `${own}, and ${foreign}.` }));
  expect([watch.own, watch.foreign]).toEqual([1, [foreign]]);
});
