/** OpenCV's WebAssembly build, loaded once a process: about 11 MB of script, 100 MB of memory, a quarter of a second. */
import { createRequire } from 'node:module'
import type * as OpenCv from '@techstark/opencv-js'

export type Cv = typeof OpenCv
export type Mat = OpenCv.Mat

type Deletable = { delete(): void }
/** Takes note of a thing of OpenCV's, to be freed when the work is done. */
export type Keep = <T extends Deletable>(thing: T) => T

// In an object: the module may look like a promise, and an async function would await it.
let loading: Promise<{ cv: Cv }> | null = null

/** @throws what the module throws where WebAssembly is missing */
export async function loadOpenCv(): Promise<{ cv: Cv }> {
  return (loading ??= load())
}

async function load(): Promise<{ cv: Cv }> {
  const before = handlers()
  // Required, not imported: the module has a method `then`, and some loaders would await it for ever.
  const required: unknown = createRequire(import.meta.url)('@techstark/opencv-js')
  const module = required as Partial<Cv> & { onRuntimeInitialized: unknown }
  if (!module.Mat) await new Promise<void>((resolve) => (module.onRuntimeInitialized = resolve))
  // Emscripten makes every unhandled rejection of the whole process its own, and aborts: what is ours stays ours.
  for (const event of events) {
    for (const handler of process.listeners(event as 'uncaughtException'))
      if (!before.has(handler)) process.removeListener(event, handler)
  }
  return { cv: module as unknown as Cv }
}

const events = ['uncaughtException', 'unhandledRejection'] as const
const handlers = (): Set<unknown> =>
  new Set(events.flatMap((event) => process.listeners(event as 'uncaughtException') as unknown[]))

/** Runs `work` and frees everything it kept, also when it throws: OpenCV's memory is not garbage collected. */
export function keeping<T>(work: (keep: Keep) => T): T {
  const things: Deletable[] = []
  try {
    return work((thing) => {
      things.push(thing)
      return thing
    })
  } finally {
    for (const thing of things.reverse()) thing.delete()
  }
}
