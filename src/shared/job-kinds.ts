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

interface QuickTraits {
  /** The view in which a person asked for it; null: nobody waits for it, or nothing else can be done meanwhile. */
  shownIn: 'data' | 'export' | 'import' | null
  /** Cancelled half way, it leaves nothing half done. */
  isCancellable: boolean
}

/** Kinds of jobs without a record: they end with the project. */
const quickKindTraits = {
  export: { shownIn: 'export', isCancellable: true },
  report: { shownIn: 'export', isCancellable: false },
  relink: { shownIn: 'import', isCancellable: true },
  previewImport: { shownIn: null, isCancellable: true },
  remove: { shownIn: null, isCancellable: false },
  bringBack: { shownIn: 'import', isCancellable: false },
  addList: { shownIn: 'import', isCancellable: true },
  applyLists: { shownIn: 'import', isCancellable: true },
  suspects: { shownIn: 'data', isCancellable: true },
  rule: { shownIn: 'data', isCancellable: false },
  figures: { shownIn: null, isCancellable: false },
  calibration: { shownIn: null, isCancellable: false },
  prune: { shownIn: null, isCancellable: false },
  unusedReadings: { shownIn: null, isCancellable: false },
  pageNames: { shownIn: null, isCancellable: false },
  damage: { shownIn: null, isCancellable: false }
} as const satisfies Record<string, QuickTraits>

export type QuickKind = keyof typeof quickKindTraits
export const quickKinds = Object.keys(quickKindTraits) as QuickKind[]
export const quickTraits = (kind: QuickKind): QuickTraits => quickKindTraits[kind]

/** In English, as in "Reading is under way". */
export const doing = (kind: RunKind | QuickKind): string => words.en.doing[kind]
