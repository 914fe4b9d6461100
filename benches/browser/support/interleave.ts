/**
 * Measures several ways to one end by turns, so that whatever else the machine does meets all alike. Every round begins
 * with another way. The first round warms caches up, and does not count.
 */
export async function interleave<Way extends string>(
  rounds: number,
  ways: Record<Way, () => Promise<number>>,
): Promise<Record<Way, number[]>> {
  const names = Object.keys(ways) as Way[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Way, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      if (name === undefined) continue;
      const value = await ways[name]();
      if (round > 0) measured[name].push(value);
    }
  }
  return measured;
}
