/** Lexicons and rosters: endpoints of this area. */
export const lexiconEndpoints = {} as const
