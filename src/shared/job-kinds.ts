/** Kinds of long operations with a record. What does one is its line in `src/core/sessions/kinds.ts`. */
interface JobTraits {
  /** Fields come, or their readings do: views that are empty are not so for good. */
  bringsFields: boolean
}

const jobKinds = {
  import: { bringsFields: true },
  pages: { bringsFields: true },
  recognise: { bringsFields: true },
  learn: { bringsFields: false }
} as const satisfies Record<string, JobTraits>

export type RunKind = keyof typeof jobKinds
export const runKinds = Object.keys(jobKinds) as RunKind[]

export const bringsFields = (kind: RunKind): boolean => jobKinds[kind].bringsFields
