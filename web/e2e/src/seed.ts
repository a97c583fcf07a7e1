/** A small repeatable source of random numbers in [0, 1) (mulberry32), so that a failing run can be run again. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed that the environment names, or a new one; it is printed, so that the run can be repeated. */
export function seedOfThisRun(): number {
  const seed = Number(process.env["HELIOGRAPH_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed} (repeat with HELIOGRAPH_SEED=${seed})`);
  return seed;
}
