/** How long a call took, in milliseconds: by the clock, and of the processor in user mode. */
export function timed(call) {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  const result = call();
  const wall = performance.now() - before;
  return { result, wall, cpu: process.cpuUsage(cpuBefore).user / 1000 };
}

export function median(numbers) {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}

/** Medians over the runs of one engine. */
export function summary(runs) {
  return {
    wall: median(runs.map(({ wall }) => wall)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    best: Math.min(...runs.map(({ wall }) => wall)),
    runs: runs.length,
  };
}
