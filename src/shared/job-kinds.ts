/** Kinds of long operations with a record. What does one is its line in `src/core/sessions/kinds.ts`. */
interface JobTraits {
  /** Fields come, or their readings do: views that are empty are not so for good. */
  bringsFields: boolean
  /** It begins and goes on by itself: nobody waits for it, and quitting need not ask. */
  isBackground: boolean
}

const jobKinds = {
  import: { bringsFields: true, isBackground: false },
  pages: { bringsFields: true, isBackground: false },
  recognise: { bringsFields: true, isBackground: false },
  learn: { bringsFields: false, isBackground: true }
} as const satisfies Record<string, JobTraits>

export type RunKind = keyof typeof jobKinds
export const runKinds = Object.keys(jobKinds) as RunKind[]

export const bringsFields = (kind: RunKind): boolean => jobKinds[kind].bringsFields
export const isBackground = (kind: RunKind): boolean => jobKinds[kind].isBackground
