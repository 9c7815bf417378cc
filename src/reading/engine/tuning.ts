/** Sizes found by measurement; see bench/ for how to measure again. */

/** Threads of onnxruntime: recognisers are small, beyond four the threads wait for each other. */
export const threadsFor = (cores: number): number => Math.max(1, Math.min(4, cores))

/** From 8 to 32 the CPU is equally fast; beyond, caches overflow. */
export const LARGEST_BATCH = 16

/** A batch takes about a second at most, so that progress, pause and cancel stay prompt on a slow provider. */
export const batchSizeFor = (fieldsPerSecond: number): number =>
  Math.max(1, Math.min(LARGEST_BATCH, Math.round(fieldsPerSecond)))
