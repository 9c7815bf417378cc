/** Who asks: the person at this machine, or a reviewer who came in by a link of their own. */
export interface Caller {
  role: 'owner' | 'reviewer'
  /** The name on a reviewer's link; null: the name in the owner's preferences. */
  reviewer: string | null
}

export const owner: Caller = { role: 'owner', reviewer: null }
