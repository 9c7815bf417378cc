import words from './job-words.json'

/** Kinds of long operations with a record. What does one is its line in `src/core/sessions/kinds.ts`; its words are in `job-words.json`. */
interface JobTraits {
  /** Fields come, or their readings do: views that are empty are not so for good. */
  bringsFields: boolean
  /** It begins and goes on by itself: nobody waits for it, and quitting need not ask. */
  isBackground: boolean
  /** A person can start it from anywhere, with no more to say: the palette has it. */
  isStarted: boolean
  /** The view that shows how far it is. */
  shownIn: 'import' | 'learning'
}

/** In the order in which work flows: a stage works on while one before it brings fields. */
const jobKinds = {
  import: { bringsFields: true, isBackground: false, isStarted: false, shownIn: 'import' },
  pages: { bringsFields: true, isBackground: false, isStarted: false, shownIn: 'import' },
  recognise: { bringsFields: true, isBackground: false, isStarted: true, shownIn: 'import' },
  learn: { bringsFields: false, isBackground: true, isStarted: true, shownIn: 'learning' }
} as const satisfies Record<string, JobTraits>

export type RunKind = keyof typeof jobKinds
export const runKinds = Object.keys(jobKinds) as RunKind[]

type Kinds = typeof jobKinds
export type StartedKind = { [K in RunKind]: Kinds[K]['isStarted'] extends true ? K : never }[RunKind]
export const startedKinds = runKinds.filter((kind): kind is StartedKind => jobKinds[kind].isStarted)

export const bringsFields = (kind: RunKind): boolean => jobKinds[kind].bringsFields
export const earlierStages = (kind: RunKind): RunKind[] =>
  runKinds.slice(0, runKinds.indexOf(kind)).filter(bringsFields)
export const isBackground = (kind: RunKind): boolean => jobKinds[kind].isBackground
export const shownIn = (kind: RunKind): JobTraits['shownIn'] => jobKinds[kind].shownIn
/** In English, as in "Reading is under way". */
export const doing = (kind: RunKind): string => words.en.doing[kind]
