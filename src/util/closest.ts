/** Names near to a mistyped one, for "did you mean" in errors. */

/** Number of single-character edits (insert, delete, replace) between a and b. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replace, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** The up to `count` names closest to `name`, best first; names that share nothing are left out. */
export function closest(name: string, names: Iterable<string>, count = 1): string[] {
  const scored: [number, string][] = [];
  for (const candidate of names) {
    const distance = editDistance(name, candidate);
    if (distance < Math.max(name.length, candidate.length) * 0.7) scored.push([distance, candidate]);
  }
  scored.sort((x, y) => x[0] - y[0] || (x[1] < y[1] ? -1 : 1));
  return scored.slice(0, count).map(([, candidate]) => candidate);
}
