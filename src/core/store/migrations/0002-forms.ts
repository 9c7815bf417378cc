/** Templates, pages and their registration. */
export const sql = /* sql */ `
`
