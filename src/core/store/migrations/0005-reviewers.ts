/** Second keying and leases. */
export const sql = /* sql */ `
`
