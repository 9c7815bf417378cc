/** Lexicons, rosters and the lattices that readings are rescored from. */
export const sql = /* sql */ `
`
